import { stridedSlice } from '../generated/array.js';
import type { Tensor } from '../tensor.js';
import type { Formed } from './walk.js';

/** The first slices of the elements, in reverse the last ones, and the others. */
export function withoutFirst(
  { form, tensors }: Formed,
  reverse: boolean,
): { readonly first: Formed; readonly others: Formed } {
  const one = (x: Tensor) => stridedSlice(x, [reverse ? -1 : 0], [1], [1], { shrinkAxisMask: 1 });
  const rest = (x: Tensor) =>
    reverse
      ? stridedSlice(x, [0], [-1], [1], { beginMask: 1 })
      : stridedSlice(x, [1], [0], [1], { endMask: 1 });
  return {
    first: { form, tensors: tensors.map(one) },
    others: { form, tensors: tensors.map(rest) },
  };
}
