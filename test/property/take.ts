import { Build } from './build.js';
import { idiom, image, matMul } from './idioms.js';
import { addCall, addCond, addFold, addWhile } from './nesting.js';
import { Choices, type Kind, type Recipe, type Step } from './recipe.js';
import {
  addVariable,
  assign,
  control,
  gradient,
  host,
  minimize,
  random,
  sequence,
} from './state.js';
import { apply, feed, row } from './steps.js';
import { wide } from './wide.js';

type Take = (build: Build, choices: Choices, inner: readonly Step[]) => void;

const takes: Readonly<Record<Kind, Take>> = {
  apply,
  row,
  feed,
  idiom,
  matMul,
  image,
  control,
  random,
  variable: addVariable,
  assign,
  gradient,
  minimize,
  sequence,
  host,
  wide,
  cond: (build, choices, inner) => addCond(build, choices, inner, takeSteps),
  while: (build, choices, inner) => addWhile(build, choices, inner, takeSteps),
  fold: (build, choices, inner) => addFold(build, choices, inner, takeSteps),
  call: (build, choices, inner) => addCall(build, choices, inner, takeSteps),
};

function takeSteps(build: Build, steps: readonly Step[]): void {
  for (const { kind, choices, inner } of steps) takes[kind](build, new Choices(choices), inner);
}

/** The graph of a recipe; with a number, with noise behind every op. */
export function buildRecipe({ steps }: Recipe, noise?: number): Build {
  const build = new Build(noise);
  try {
    build.graph.asDefault(() => takeSteps(build, steps));
  } finally {
    build.close();
  }
  return build;
}
