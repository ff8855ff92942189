import { checkOptions } from './attrs.js';
import { addConstant } from './constant.js';
import { inferDType, toValue } from './convert.js';
import { getDefaultGraph } from './defaults.js';
import { checkDType, type DType } from './dtype.js';
import { EngineError } from './errors.js';
import { outermost } from './subgraph.js';
import { Tensor } from './tensor.js';
import type { DTypeOfValues, Values } from './value.js';
import { Variable, type VariableOptions } from './variable.js';

type Initial<D extends DType> = Tensor<D> | (() => Tensor<D>);

/**
 * A variable with an initial value: a tensor, values, or a function that gives one of these. The
 * function is called at once, outside of the branches and loops that are being built: what a
 * variable begins with inside of these has to be given so, or as values.
 */
export function variable<D extends DType>(
  initial: Initial<D>,
  options?: VariableOptions<D>,
): Variable<D>;
export function variable<D extends DType>(
  initial: Values,
  options: VariableOptions<D> & { readonly dtype: D },
): Variable<D>;
export function variable<const V extends Values>(
  initial: V,
  options?: VariableOptions<DTypeOfValues<V>>,
): Variable<DTypeOfValues<V>>;
export function variable(
  initial: Initial<DType> | Values,
  options: VariableOptions = {},
): Variable {
  checkOptions('variable', options, ['dtype', 'trainable', 'constraint', 'shape']);
  if (initial instanceof Tensor) return make(initial, options);
  // Variables and their initializers belong to no branch and no loop.
  const graph = outermost(options.graph ?? getDefaultGraph());
  return graph.asDefault(() => {
    const value = typeof initial === 'function' ? initial() : initial;
    return make(value, { ...options, graph });
  });
}

function make(initial: Tensor | Values, options: VariableOptions): Variable {
  if (initial === null || initial === undefined) {
    throw new EngineError('INVALID_ARGUMENT', 'initial_value must be specified.');
  }
  if (initial instanceof Tensor) {
    const { place } = initial.graph;
    if (place) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `Initializer for variable ${options.name ?? 'Variable'}/ is from inside a control-flow ` +
          `construct, such as a loop or conditional: '${initial.name}' is in ${place.what}. Give a ` +
          'function that makes it.',
      );
    }
    if (options.dtype === undefined || options.dtype === initial.dtype) {
      return new Variable(initial, options);
    }
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Tensor conversion requested dtype ${options.dtype} for Tensor with dtype ${initial.dtype}: ` +
        `'${initial.name}'`,
    );
  }
  const dtype =
    options.dtype === undefined
      ? inferDType(initial, 'initial')
      : checkDType(options.dtype, 'dtype');
  const value = toValue(initial, dtype, 'initial', options.shape);
  return new Variable(addConstant(options.graph ?? getDefaultGraph(), value), options);
}
