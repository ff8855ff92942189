import type { NDArray } from '../../lib/ndArray.js';
import type { SessionOptions } from '../../lib/sessionOptions.js';
import type { Build } from './build.js';
import { differingBeyond, differingBits } from './compare.js';
import { passes, plain } from './configurations.js';
import { bitsToNumbers } from './numbers.js';
import type { Recipe } from './recipe.js';
import {
  type Observed,
  observe,
  plainly,
  prepared,
  preparedAsync,
  type Run,
  turned,
} from './run.js';
import { type Scene, sceneOf } from './scene.js';
import { buildRecipe } from './take.js';

type Differ = (a: NDArray, b: NDArray, round: number, fetch: number) => string | undefined;

function expectAgreement(
  scene: Scene,
  name: string,
  got: Observed,
  wanted: Observed,
  differ: Differ,
  mayFold = true,
): void {
  const { build, fetches } = scene;
  const differs = (what: string) => {
    const fetched = fetches.map((tensor) => build.text(tensor)).join(', ');
    const lines = [...build.lines, `// fetched: [${fetched}]`].join('\n');
    return new Error(`${name}: ${what}\n\n${lines}\n`);
  };
  for (const [round, values] of wanted.rounds.entries()) {
    for (const [i, value] of values.entries()) {
      const own = got.rounds[round]?.[i];
      if (!own) throw differs(`run ${round} failed: ${got.error?.message}`);
      const differing = differ(own, value, round, i);
      if (differing) throw differs(`run ${round}, ${build.text(fetches[i])}: ${differing}`);
    }
  }
  // What fails without passes may be what nobody needs but for its shape.
  if (wanted.error && !got.error && !mayFold)
    throw differs(`did not fail: ${wanted.error.message}`);
}

/** Whether all passes differ from none by no more than noise behind every op does. */
async function expectNear(scene: Scene, recipe: Recipe, got: Observed, wanted: Observed) {
  const exact = (a: NDArray, b: NDArray) => differingBits(a, b);
  const { build } = scene;
  const equal = wanted.rounds.every((values, round) =>
    values.every((value, i) => {
      const own = got.rounds[round]?.[i];
      return own !== undefined && exact(own, value) === undefined;
    }),
  );
  if (equal) return expectAgreement(scene, 'all passes', got, wanted, exact);
  const disturbed: Observed[] = [];
  for (const number of [1, 2, 3]) {
    const noisy = sceneOf(buildRecipe(recipe, number), recipe);
    disturbed.push(await observe(noisy, plain, plainly));
  }
  const near: Differ = (a, b, round, i) => {
    const others = disturbed.flatMap(({ rounds }) => rounds[round]?.[i] ?? []);
    return differingBeyond(a, b, others);
  };
  const rewrites = ['rewrite', 'fold_late', 'rewrite_again'];
  const unlimited = build.pool.some(({ value }) => value !== null && hasLimits(value));
  const rest = unlimited ? { threads: 1, disabledPasses: rewrites } : undefined;
  // What is spelled in small ops is NaN at infinity, where the one op for it has a limit.
  if (rest) expectAgreement(scene, 'all passes', await observe(scene, rest, plainly), wanted, near);
  else expectAgreement(scene, 'all passes', got, wanted, near);
}

function hasLimits(value: NDArray): boolean {
  return bitsToNumbers(value).some((x) => typeof x === 'number' && !Number.isFinite(x));
}

/** Builds the graph of a recipe and compares the ways to run it; raises what differs. */
export async function checkRecipe(recipe: Recipe): Promise<Build | undefined> {
  const build = buildRecipe(recipe);
  const scene = sceneOf(build, recipe);
  if (scene.fetches.length === 0) return undefined;
  const exact: Differ = (a, b) => differingBits(a, b);
  const wanted = await observe(scene, plain, plainly);
  const expectSame = async (
    name: string,
    options: SessionOptions,
    run: Run,
    than: Observed = wanted,
  ) => {
    const got = await observe(scene, options, run);
    expectAgreement(scene, name, got, than, exact, than === wanted);
    return got;
  };
  const pass = passes[(recipe.runs[2] ?? 0) % passes.length]!;
  await expectSame('strict', { threads: 1, strict: true }, plainly);
  const one = { threads: 1, strict: true, disabledPasses: passes.filter((p) => p !== pass) };
  await expectSame(`strict, ${pass} alone`, one, plainly);
  const whole = await observe(scene, { threads: 1 }, plainly);
  await expectNear(scene, recipe, whole, wanted);
  await expectSame('2 threads', { threads: 2 }, plainly, whole);
  await expectSame('async, in another order', { threads: 2 }, turned, whole);
  await expectSame('prepared', { threads: 2 }, prepared, whole);
  await expectSame('prepared, async', { threads: 1 }, preparedAsync, whole);
  return build;
}
