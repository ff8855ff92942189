import { EngineError } from '../../lib/errors.js';
import type { NDArray } from '../../lib/ndArray.js';
import { Session } from '../../lib/session.js';
import type { SessionOptions } from '../../lib/sessionOptions.js';
import type { Tensor } from '../../lib/tensor.js';
import { isRefusal } from './build.js';
import { differingBits } from './compare.js';
import type { Feeds, Scene } from './scene.js';

/** What the runs of a session gave: the values of the fetches, or the error that ended them. */
export interface Observed {
  readonly rounds: readonly Values[];
  readonly error: EngineError | TypeError | undefined;
}

type Values = readonly NDArray[];

export type Run = (
  session: Session,
  fetches: readonly Tensor[],
  feeds: Feeds,
) => Values | Promise<Values>;

export const plainly: Run = (session, fetches, feeds) => session.runSync([...fetches], { feeds });

/** Fetches the other way round and some twice, without blocking. */
export const turned: Run = async (session, fetches, feeds) => {
  const order = [...fetches.keys()].reverse();
  const odd = order.filter((i) => i % 2 === 1);
  const asked = [...order, ...odd].map((i) => fetches[i]!);
  const { first, again } = await session.run(
    { first: asked, again: { one: fetches[0]! } },
    { feeds: [...feeds].reverse() },
  );
  const values = fetches.map((_, i) => first[order.indexOf(i)]!);
  for (const [k, i] of odd.entries()) same(first[order.length + k]!, values[i]!);
  same(again.one, values[0]!);
  return values;
};

function same(again: NDArray, first: NDArray): void {
  const differing = differingBits(again, first);
  if (differing) throw new Error(`the same fetch twice: ${differing}`);
}

export const prepared: Run = (session, fetches, feeds) =>
  session.prepare([...fetches], { feeds: [...feeds.keys()] }).runSync(...feeds.values());

export const preparedAsync: Run = (session, fetches, feeds) =>
  session.prepare([...fetches], { feeds: [...feeds.keys()] }).run(...feeds.values());

/** The runs of a scene, one after the other, in a session of their own. */
export async function observe(scene: Scene, options: SessionOptions, run: Run): Promise<Observed> {
  const { build, fetches, rounds: all } = scene;
  const session = new Session(build.graph, options);
  const rounds: Values[] = [];
  try {
    if (build.variables.length > 0) session.initializeSync();
    for (const feeds of all) {
      const values = run(session, fetches, feeds);
      rounds.push(values instanceof Promise ? await values : values);
    }
    return { rounds, error: undefined };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { rounds, error: error instanceof EngineError ? error : new TypeError(String(error)) };
  } finally {
    session[Symbol.dispose]();
  }
}
