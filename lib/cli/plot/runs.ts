import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { readScalars } from '../../io/events.js';
import { fileError } from '../../io/files.js';

/** The numbers of one tag in one run, by rising steps. */
export interface Series {
  readonly run: string;
  readonly steps: number[];
  readonly values: number[];
}

/** The event files in folders and below, or the files themselves; each folder is a run. */
async function eventFiles(path: string): Promise<readonly (readonly [string, string])[]> {
  const info = await stat(path).catch((error) => {
    throw fileError(error, 'read', path);
  });
  if (info.isFile()) return [[basename(path), path]];
  const entries = await readdir(path, { recursive: true });
  const files = entries.filter((name) => basename(name).includes('tfevents')).sort();
  const nameOf = (file: string) => relative(path, dirname(file)) || basename(resolve(path));
  return files.map((name) => join(path, name)).map((file) => [nameOf(file), file] as const);
}

/** The curves of all runs, by tag. */
export async function readRuns(
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Series[]>> {
  const tags = new Map<string, Map<string, Series>>();
  for (const path of paths) {
    for (const [name, file] of await eventFiles(path)) {
      const run = paths.length > 1 && name !== basename(resolve(path)) ? `${path}/${name}` : name;
      for await (const { tag, step, value } of readScalars(file)) {
        signal.throwIfAborted();
        addPoint(seriesOf(tags, tag, run), step, value);
      }
    }
  }
  const sorted = [...tags].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([tag, runs]) => [tag, [...runs.values()]]));
}

function seriesOf(tags: Map<string, Map<string, Series>>, tag: string, run: string): Series {
  const runs = tags.get(tag) ?? new Map<string, Series>();
  tags.set(tag, runs);
  const series = runs.get(run) ?? { run, steps: [], values: [] };
  runs.set(run, series);
  return series;
}

/** A training that was resumed writes the steps since its checkpoint again: the last ones count. */
function addPoint({ steps, values }: Series, step: number, value: number): void {
  while (steps.length > 0 && steps[steps.length - 1]! >= step) {
    steps.pop();
    values.pop();
  }
  steps.push(step);
  values.push(value);
}

/** A mean that forgets: each point is `weight` of the one before and the rest of its own. */
export function smoothed({ run, steps, values }: Series, weight: number): Series {
  let last = 0;
  let total = 0;
  const smooth = values.map((value) => {
    if (!Number.isFinite(value)) return value;
    last = last * weight + (1 - weight) * value;
    total = total * weight + (1 - weight);
    return last / total;
  });
  return { run, steps, values: smooth };
}

/** So many points or two more: the ends, and of each group the smallest and the largest. */
export function thinned(series: Series, most: number): Series {
  const { run, steps, values } = series;
  if (steps.length <= most) return series;
  const group = Math.ceil(steps.length / (most / 2));
  const kept = [0];
  for (let at = 1; at < steps.length; at += group) {
    let low = at;
    let high = at;
    for (let i = at; i < Math.min(at + group, steps.length); i++) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    kept.push(Math.min(low, high));
    if (low !== high) kept.push(Math.max(low, high));
  }
  const last = steps.length - 1;
  if (kept[kept.length - 1] !== last) kept.push(last);
  return { run, steps: kept.map((i) => steps[i]!), values: kept.map((i) => values[i]!) };
}
