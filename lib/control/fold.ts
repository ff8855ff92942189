import { checkOptions } from '../attrs.js';
import { constant } from '../constant.js';
import { inferDType } from '../convert.js';
import { EngineError, invalidArgument } from '../errors.js';
import { gather, shape } from '../generated/array.js';
import { add, less, sub } from '../generated/math.js';
import type { OpOptions } from '../node.js';
import { graphOf, toTensor } from '../op.js';
import { formOf, inForm, type Structure } from '../structure.js';
import { targetGraph } from '../subgraph.js';
import { Tensor } from '../tensor.js';
import { whileLoop } from './whileLoop.js';

export interface FoldOptions extends OpOptions {
  /** From the last element to the first. */
  readonly reverse?: boolean | undefined;
}

/**
 * Brings the elements, which are slices along the first axis, into one result: each call of `fn`
 * is given what the call before it gave, at first `initial`, and the next element. `elements` and
 * the result may be tensors, or arrays and objects of them; all elements have the same first dim.
 */
export function fold<A extends Structure, E extends Structure>(
  fn: (accumulated: A, element: E) => NoInfer<A>,
  elements: E,
  initial: A,
  options?: FoldOptions,
): A;
export function fold(
  fn: (accumulated: Structure, element: Structure) => Structure,
  elements: Structure,
  initial: Structure,
  options: FoldOptions = {},
): Structure {
  checkOptions('fold', options, ['reverse']);
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  const { reverse = false, name = 'fold', ...rest } = options;
  const leaves: unknown[] = [];
  const form = formOf(elements, leaves);
  const tensors = leaves.map((leaf, i) => {
    const dtype = leaf instanceof Tensor ? leaf.dtype : inferDType(leaf, `elements[${i}]`);
    return toTensor(leaf, dtype, `elements[${i}]`, rest.graph);
  });
  checkElements(tensors);
  const slots = tensors.map((tensor) => ({ tensor }));
  const graph = targetGraph(graphOf(slots, rest.graph));
  const start = constant(0, { dtype: 'int32', graph });
  const step = constant(1, { dtype: 'int32', graph });
  const count = gather(shape(tensors[0]!, { outType: 'int32' }), start, start);
  const [, result] = whileLoop(
    (i) => less(i, count),
    (i, accumulated) => {
      const at = reverse ? sub(sub(count, step), i) : i;
      const slices = tensors.map((tensor) => gather(tensor, at, start));
      return [add(i, step), fn(accumulated, inForm(form, slices))];
    },
    [start, initial],
    { ...rest, name },
  );
  return result;
}

function checkElements(tensors: readonly Tensor[]): void {
  if (tensors.length === 0) throw new EngineError('INVALID_ARGUMENT', 'No elements provided');
  const sizes = tensors.map(({ shape }) => shape?.[0]);
  const known = sizes.filter((size) => typeof size === 'number');
  const scalar = tensors.find(({ shape }) => shape?.length === 0);
  if (scalar) throw invalidArgument('elements', 'tensors with a first axis', scalar.toString());
  if (known.every((size) => size === known[0])) return;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `All elements must have the same first dim, got ${sizes.join(', ')}`,
  );
}
