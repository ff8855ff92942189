import { addConstant } from '../constant.js';
import { inferDType, toValue } from '../convert.js';
import { getDefaultGraph } from '../defaults.js';
import { checkDType, type DType, isFloat, isInteger } from '../dtype.js';
import { type EngineError, invalidArgument } from '../errors.js';
import type { Graph } from '../graph.js';
import { checkStaticShape, formatShape, type Shape, type StaticShape } from '../shape.js';
import { outermost } from '../subgraph.js';
import { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import { Variable } from '../variable.js';
import { asFloat, failure } from './checks.js';
import type { VariableInitializer } from './initializers/initializer.js';
import { glorotUniform } from './initializers/scaling.js';
import { zeros } from './initializers/simple.js';
import type { Regularizer } from './regularizers.js';
import { type Reuse, scopeOf, type VariableDefaults } from './scope.js';
import { penaltiesOf, variablesOf } from './store.js';

export interface GetVariableOptions<D extends DType = DType>
  extends Omit<VariableDefaults, 'initializer'> {
  /** Needed for a new variable unless the initializer is a value. */
  readonly shape?: Shape | undefined;
  /** Default: that of the scope, else that of an initial value, else float32. */
  readonly dtype?: D | undefined;
  /** How to make the initial value, or the value itself. Default: glorotUniform or zeros. */
  readonly initializer?: VariableInitializer | Tensor | Values | undefined;
  /** Overrides that of the scope. */
  readonly reuse?: Reuse | undefined;
  /** Default: the default graph. */
  readonly graph?: Graph | undefined;
}

/**
 * The variable of that name in the current variable scope: a new one, or with `reuse` the one
 * made before. Variables belong to the outermost graph, also when a branch or a loop asks for
 * them. INVALID_ARGUMENT when it exists and is not to be reused, does not exist and is to be, or
 * has another shape or dtype than asked for.
 */
export function getVariable<D extends DType = 'float32'>(
  name: string,
  options?: GetVariableOptions<D>,
): Variable<D>;
export function getVariable(name: string, options: GetVariableOptions = {}): Variable {
  if (typeof name !== 'string' || name === '') throw invalidArgument('name', 'a name', name);
  const graph = outermost(options.graph ?? getDefaultGraph());
  const { name: prefix, reuse: inherited, regularizer, ...defaults } = scopeOf(graph);
  const full = prefix === '' ? name : `${prefix}/${name}`;
  const reuse = options.reuse ?? inherited;
  const known = variablesOf(graph).get(full);
  if (known && !reuse) throw exists(full);
  if (known) return checkShared(known, full, options);
  if (reuse === true) throw missing(full);
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  const made = make(graph, full, { ...defaults, ...Object.fromEntries(set) });
  variablesOf(graph).set(full, made);
  // That of a scope is for weights, not for averages and counters.
  const inheritedPenalty = made.trainable && isFloat(made.dtype) ? regularizer : undefined;
  penalize(made, full, options.regularizer ?? inheritedPenalty);
  return made;
}

function make(graph: Graph, name: string, options: GetVariableOptions): Variable {
  const { trainable } = options;
  return outside(graph, () => {
    const initial = graph.nameScope(`${name}/Initializer/`, () => initialOf(graph, name, options));
    // The full name, from the root, made unique when an op has it.
    return graph.nameScope(null, () => new Variable(initial, { name, trainable }));
  });
}

function penalize(variable: Variable, name: string, regularizer: Regularizer | undefined): void {
  if (!regularizer) return;
  const { graph } = variable;
  const penalty = outside(graph, () => {
    const value = asFloat(variable.read(), `regularized variable ${name}`);
    return graph.nameScope(`${name}/Regularizer/`, () => regularizer(value));
  });
  penaltiesOf(graph).set(name, penalty);
}

/** Calls fn for the graph itself: not in the loop or branch being built, or in control scopes. */
function outside<R>(graph: Graph, fn: () => R): R {
  return graph.asDefault(() => graph.controlDependencies(null, fn));
}

function initialOf(graph: Graph, name: string, options: GetVariableOptions): Tensor {
  const { initializer } = options;
  const shape = options.shape === undefined ? undefined : checkStaticShape(options.shape);
  if (initializer !== undefined && typeof initializer !== 'function') {
    return givenValue(graph, name, initializer, shape, options.dtype);
  }
  const full = fullShape(name, shape);
  const dtype = checkDType(options.dtype ?? 'float32', 'dtype');
  const initial = (initializer ?? defaultInitializer(name, dtype))(full, dtype);
  if (!(initial instanceof Tensor)) {
    throw invalidArgument(`initializer of ${name}`, 'a function that gives a tensor', initial);
  }
  if (initial.dtype !== dtype || !fits(initial.shape, full)) {
    const got = `${initial.dtype} ${formatShape(initial.shape)}`;
    throw failure(`Initializer of ${name} gave ${got}, expected ${dtype} ${formatShape(full)}.`);
  }
  return initial.setShape(full);
}

function givenValue(
  graph: Graph,
  name: string,
  value: Tensor | Values,
  shape: StaticShape | undefined,
  given: DType | undefined,
): Tensor {
  if (!(value instanceof Tensor)) {
    const dtype = given ?? inferDType(value, `initializer of ${name}`);
    return addConstant(graph, toValue(value, dtype, `initializer of ${name}`, shape));
  }
  const known = given === undefined || given === value.dtype;
  if (known && (shape === undefined || fits(value.shape, shape))) return value;
  const wanted = `${given ?? value.dtype} ${formatShape(shape ?? value.shape)}`;
  const got = `${value.dtype} ${formatShape(value.shape)}`;
  throw failure(`Initializer of ${name} is ${got}, expected ${wanted}.`);
}

function fullShape(name: string, shape: StaticShape | undefined): Shape {
  const known = shape?.flatMap((dim) => dim ?? []);
  if (known && known.length === shape?.length) return known;
  const got = shape === undefined ? 'none' : formatShape(shape);
  throw failure(`Shape of a new variable (${name}) must be fully defined, but instead was ${got}.`);
}

function defaultInitializer(name: string, dtype: DType): VariableInitializer {
  if (isFloat(dtype)) return glorotUniform();
  if (isInteger(dtype) || dtype === 'bool') return zeros();
  throw failure(`An initializer for variable ${name} of ${dtype} is required.`);
}

function fits(shape: StaticShape, wanted: StaticShape): boolean {
  if (shape === null || wanted === null) return true;
  if (shape.length !== wanted.length) return false;
  return shape.every((dim, i) => dim === null || wanted[i] === null || dim === wanted[i]);
}

function checkShared(known: Variable, name: string, options: GetVariableOptions): Variable {
  const { dtype } = options;
  const shape = options.shape === undefined ? known.shape : checkStaticShape(options.shape);
  if (!fits(known.shape, shape)) {
    const text = `specified shape ${formatShape(shape)} and found shape ${formatShape(known.shape)}`;
    throw failure(`Trying to share variable ${name}, but ${text}.`);
  }
  if (dtype === undefined || dtype === known.dtype) return known;
  const text = `specified dtype ${dtype} and found dtype ${known.dtype}`;
  throw failure(`Trying to share variable ${name}, but ${text}.`);
}

function exists(name: string): EngineError {
  return failure(
    `Variable ${name} already exists, disallowed. ` +
      "Did you mean to set reuse: true or reuse: 'auto' in variableScope?",
  );
}

function missing(name: string): EngineError {
  return failure(
    `Variable ${name} does not exist, or was not created with getVariable(). ` +
      "Did you mean to set reuse: 'auto' in variableScope?",
  );
}
