import type { Recipe, Step } from './recipe.js';

type Try<T> = (candidate: T) => Promise<boolean>;

/** Leaves out what may go, long stretches first. */
async function shortened<T>(list: readonly T[], fails: Try<readonly T[]>): Promise<readonly T[]> {
  let best = list;
  for (let length = list.length; length >= 1; length = Math.floor(length / 2)) {
    for (let at = best.length - length; at >= 0; at -= length) {
      const candidate = [...best.slice(0, at), ...best.slice(at + length)];
      if (await fails(candidate)) best = candidate;
    }
  }
  return best;
}

async function lowered(list: readonly number[], fails: Try<readonly number[]>) {
  const zeros = list.map(() => 0);
  if (list.some((number) => number > 0) && (await fails(zeros))) return zeros;
  let best = list;
  for (const [i, number] of list.entries()) {
    for (const next of [0, 1]) {
      if (next >= number || !(await fails(best.with(i, next)))) continue;
      best = best.with(i, next);
      break;
    }
  }
  return best;
}

async function simplified(steps: readonly Step[], fails: Try<readonly Step[]>) {
  let best = await shortened(steps, fails);
  for (let i = best.length - 1; i >= 0; i--) {
    const put = (part: Partial<Step>) => best.with(i, { ...best[i]!, ...part });
    const inner = await simplified(best[i]!.inner, (own) => fails(put({ inner: own })));
    best = put({ inner });
    const choices = await lowered(best[i]!.choices, (own) => fails(put({ choices: own })));
    best = put({ choices });
  }
  return best;
}

/**
 * A small recipe that fails as well, found by leaving out steps and zeroing numbers for at most so
 * many milliseconds: fast-check's own shrinking takes each of hundreds of numbers on its own.
 */
export async function shrunk(
  recipe: Recipe,
  failure: (recipe: Recipe) => Promise<Error | undefined>,
  time: number,
): Promise<{ readonly recipe: Recipe; readonly error: Error | undefined }> {
  const end = Date.now() + time;
  let best: { readonly recipe: Recipe; readonly error: Error | undefined };
  best = { recipe, error: undefined };
  const fails = async (part: Partial<Recipe>) => {
    if (Date.now() >= end) return false;
    const candidate = { ...best.recipe, ...part };
    const error = await failure(candidate);
    if (error) best = { recipe: candidate, error };
    return error !== undefined;
  };
  for (let before: Recipe | undefined; before !== best.recipe && Date.now() < end; ) {
    before = best.recipe;
    await shortened(best.recipe.fetches, (fetches) => fails({ fetches }));
    await simplified(best.recipe.steps, (steps) => fails({ steps }));
    await lowered(best.recipe.runs, (runs) => fails({ runs }));
  }
  return best;
}
