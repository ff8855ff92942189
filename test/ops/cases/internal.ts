import { table } from '../case.js';

/** Ops that only gradients and passes add. */
export const internal = table({
  FusedElementwise: { elsewhere: 'test/native/fusion_test.cc' },
  ReducedShape: { elsewhere: 'test/ops/gradient.test.ts, by the gradients of reductions' },
});
