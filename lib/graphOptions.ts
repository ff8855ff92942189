import { checkKeys } from './attrs.js';
import { invalidArgument } from './errors.js';

export interface GraphOptions {
  /** False: the graph makes no session of its own for `eval` and `run`. */
  readonly defaultSession?: boolean;
  /** Seeds the random ops, together with their names. */
  readonly seed?: number | undefined;
  /**
   * True: operations know the line that added them (`definedAt`), and errors of runs name it. Adding
   * ops takes half as long again; default false.
   */
  readonly callSites?: boolean | undefined;
}

export function checkGraphOptions(options: GraphOptions): void {
  checkKeys('Graph', options, ['defaultSession', 'seed', 'callSites']);
  const { seed, callSites } = options;
  if (seed !== undefined && !Number.isSafeInteger(seed)) {
    throw invalidArgument('seed', 'an integer', seed);
  }
  if (callSites !== undefined && typeof callSites !== 'boolean') {
    throw invalidArgument('callSites', 'a boolean', callSites);
  }
}
