import fc from 'fast-check';

import { checkRecipe } from './check.js';
import { type Recipe, recipes } from './recipe.js';
import { shrunk } from './shrink.js';

// `npm run property` runs many more.
const count = Number(process.env.TENSORWRIGHT_GRAPHS ?? 120);
const seed = Number(process.env.TENSORWRIGHT_SEED ?? 20260101);
const mostSteps = 14;
const shrinkingTime = 30_000;

async function failureOf(recipe: Recipe): Promise<Error | undefined> {
  try {
    await checkRecipe(recipe);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Checks graphs until one fails; counts the ops of those that do not. */
async function firstFailure(seen: Map<string, number>): Promise<Recipe | undefined> {
  const property = fc.asyncProperty(recipes(mostSteps), async (recipe) => {
    const build = await checkRecipe(recipe);
    for (const type of build?.types ?? []) seen.set(type, (seen.get(type) ?? 0) + 1);
    return true;
  });
  const details = await fc.check(property, { numRuns: count, seed, endOnFailure: true });
  return details.counterexample?.[0];
}

test(
  `${count} random graphs give the same however they run (seed ${seed})`,
  async () => {
    // Graphs grow between the runs that tell what their tensors are worth.
    jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const seen = new Map<string, number>();
    const begun = Date.now();
    const recipe = await firstFailure(seen);
    if (recipe) {
      const { error, recipe: small } = await shrunk(recipe, failureOf, shrinkingTime);
      const cause = error ?? (await failureOf(recipe)) ?? new Error('failed once, not again');
      throw new Error(`seed ${seed}: ${cause.message}\n${JSON.stringify(small)}`, { cause });
    }
    if (process.env.TENSORWRIGHT_GRAPHS !== undefined) {
      const seconds = ((Date.now() - begun) / 1000).toFixed(1);
      console.log(`${count} graphs in ${seconds} s, with ${seen.size} kinds of ops`);
    }
    expect(seen.size).toBeGreaterThan(Math.min(count, 100));
  },
  Number(process.env.TENSORWRIGHT_TIMEOUT ?? 120_000),
);
