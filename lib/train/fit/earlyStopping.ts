import { checkKeys } from '../../attrs.js';
import { invalidArgument } from '../../errors.js';
import { type Callback, isBetter, type Watched, watchedValue } from './callback.js';
import { toJson } from './means.js';

export interface EarlyStoppingOptions extends Watched {
  /** So many epochs without a better value end the training; default 1. */
  readonly patience?: number | undefined;
  /** A value counts as better only when it is by more than this; default 0. */
  readonly minDelta?: number | undefined;
}

/** Ends the training when a number of the epochs does not become better any more. */
export function earlyStopping(options: EarlyStoppingOptions): Callback {
  checkKeys('earlyStopping', options, ['metric', 'mode', 'patience', 'minDelta']);
  const { metric, mode, patience = 1, minDelta = 0 } = options;
  if (typeof metric !== 'string') throw invalidArgument('metric', 'a name', metric);
  if (!Number.isInteger(patience) || patience < 1) {
    throw invalidArgument('patience', 'an integer of at least 1', patience);
  }
  let best: number | undefined;
  let waited = 0;
  return {
    name: `earlyStopping(${metric})`,
    epoch(run, record) {
      const value = watchedValue(record, metric);
      if (isBetter(value, best, mode, minDelta)) {
        best = value;
        waited = 0;
        return;
      }
      waited += 1;
      if (waited >= patience) run.stop(`'${metric}' did not improve for ${waited} epochs`);
    },
    state: () => ({ best: best === undefined ? null : toJson(best), waited }),
    restoreState(state) {
      const { best: kept = null, waited: count = 0 } = Object(state);
      best = kept === null ? undefined : Number(kept);
      waited = Number(count);
    },
  };
}
