import { checkOptions } from '../attrs.js';
import { invalidArgument } from '../errors.js';
import { stack } from '../generated/array.js';
import { assert } from '../generated/control.js';
import { cast, less, lessEqual, sum } from '../generated/math.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand, toTensor, typedTensor } from '../op.js';
import type { Operation } from '../operation.js';
import { formOf, inForm, type Structure } from '../structure.js';
import { Tensor } from '../tensor.js';
import { cond } from './cond.js';

export interface SwitchCaseOptions<R extends Structure> extends OpOptions {
  /** What is given when no branch is chosen. */
  readonly otherwise?: (() => R) | undefined;
  /** Of predicates: a run fails when more than one of them holds. */
  readonly exclusive?: boolean | undefined;
}

type Case<R extends Structure> = readonly [predicate: Operand<'bool'>, branch: () => R];

/**
 * The result of one of several functions, of which only the chosen one runs. By an index: that of
 * `branches[index]`; `otherwise`, or the last branch, for an index out of range. By pairs of a
 * predicate and a function: that of the first pair whose predicate holds; when none does, that of
 * `otherwise`, and without it the run fails.
 */
export function switchCase<R extends Structure>(
  index: Operand<'int32'>,
  branches: readonly (() => R)[],
  options?: SwitchCaseOptions<NoInfer<R>>,
): R;
export function switchCase<R extends Structure>(
  cases: readonly Case<R>[],
  options?: SwitchCaseOptions<NoInfer<R>>,
): R;
export function switchCase(
  first: Operand<'int32'> | readonly Case<Structure>[],
  second: unknown,
  third?: unknown,
): Structure {
  if (isCases(first)) return firstThatHolds(first, checked(second));
  const { otherwise, name = 'switch_case', ...rest } = checked(third);
  const index = typedTensor(first, 'int32', 'index', rest.graph);
  if (!isFunctions(second)) throw invalidArgument('branches', 'a list of functions', second);
  const branches = [...second];
  if (otherwise) branches.push(otherwise);
  // Whatever is below the first index is out of range too.
  const choose = (from: number, to: number): Structure => {
    if (to - from === 1) return branches[from]!();
    const middle = (from + to) >> 1;
    const low = () => choose(from, middle);
    return cond(less(index, middle), low, () => choose(middle, to), { ...rest, name });
  };
  if (branches.length === 1) return branches[0]!();
  const last = branches.length - 1;
  const inRange = () => choose(0, branches.length);
  return cond(less(index, 0), branches[last]!, inRange, { ...rest, name });
}

function firstThatHolds(
  cases: readonly Case<Structure>[],
  { otherwise, exclusive, name = 'case', ...rest }: SwitchCaseOptions<Structure>,
): Structure {
  const predicates = cases.map(([p]) => typedTensor(p, 'bool', 'a predicate', rest.graph));
  const choose = (i: number): Structure => {
    if (i < cases.length) {
      return cond(predicates[i]!, cases[i]![1], () => choose(i + 1), { ...rest, name });
    }
    if (otherwise) return otherwise();
    const text = 'None of conditions evaluated as True, and there is no otherwise.';
    return after(assert(false, [`Input error: ${text}`]), cases[cases.length - 1]![1]());
  };
  const result = choose(0);
  if (!exclusive) return result;
  const text = 'More than one condition evaluated as True but exclusive=True.';
  const held = sum(cast(stack(predicates), 'int32'));
  return after(assert(lessEqual(held, 1), [`Input error: ${text}`, stack(predicates)]), result);
}

/** The same structure, whose tensors wait for the operation. */
function after(operation: Operation, structure: Structure): Structure {
  const leaves: unknown[] = [];
  const form = formOf(structure, leaves);
  const waiting = leaves.map((leaf) => {
    const tensor = leaf instanceof Tensor ? leaf : toTensor(leaf, 'float32', 'a result');
    return addOp('Identity', [tensor], {}, { controlInputs: [operation] }).outputs[0]!;
  });
  return inForm(form, waiting);
}

function isCases(
  value: Operand<'int32'> | readonly Case<Structure>[],
): value is readonly Case<Structure>[] {
  if (!Array.isArray(value)) return false;
  if (value.length > 0 && value.every((pair) => Array.isArray(pair) && isFunction(pair[1]))) {
    return true;
  }
  throw invalidArgument('cases', 'pairs of a predicate and a function', value);
}

function isFunctions(value: unknown): value is readonly (() => Structure)[] {
  return Array.isArray(value) && value.length > 0 && value.every(isFunction);
}

function isFunction(value: unknown): value is () => Structure {
  return typeof value === 'function';
}

function checked(options: unknown = {}): SwitchCaseOptions<Structure> {
  checkOptions('switchCase', options, ['otherwise', 'exclusive']);
  return Object(options);
}
