import type { SessionOptions } from '../../lib/sessionOptions.js';

export const passes = [
  'fold_constants',
  'merge_common',
  'hoist_invariants',
  'rewrite',
  'fold_late',
  'channels_last',
  'rewrite_again',
  'fuse_elementwise',
  'pack_weights',
] as const;

/** Every step as it stands in the graph, one after the other. */
export const plain: SessionOptions = { threads: 1, strict: true, disabledPasses: [...passes] };
