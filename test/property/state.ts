import type { DType } from '../../lib/dtype.js';
import { isFloat, isInteger } from '../../lib/dtype.js';
import { assert } from '../../lib/generated/control.js';
import { gradients } from '../../lib/gradients.js';
import { jsFunction } from '../../lib/jsFunction.js';
import { variable } from '../../lib/makeVariable.js';
import { NDArray } from '../../lib/ndArray.js';
import type { Tensor } from '../../lib/tensor.js';
import {
  adadelta,
  adagrad,
  adam,
  ftrl,
  lamb,
  momentum,
  rmsProp,
  sgd,
} from '../../lib/train/index.js';
import type { Variable } from '../../lib/variable.js';
import type { Build } from './build.js';
import type { Choices } from './recipe.js';
import { sample } from './sample.js';
import { isFloatEntry, recent, shapeOf } from './steps.js';

const ints = (...values: number[]) =>
  new NDArray<DType>(Int32Array.from(values), [values.length], 'int32');

/** Orders ops: a group, an assertion that holds, tensors that wait for others. */
export function control(build: Build, choices: Choices): void {
  const [a, b] = [choices.of(build.operations), choices.of(build.operations)];
  const entry = recent(build, choices);
  if (build.inside || !entry || !a || !b) return;
  const how = choices.below(3);
  if (how === 0) build.op('NoOp', [], {}, [a, b]);
  else if (how === 1) {
    build.attempt(() => {
      const op = assert(true, [entry.tensor]);
      build.named(op, `assert(true, [${build.text(entry.tensor)}])`, 'op');
      build.operations.push(op);
      build.op('Identity', [entry.tensor], {}, [op]);
    });
  } else build.op('Identity', [entry.tensor], {}, [a, b]);
}

/** Random ops with seeds, with seeds of their names, and those without a state. */
export function random(build: Build, choices: Choices): void {
  const shape = choices.of([ints(2, 3), ints(5), ints(), ints(40, 90)]) ?? ints(3);
  const seeds = choices.chance(50) ? {} : { seed: choices.below(3), seed2: 1 + choices.below(3) };
  const dtype = choices.of(['float32', 'float64', 'float16']) ?? 'float32';
  const bound = (value: number) => new NDArray<DType>(Int32Array.of(value), [], 'int32');
  const how = choices.below(8);
  if (how === 0) build.op('RandomUniform', [shape], { dtype, ...seeds });
  else if (how === 1) build.op('RandomStandardNormal', [shape], { dtype, ...seeds });
  else if (how === 2) build.op('TruncatedNormal', [shape], { dtype, ...seeds });
  else if (how === 3) build.op('RandomUniformInt', [shape, bound(-3), bound(9)], seeds);
  else if (how === 4) build.op('StatelessRandomUniform', [shape, ints(3, 4)], { dtype });
  else if (how === 5) build.op('StatelessRandomNormal', [shape, ints(1, 2)], { dtype });
  else {
    const entry = recent(build, choices, (e) => (shapeOf(e)?.length ?? 0) > 0);
    const own = entry?.tensor ?? sample([4, 2], 'float32');
    const isLogits = how === 6 && entry && shapeOf(entry)?.length === 2 && isFloatEntry(entry);
    if (isLogits) build.op('Multinomial', [own, bound(3)], seeds);
    else build.op('RandomShuffle', [own], seeds);
  }
}

export function addVariable(build: Build, choices: Choices): void {
  if (build.inside) return;
  const entry = recent(build, choices, (e) => e.value !== null && e.value.data.length < 2000);
  const numeric = entry && (isFloatEntry(entry) || isInteger(entry.tensor.dtype));
  const value = (numeric && entry.value) || sample([2, 3], 'float32', choices.below(5));
  const made = variable(value, { dtype: value.dtype, name: `v${build.variables.length}` });
  const how = `variable(${build.text(value)}, { dtype: '${value.dtype}' })`;
  build.named(made, how, 'v');
  build.run(made.initializer);
  build.variables.push(made);
  build.call(made.value, `${build.text(made)}.value`);
  build.add(null, [made.value]);
}

type Write = (v: Variable, value: Tensor | NDArray) => Tensor;

const writes: Readonly<Record<string, Write>> = {
  assign: (v, value) => v.assign(value),
  assignAdd: (v, value) => v.assignAdd(value),
  assignSub: (v, value) => v.assignSub(value),
};

/** Writes a variable, or reads it once more. */
export function assign(build: Build, choices: Choices): void {
  const target = choices.of(build.variables);
  if (!target) {
    addVariable(build, choices);
    return;
  }
  const shape = target.shape?.map((dim) => dim ?? 0) ?? [];
  const alike = build.pool.filter(
    (e) => e.tensor.dtype === target.dtype && shapeOf(e)?.join() === shape.join(),
  );
  const value = choices.of(alike)?.tensor ?? sample(shape, target.dtype, choices.below(9));
  const how = choices.below(5);
  const [name, write] = Object.entries(writes)[how] ?? [];
  build.attempt(() => {
    let result: Tensor;
    if (name && write) {
      result = write(target, value);
      build.named(result, `${build.text(target)}.${name}(${build.text(value)})`);
    } else if (how === 3 && (shape[0] ?? 0) > 1) {
      const rows = sample([2, ...shape.slice(1)], target.dtype, 3);
      result = target.scatterAdd([1, 0], rows);
      build.named(result, `${build.text(target)}.scatterAdd([1, 0], ${build.text(rows)})`);
    } else {
      result = target.read();
      build.named(result, `${build.text(target)}.read()`);
    }
    build.add(result.op, [result]);
    build.call(result.op, `${build.text(result)}.op`);
  });
}

/** The derivatives of a sum by some of what it may depend on. */
export function gradient(build: Build, choices: Choices): void {
  const y = recent(build, choices, isFloatEntry);
  const floats = build.pool.filter(isFloatEntry);
  const xs = [choices.of(floats), choices.of(floats)].filter((e) => e !== undefined);
  if (build.inside || !y || xs.length === 0) return;
  build.attempt(() => {
    const found = gradients(
      y.tensor,
      xs.map(({ tensor }) => tensor),
    );
    const list = xs.map(({ tensor }) => build.text(tensor));
    build.named(found, `gradients(${build.text(y.tensor)}, [${list}])`, 'g');
    const name = build.text(found);
    for (const [i, tensor] of found.entries()) {
      if (!tensor) continue;
      build.call(tensor, `${name}[${i}]`);
      build.attempt(() => build.add(null, [tensor]));
    }
  });
}

const optimizers = {
  'sgd(0.1)': () => sgd(0.1),
  'momentum(0.1)': () => momentum(0.1),
  'adam(0.01)': () => adam(0.01),
  'adagrad(0.1)': () => adagrad(0.1),
  'adadelta(0.1)': () => adadelta(0.1),
  'rmsProp(0.1)': () => rmsProp(0.1),
  'rmsProp(0.1, { centered: true })': () => rmsProp(0.1, { centered: true }),
  'lamb(0.1)': () => lamb(0.1),
  'ftrl(0.1)': () => ftrl(0.1),
};

/** A step of an optimizer for all variables that the loss depends on. */
export function minimize(build: Build, choices: Choices): void {
  const floats = build.variables.filter(({ dtype }) => isFloat(dtype));
  const entry = recent(build, choices, isFloatEntry);
  const target = choices.of(floats);
  if (build.inside || !entry || !target) return;
  build.attempt(() => {
    const loss = build.one('Mean', [build.one('Reshape', [entry.tensor, ints(-1)]), ints(0)]);
    const [text, make] = choices.of(Object.entries(optimizers)) ?? [];
    if (!make) return;
    const before = new Set(build.graph.variables);
    const op = make().minimize(loss, { variables: floats });
    build.named(op, `train.${text}.minimize(${build.text(loss)})`, 'op');
    for (const slot of build.graph.variables) if (!before.has(slot)) build.run(slot.initializer);
    build.operations.push(op);
    build.op('Identity', [sample([2], 'int32')], {}, [op]);
    assignRead(build, target);
  });
}

function assignRead(build: Build, target: Variable): void {
  const result = target.read();
  build.named(result, `${build.text(target)}.read()`);
  build.add(result.op, [result]);
}

/** Lists of tensors that are values themselves. */
export function sequence(build: Build, choices: Choices): void {
  const entry = recent(build, choices, ({ tensor }) => tensor.dtype !== 'variant');
  if (!entry) return;
  const same = build.pool.filter(({ tensor }) => tensor.dtype === entry.tensor.dtype);
  const items = [entry, choices.of(same) ?? entry, choices.of(same) ?? entry];
  build.attempt(() => {
    const { dtype } = entry.tensor;
    let list = build.one('SequenceConstruct', [items.map(({ tensor }) => tensor)]);
    const at = new NDArray<DType>(Int32Array.of(choices.below(2)), [], 'int32');
    if (choices.chance(40)) list = build.one('SequenceErase', [list, at]);
    if (choices.chance(40)) list = build.one('SequenceInsert', [list, entry.tensor, at]);
    if (choices.chance(30)) build.op('SequenceLength', [list]);
    if (choices.chance(30)) build.op('ConcatFromSequence', [list], { axis: 0, dtype });
    else build.op('SequenceAt', [list, at], { dtype });
  });
}

/** A function of JavaScript in the graph. */
export function host(build: Build, choices: Choices): void {
  const entry = recent(build, choices, ({ tensor }) => tensor.dtype === 'float32');
  if (build.inside || !entry) return;
  build.attempt(() => {
    const negated = (x: NDArray) =>
      new NDArray<DType>(
        Float32Array.from({ length: x.data.length }, (_, i) => -Number(x.data[i])),
        x.shape,
        'float32',
      );
    const shapes = choices.chance(50) ? [entry.tensor.shape] : [null];
    const [y] = jsFunction(negated, [entry.tensor], ['float32'], { shapes });
    build.named(y, `jsFunction(negated, [${build.text(entry.tensor)}], ['float32'])[0]`);
    build.add(y.op, [y]);
  });
}
