import type { NDArray } from '../../lib/ndArray.js';
import type { Tensor } from '../../lib/tensor.js';
import type { Build } from './build.js';
import type { Recipe } from './recipe.js';
import { resized } from './sample.js';
import { shapeOf } from './steps.js';

export type Feeds = ReadonlyMap<Tensor, NDArray>;

/** A graph, what is fetched of it, and the feeds of the runs one after the other. */
export interface Scene {
  readonly build: Build;
  readonly fetches: readonly Tensor[];
  readonly rounds: readonly Feeds[];
}

function fetchesOf(build: Build, { fetches }: Recipe): Tensor[] {
  const fetchable = build.pool.filter(({ value }) => value !== null);
  if (fetchable.length === 0) return [];
  const at = [fetchable.length - 1, ...fetches.map((number) => number % fetchable.length)];
  const wanted = new Set(build.wanted);
  const always = fetchable.map(({ tensor }) => tensor).filter((tensor) => wanted.has(tensor));
  return [...new Set([...at.map((i) => fetchable[i]!.tensor), ...always])];
}

/** The feeds with other sizes where the placeholders allow them; undefined: none does. */
function resizedFeeds({ feeds }: Build, choice: number): Feeds | undefined {
  const loose = [...feeds].flatMap(([{ shape }, value]) =>
    value.shape.filter((dim, i) => dim > 1 && (shape === null || shape[i] === null)),
  );
  const old = loose[choice % Math.max(1, loose.length)];
  if (old === undefined) return undefined;
  const next = choice % 3 === 0 ? 2 * old : old + 1;
  const changed = [...feeds].map(([tensor, value]) => {
    const { shape } = tensor;
    const dims = value.shape.map((dim, i) =>
      dim === old && (shape === null || shape[i] === null) ? next : dim,
    );
    return [tensor, resized(value, dims)] as const;
  });
  return new Map(changed);
}

/** The feeds, and a value for a tensor that is computed otherwise. */
function overriding(build: Build, choice: number): Feeds | undefined {
  const { feeds, pool } = build;
  const inner = pool.filter(
    (e) => e.value !== null && !feeds.has(e.tensor) && build.graph.isFeedable(e.tensor),
  );
  const entry = inner[choice % Math.max(1, inner.length)];
  if (!entry?.value || !shapeOf(entry)) return undefined;
  return new Map([...feeds, [entry.tensor, entry.value]]);
}

function roundsOf(build: Build, { runs }: Recipe): Feeds[] {
  const [resize = 0, override = 0] = runs;
  const more = [
    resize % 3 === 1 ? resizedFeeds(build, resize >> 2) : undefined,
    override % 3 === 1 ? overriding(build, override >> 2) : undefined,
  ];
  return [build.feeds, build.feeds, ...more.filter((feeds) => feeds !== undefined)];
}

export function sceneOf(build: Build, recipe: Recipe): Scene {
  return { build, fetches: fetchesOf(build, recipe), rounds: roundsOf(build, recipe) };
}
