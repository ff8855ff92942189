import type { Tensor } from './tensor.js';

/** Turns what is fed for a tensor into what its dtype takes; `name` is that of the feed in errors. */
export type FeedForm = (value: unknown, name: string) => unknown;

/** The forms of tensors whose dtype does not say all of what they hold, such as maps. */
const forms = new WeakMap<Tensor, FeedForm>();

export function setFeedForm(tensor: Tensor, form: FeedForm): void {
  forms.set(tensor, form);
}

export function feedFormOf(tensor: Tensor): FeedForm | undefined {
  return forms.get(tensor);
}
