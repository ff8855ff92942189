import { isFloat } from '../../lib/dtype.js';
import type { NDArray } from '../../lib/ndArray.js';
import type { StaticShape } from '../../lib/shape.js';
import { attrsOf, mainTypeAttr } from '../ops/instances.js';
import type { Build, Entry, OpInput, Source } from './build.js';
import type { Choices } from './recipe.js';
import { sample } from './sample.js';
import { anyTemplate, type Template, templateFor } from './templates.js';

/** A shape of the pool's, now and then one large enough for several threads. */
const shapes = [
  [2, 3],
  [4],
  [],
  [1, 5],
  [3, 4, 5],
  [2, 1, 3],
  [1, 6, 6, 4],
  [2, 5, 7, 3],
  [0, 3],
  [17],
  [33, 65],
  [70, 400],
  [1, 40, 41, 8],
] as const;

const dtypes = ['float32', 'float32', 'float32', 'float64', 'int32', 'float16', 'bool'] as const;

/** As much of a shape as the graph is to know. */
export function known(shape: readonly number[], choices: Choices): StaticShape {
  const how = choices.below(5);
  if (how < 2) return shape;
  return how === 4 ? null : shape.map((dim, i) => (how === 3 || i === 0 ? null : dim));
}

/** A value for an op: as a constant or fed, or a tensor that is there already. */
function source(build: Build, value: NDArray, choices: Choices, main: boolean): Source {
  const how = choices.below(10);
  if (how >= (main ? 4 : 8)) {
    const alike = build.pool.filter(({ tensor }) => tensor.dtype === value.dtype);
    const same = alike.filter((entry) => shapeOf(entry)?.join() === value.shape.join());
    const chosen = choices.of(same.length > 0 || !main ? same : alike);
    if (chosen) return chosen.tensor;
  }
  if (how < 2 || build.inside) return value;
  return build.feed(value, known(value.shape, choices));
}

export function shapeOf({ tensor, value }: Entry): readonly number[] | undefined {
  if (value) return value.shape;
  const { shape } = tensor;
  return shape?.every((dim) => dim !== null) ? shape.map((dim) => dim ?? 0) : undefined;
}

/** The operations that an op now and then has to wait for. */
function controls(build: Build, choices: Choices) {
  if (build.inside || !choices.chance(12)) return [];
  const op = choices.of(build.operations);
  return op ? [op] : [];
}

function addTemplate(
  build: Build,
  { op, row, instance }: Template,
  choices: Choices,
  given: ReadonlyMap<number, Source>,
): void {
  const main = mainTypeAttr(op);
  const attrs = attrsOf(op, row, instance.dtype);
  const inputs = instance.inputs.map((input, i): OpInput => {
    const own = given.get(i);
    if (own !== undefined || input === null) return own ?? input;
    const isMain = op.inputs[i]?.typeAttr === main;
    const each = (value: NDArray) => source(build, value, choices, isMain);
    return Array.isArray(input) ? input.map(each) : each(input as NDArray);
  });
  const before = controls(build, choices);
  if (build.op(op.name, inputs, attrs, before)) return;
  const first = instance.inputs.map((input, i): OpInput => given.get(i) ?? input);
  if (given.size > 0 && build.op(op.name, first, attrs)) return;
  build.op(op.name, instance.inputs, attrs);
}

/** An op of the registry on what its own table gives it. */
export function row(build: Build, choices: Choices): void {
  const template = anyTemplate(choices);
  if (template) addTemplate(build, template, choices, new Map());
}

/** An op of the registry on a tensor that is there. */
export function apply(build: Build, choices: Choices): void {
  const entry = recent(build, choices);
  const template = entry && templateFor(entry.tensor.dtype, choices);
  if (!template) {
    row(build, choices);
    return;
  }
  const main = mainTypeAttr(template.op);
  const places = template.op.inputs.flatMap(({ typeAttr, numberAttr }, i) =>
    typeAttr === main && numberAttr === '' && template.instance.inputs[i] ? [i] : [],
  );
  const place = choices.of(places);
  const given = new Map(place === undefined ? [] : [[place, entry.tensor]]);
  addTemplate(build, template, choices, given);
}

/** One of the pool, the newest first. */
export function recent(
  { pool }: Build,
  choices: Choices,
  suits: (entry: Entry) => boolean = () => true,
): Entry | undefined {
  const suitable = pool.filter(suits);
  const back = Math.min(choices.below(suitable.length || 1), choices.below(suitable.length || 1));
  return suitable.at(-1 - back);
}

export const isFloatEntry = ({ tensor }: Entry): boolean => isFloat(tensor.dtype);

export function feed(build: Build, choices: Choices): void {
  const dtype = choices.of(dtypes) ?? 'float32';
  const shape = choices.of(shapes) ?? [];
  const value = sample(shape, dtype, choices.below(7));
  if (build.inside) build.op('Identity', [value]);
  else build.feed(value, known(shape, choices));
}
