// What the soak programs share: the built package, their arguments, and figures with bounds.
import { createRequire } from 'node:module';
import { basename } from 'node:path';

export const tw = createRequire(import.meta.url)('../../../dist/index.js');
export const short = process.argv.includes('--short');

// Sanitizers keep freed memory and slow everything down: figures then have no bounds.
const bounded = process.env.TENSORWRIGHT_SANITIZED === undefined;

// Prints a figure; the program fails when it is above the bound.
export function figure(name, value, most, unit = '') {
  const atMost = bounded ? most : undefined;
  const bound = atMost === undefined ? '' : `, at most ${atMost.toFixed(2)}`;
  const holds = atMost === undefined || value <= atMost;
  console.log(
    `${basename(process.argv[1])}: ${name} ${value.toFixed(2)}${unit}${bound}${holds ? '' : ', BROKEN'}`,
  );
  if (!holds) process.exitCode = 1;
}

export function expect(condition, sentence) {
  console.log(`${basename(process.argv[1])}: ${sentence}${condition ? '' : ', BROKEN'}`);
  if (!condition) process.exitCode = 1;
}

export const megabytes = () => process.memoryUsage.rss() / 2 ** 20;

// Does work(i) for i below count; the resident memory at the end may exceed that after a fifth of
// the work by `slack` MB. Returns the most seen at all, in MB.
export async function steady(name, count, work, slack = 16) {
  let early = 0;
  let most = 0;
  for (let i = 0; i < count; i++) {
    const result = work(i);
    if (result instanceof Promise) await result;
    if (i % Math.ceil(count / 500) === 0) most = Math.max(most, megabytes());
    if (i === Math.floor(count / 5)) early = megabytes();
  }
  figure(`${name}: MB at the end`, megabytes(), early + slack);
  return most;
}

export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))];
}

// A placeholder [null, n] and what build makes of it, in a graph of its own.
export function graphOf(shape, build) {
  const graph = new tw.Graph();
  const [x, y] = graph.asDefault(() => {
    const x = tw.placeholder('float32', shape);
    return [x, build(x)];
  });
  return { graph, x, y };
}
