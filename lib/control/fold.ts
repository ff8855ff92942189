import { checkOptions } from '../attrs.js';
import { invalidArgument } from '../errors.js';
import type { OpOptions } from '../node.js';
import type { Structure } from '../structure.js';
import { addWalk, elementsOf, formed } from './walk.js';
import { withoutFirst } from './withoutFirst.js';

export interface FoldOptions extends OpOptions {
  /** From the last element to the first. */
  readonly reverse?: boolean | undefined;
}

/**
 * Brings the elements, which are slices along the first axis, into one result: each call of `fn`
 * is given what the call before it gave, at first `initial`, and the next element. `elements` and
 * the result may be tensors, or arrays and objects of them; all elements have the same first dim.
 * Without `initial` the first element is taken for it. TensorFlow's `foldl` and `foldr`.
 */
export function fold<A extends Structure, E extends Structure>(
  fn: (accumulated: A, element: E) => NoInfer<A>,
  elements: E,
  initial: A,
  options?: FoldOptions,
): A;
export function fold<E extends Structure>(
  fn: (accumulated: E, element: E) => NoInfer<E>,
  elements: E,
  initial?: undefined,
  options?: FoldOptions,
): E;
export function fold(
  fn: (accumulated: Structure, element: Structure) => Structure,
  elements: Structure,
  initial?: Structure,
  options: FoldOptions = {},
): Structure {
  checkOptions('fold', options, ['reverse']);
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  const { reverse = false, name, ...rest } = options;
  const all = elementsOf(elements, rest);
  const start = initial === undefined ? withoutFirst(all, reverse) : undefined;
  const { final } = addWalk(
    {
      what: 'fold',
      elements: start?.others ?? all,
      initial: start?.first ?? formed(initial, 'initial', rest),
      reverse,
      step: (element, state) => ({ next: fn(state!, element) }),
    },
    { ...rest, name },
  );
  return final!;
}
