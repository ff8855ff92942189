// Interleaved measuring: the machine may be shared, so figures are compared within one run only,
// by the minimum and the median of batches in which every candidate takes its turn.

import { setTimeout } from 'node:timers/promises';

const now = () => Number(process.hrtime.bigint()) / 1e3;

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// Microseconds of one call, averaged over `repeats` calls.
async function timed(call, repeats) {
  const began = now();
  for (let i = 0; i < repeats; i++) {
    const result = call();
    if (result instanceof Promise) await result;
  }
  return (now() - began) / repeats;
}

async function repeatsFor(call, batchMs) {
  await timed(call, 2);
  let repeats = 1;
  for (;;) {
    const us = await timed(call, repeats);
    if (us * repeats >= (batchMs * 1e3) / 4) return Math.max(1, Math.round((batchMs * 1e3) / us));
    repeats = Math.max(repeats * 2, Math.min(repeats * 16, Math.ceil((batchMs * 250) / us)));
  }
}

// The threads of ONNX Runtime, always the last candidate, spin for some milliseconds after a call: a
// batch begins when they have parked, or the first candidate would share its cores with them.
const rest = () => setTimeout(100);

// calls: name to a function that does the work once, awaited when it gives a promise; a function
// marked by `rate` gives a figure itself (higher is better when it is a rate of work). Resolves to name to { min, median, batches }.
export async function interleave(calls, { batches = 7, batchMs = 40 } = {}) {
  const names = Object.keys(calls);
  const repeats = {};
  for (const name of names) {
    if (!calls[name].rate) repeats[name] = await repeatsFor(calls[name], batchMs);
  }
  const figures = Object.fromEntries(names.map((name) => [name, []]));
  for (let batch = 0; batch < batches; batch++) {
    await rest();
    for (const name of names) {
      const call = calls[name];
      figures[name].push(call.rate ? await call() : await timed(call, repeats[name]));
    }
  }
  return Object.fromEntries(
    names.map((name) => [
      name,
      { min: Math.min(...figures[name]), median: median(figures[name]), batches: figures[name] },
    ]),
  );
}

// Many short batches: a rate beside a call is then measured at the same clock and under the same
// disturbances, batch by batch.
export const fine = ({ batches = 7, ...rest } = {}) => ({
  ...rest,
  batches: 5 * batches,
  batchMs: 15,
});

export const asRate = (call) => Object.assign(call, { rate: true });
