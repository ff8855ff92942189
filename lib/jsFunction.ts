import { checkOptions } from './attrs.js';
import { inferDType } from './convert.js';
import { getDefaultGraph } from './defaults.js';
import { checkDType, type DType } from './dtype.js';
import { invalidArgument } from './errors.js';
import { type HostResult, register } from './hostCalls.js';
import type { NDArray } from './ndArray.js';
import { isTensorLike, type OpOptions, type TensorLike } from './node.js';
import { addOp, graphOf, type Operand, toTensor } from './op.js';
import type { Operation } from './operation.js';
import { checkStaticShape, type StaticShape } from './shape.js';
import { outermost } from './subgraph.js';
import { Tensor } from './tensor.js';

export interface JsFunctionOptions extends OpOptions {
  /** The static shapes of the results; null where nothing is known. */
  readonly shapes?: readonly StaticShape[] | undefined;
}

type Outputs<D extends readonly DType[]> = { -readonly [K in keyof D]: Tensor<D[K]> };

/**
 * Puts a JavaScript function into the graph: it is called once in each run that needs its results,
 * with the values of the inputs, which are its own, and gives one value for each dtype, alone when
 * there is one. It may be async and may start other runs; the event loop goes on meanwhile.
 * `runSync` calls it too, but cannot wait for a promise.
 *
 * What it throws fails the run: with the code of an EngineError, INVALID_ARGUMENT for a TypeError or
 * RangeError, else UNKNOWN. No gradient goes through it; `customGradient` gives it one. Without
 * dtypes it is an operation, run for what it does.
 */
export function jsFunction<const D extends readonly DType[]>(
  fn: (...inputs: NDArray[]) => HostResult | Promise<HostResult>,
  inputs: readonly (Operand | TensorLike)[],
  dtypes: D,
  options?: JsFunctionOptions,
): Outputs<D>;
export function jsFunction(
  fn: (...inputs: NDArray[]) => HostResult | Promise<HostResult>,
  inputs: readonly (Operand | TensorLike)[],
  dtypes: readonly DType[],
  options: JsFunctionOptions = {},
): Tensor[] {
  return [...hostOperation(fn, inputs, dtypes, options).outputs];
}

/** The operation itself. */
export function hostOperation(
  fn: (...inputs: NDArray[]) => HostResult | Promise<HostResult>,
  inputs: readonly (Operand | TensorLike)[],
  dtypes: readonly DType[],
  options: JsFunctionOptions = {},
): Operation {
  checkOptions('jsFunction', options, ['shapes']);
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  if (!Array.isArray(inputs)) throw invalidArgument('inputs', 'a list of tensors', inputs);
  if (!Array.isArray(dtypes)) throw invalidArgument('dtypes', 'a list of dtypes', dtypes);
  const { shapes, ...rest } = options;
  if (shapes !== undefined && shapes.length !== dtypes.length) {
    throw invalidArgument('shapes', `${dtypes.length} shapes`, shapes);
  }
  const tensors = inputs.map((given, i) => {
    const input = isTensorLike(given) ? given.asTensor() : given;
    const dtype = input instanceof Tensor ? input.dtype : inferDType(input, `inputs[${i}]`);
    return toTensor(input, dtype, `inputs[${i}]`, rest.graph);
  });
  const slots = tensors.map((tensor) => ({ tensor }));
  const graph = tensors.length > 0 ? graphOf(slots, rest.graph) : (rest.graph ?? getDefaultGraph());
  const name = rest.name ?? (fn.name || 'jsFunction').replace(/[^\w.]/g, '_');
  const named = {
    name: graph.uniqueName(name, false),
    fn,
    dtypes: dtypes.map((d) => checkDType(d, 'dtypes')),
  };
  const attrs = {
    function: register(outermost(graph), named),
    Tin: tensors.map(({ dtype }) => dtype),
    Tout: named.dtypes,
    ...(shapes === undefined ? {} : { shapes: shapes.map((shape) => checkStaticShape(shape)) }),
  };
  return addOp('JsFunction', [tensors], attrs, { ...rest, graph, name });
}
