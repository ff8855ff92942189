import type { SessionHandle } from './binding.js';
import { EngineError } from './errors.js';
import { checkDistinct, type Entries, FeedSlot } from './feeds.js';
import { FetchTemplate } from './fetches.js';
import type { Graph } from './graph.js';
import { checkPlacement } from './placement.js';
import { checkRunOptions, type RunOptions } from './runOptions.js';
import { convertFeeds, type Feed, RunPlan } from './runPlan.js';

/** So many (feeds, fetches) pairs are remembered; prepared runs do not count. */
const kPlans = 64;

export interface PlannedRun {
  readonly plan: RunPlan;
  readonly feeds: Feed[];
}

/** The plans of a session by feeds and fetches, the most recently used first. */
export class PlanCache {
  readonly #graph: Graph;
  readonly #handle: SessionHandle;
  readonly #softPlacement: boolean;
  readonly #plans: RunPlan[] = [];

  constructor(graph: Graph, handle: SessionHandle, softPlacement: boolean) {
    this.#graph = graph;
    this.#handle = handle;
    this.#softPlacement = softPlacement;
  }

  /** The plan and the converted feeds; errors in the order in which TensorFlow looks for them. */
  planFor(fetches: unknown, { keys, values }: Entries, options: RunOptions): PlannedRun {
    const plans = this.#plans;
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!;
      if (!plan.feedsMatch(keys) || !plan.template.matches(fetches)) continue;
      if (i > 0) {
        plans.splice(i, 1);
        plans.unshift(plan);
      }
      return { plan, feeds: plan.convert(values) };
    }
    checkRunOptions(options);
    if (this.#graph.size === 0) {
      throw new EngineError(
        'FAILED_PRECONDITION',
        'The Session graph is empty.  Add operations to the graph before calling run().',
      );
    }
    const slots: FeedSlot[] = [];
    const feeds: Feed[] = [];
    for (const [i, key] of keys.entries()) {
      const slot = new FeedSlot(this.#graph, key);
      feeds.push(...convertFeeds([slot], [values[i]]));
      slot.checkFeedable();
      slots.push(slot);
    }
    checkDistinct(slots);
    const plan = this.compile(fetches, slots);
    plans.unshift(plan);
    if (plans.length > kPlans) plans.pop()!.release();
    return { plan, feeds };
  }

  /** A plan of its own. */
  compile(fetches: unknown, slots: readonly FeedSlot[]): RunPlan {
    const template = new FetchTemplate(this.#graph, fetches);
    if (!this.#softPlacement) {
      const fed = slots.flatMap((slot) => slot.tensors);
      checkPlacement(this.#graph, template.tensors, template.targets, fed);
    }
    this.#graph.growth.planned();
    return new RunPlan(this.#handle, template, slots);
  }

  /** Keys looked up, without values. */
  slots(keys: readonly unknown[]): FeedSlot[] {
    const slots = keys.map((key) => new FeedSlot(this.#graph, key));
    for (const slot of slots) slot.checkFeedable();
    checkDistinct(slots);
    return slots;
  }

  release(): void {
    for (const plan of this.#plans.splice(0)) plan.release();
  }
}
