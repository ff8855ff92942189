import { native } from './binding.js';
import { checkKeep, checkTimeout, checkTrace, type RunOptions } from './runOptions.js';
import type { Feed, RunPlan } from './runPlan.js';

/** Runs a plan on this thread; `standard` is the time limit of runs that say none. */
export function compute(
  plan: RunPlan,
  feeds: readonly Feed[],
  options: RunOptions,
  standard: number | undefined,
): unknown {
  const { out, timeout = standard, trace, keep } = options;
  const kept = keep !== undefined && checkKeep(options, plan);
  const outs = out === undefined ? undefined : plan.outs(out);
  if (plan.id === undefined) return plan.read(null, feeds, outs);
  const payload = plan.write(feeds);
  const list =
    outs === undefined && timeout === undefined && trace === undefined && !kept
      ? native.runSync(plan.id, payload)
      : native.runSync(plan.id, payload, outs, checkTimeout(timeout), checkTrace(trace), kept);
  trace?.take();
  return plan.read(list, feeds, outs);
}
