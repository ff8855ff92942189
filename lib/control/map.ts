import { checkOptions } from '../attrs.js';
import { EngineError, invalidArgument } from '../errors.js';
import type { OpOptions } from '../node.js';
import { formOf, type Structure } from '../structure.js';
import { addWalk, elementsOf } from './walk.js';

/**
 * What `fn` gives for each slice of the elements along their first axis, stacked along a new first
 * axis. `elements` and the result may be tensors, or arrays and objects of them, of any dtypes; all
 * elements have the same first dim, which need not be known, and may be 0. Tensors of the graph
 * around may be used in `fn`. Gradients of all orders go through it. TensorFlow's `map_fn`; ops on
 * whole tensors are faster where they do the same.
 */
export function map<E extends Structure, R extends Structure>(
  fn: (element: E) => R,
  elements: E,
  options?: OpOptions,
): R;
export function map(
  fn: (element: Structure) => Structure,
  elements: Structure,
  options: OpOptions = {},
): Structure {
  checkOptions('map', options, []);
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  const step = (element: Structure) => {
    const collected = fn(element);
    const leaves: unknown[] = [];
    formOf(collected, leaves);
    if (leaves.length > 0) return { collected };
    throw new EngineError('INVALID_ARGUMENT', 'fn of map must return at least one result.');
  };
  const all = elementsOf(elements, options);
  return addWalk({ what: 'map', elements: all, initial: undefined, reverse: false, step }, options)
    .collected!;
}
