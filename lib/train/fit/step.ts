import { invalidArgument } from '../../errors.js';
import type { Feeds } from '../../feeds.js';
import type { Initializer } from '../../initializer.js';
import { NDArray } from '../../ndArray.js';
import { Operation } from '../../operation.js';
import type { Session } from '../../session.js';
import { Tensor } from '../../tensor.js';
import { Variable } from '../../variable.js';
import { type Metrics, numbersOf, type StepResult } from './means.js';

/** What to compute for a batch, by name. Operations give no number, tensors must be scalars. */
export type StepFetches = Readonly<Record<string, Tensor | Variable | Operation | Initializer>>;

/** A step as code, for what one run cannot do. */
export type StepFunction<B> = (
  batch: B,
  session: Session,
) => StepResult | undefined | Promise<StepResult | undefined>;

/** How a batch becomes feeds; without it a batch is feeds by itself. */
export type FeedsOf<B> = (batch: B) => Feeds;

/** Does what is to be done with one batch, and gives its numbers. */
export type RunStep<B> = (batch: B) => Promise<Metrics>;

export function runStep<B>(
  session: Session,
  step: StepFetches | StepFunction<B>,
  feedsOf: FeedsOf<B> | undefined,
  what: string,
): RunStep<B> {
  if (typeof step === 'function') {
    return async (batch) => numbersOf((await step(batch, session)) ?? {}, what);
  }
  if (!isFetches(step)) {
    throw invalidArgument(what, 'tensors and operations by name, or a function', step);
  }
  const toFeeds: (batch: B) => Feeds = feedsOf ?? ownFeeds;
  return async (batch) => numbersOf(await session.run(step, { feeds: toFeeds(batch) }), what);
}

function isFetches(step: unknown): step is StepFetches {
  if (typeof step !== 'object' || step === null || Array.isArray(step)) return false;
  return !(step instanceof Tensor || step instanceof Operation || step instanceof Variable);
}

function ownFeeds(batch: unknown): Feeds {
  const usable = typeof batch === 'object' && batch !== null && !(batch instanceof NDArray);
  if (usable && isFeeds(batch)) return batch;
  throw invalidArgument('a batch', 'feeds (or the option feeds, which makes them)', batch);
}

/** What the feeds hold is looked at by the run. */
function isFeeds(batch: object): batch is Feeds & object {
  return !ArrayBuffer.isView(batch);
}
