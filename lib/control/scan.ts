import { checkOptions } from '../attrs.js';
import { invalidArgument } from '../errors.js';
import { concat, expandDims } from '../generated/array.js';
import type { OpOptions } from '../node.js';
import { type Form, formOf, inForm, type Structure } from '../structure.js';
import { Tensor } from '../tensor.js';
import { addWalk, elementsOf, formed } from './walk.js';
import { withoutFirst } from './withoutFirst.js';

export interface ScanOptions extends OpOptions {
  /** From the last element to the first; each result stands at the place of its element. */
  readonly reverse?: boolean | undefined;
}

/**
 * All results on the way of a fold, stacked along a new first axis: each call of `fn` is given what
 * the call before it gave, at first `initial`, and the next slice of the elements along their first
 * axis. `elements` and the result may be tensors, or arrays and objects of them; all elements have
 * the same first dim, which need not be known, and may be 0. Without `initial` the first element is
 * taken for it, and is the first result. Tensors of the graph around may be used in `fn`. Gradients
 * of all orders go through it.
 */
export function scan<A extends Structure, E extends Structure>(
  fn: (accumulated: A, element: E) => NoInfer<A>,
  elements: E,
  initial: A,
  options?: ScanOptions,
): A;
export function scan<E extends Structure>(
  fn: (accumulated: E, element: E) => NoInfer<E>,
  elements: E,
  initial?: undefined,
  options?: ScanOptions,
): E;
export function scan(
  fn: (accumulated: Structure, element: Structure) => Structure,
  elements: Structure,
  initial?: Structure,
  options: ScanOptions = {},
): Structure {
  checkOptions('scan', options, ['reverse']);
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  const { reverse = false, name, ...rest } = options;
  const all = elementsOf(elements, rest);
  const start = initial === undefined ? withoutFirst(all, reverse) : undefined;
  const { collected } = addWalk(
    {
      what: 'scan',
      elements: start?.others ?? all,
      initial: start?.first ?? formed(initial, 'initial', rest),
      reverse,
      step: (element, state) => {
        const next = fn(state!, element);
        return { next, collected: next };
      },
    },
    { ...rest, name },
  );
  return start ? joined(start.first.form, start.first.tensors, collected!, reverse) : collected!;
}

/** The first result before the others, in reverse after them. */
function joined(
  form: Form,
  first: readonly Tensor[],
  others: Structure,
  reverse: boolean,
): Structure {
  const leaves: unknown[] = [];
  formOf(others, leaves);
  const tensors = leaves.map((leaf, i) => {
    const row = expandDims(first[i]!, 0);
    if (!(leaf instanceof Tensor)) return row;
    return concat(reverse ? [leaf, row] : [row, leaf], 0);
  });
  return inForm(form, tensors);
}
