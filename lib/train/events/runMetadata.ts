import { PbfWriter } from 'pbf';

import type { Trace, TracedStep } from '../../trace.js';

/** The name that TensorFlow gives to the device that computes. */
const kDevice = '/job:localhost/replica:0/task:0/device:CPU:0';

/** The steps of a trace as TensorFlow's RunMetadata, which TensorBoard colours its graphs by. */
export function runMetadataOf({ steps }: Trace, seconds: number): Uint8Array {
  const last = steps.reduce((end, step) => Math.max(end, step.end), 0);
  const pbf = new PbfWriter();
  const zero = 1e6 * seconds - 1e3 * last;
  pbf.writeMessage(
    1,
    (_, stats) => stats.writeMessage(1, (all, device) => writeDevice(all, zero, device), steps),
    undefined,
  );
  return pbf.finish();
}

function writeDevice(steps: readonly TracedStep[], zero: number, pbf: PbfWriter): void {
  pbf.writeStringField(1, kDevice);
  for (const step of steps) {
    pbf.writeMessage(2, (each, inner) => writeStep(each, zero, inner), step);
  }
}

/** Times in microseconds: the start since 1970, the others since the start. */
function writeStep({ node, op, start, end, run }: TracedStep, zero: number, pbf: PbfWriter): void {
  const began = Math.max(0, Math.round(zero + 1e3 * start));
  const took = Math.max(1, Math.round(1e3 * (end - start)));
  pbf.writeStringField(1, node);
  pbf.writeVarintField(2, began);
  pbf.writeVarintField(4, took);
  pbf.writeVarintField(5, took);
  pbf.writeStringField(8, `${node} = ${op}`);
  pbf.writeVarintField(9, began);
  pbf.writeVarintField(10, run);
}
