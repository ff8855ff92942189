import { type DType, isFloat } from '../../lib/dtype.js';
import { gradients } from '../../lib/gradients.js';
import { Graph } from '../../lib/graph.js';
import { type NDArray, ndarray } from '../../lib/ndArray.js';
import { addOp } from '../../lib/op.js';
import { placeholder } from '../../lib/placeholder.js';
import { Session } from '../../lib/session.js';
import { type StaticShape, sizeOf } from '../../lib/shape.js';
import type { Tensor } from '../../lib/tensor.js';
import { type Case, type Cases, isUntested, isValueCase, type ValueCase } from './case.js';
import { cases } from './cases/index.js';
import { accepts, reshaped } from './edges.js';
import {
  allowedDTypes,
  attrsOf,
  describeOp,
  feedsOf,
  type Instance,
  instanceOf,
  isDifferentiated,
  preciseDType,
} from './instances.js';

/** Of no pattern, so that errors do not cancel; the same at each run. */
function weight(i: number): number {
  return Math.sin(12.9898 * (i + 1)) + 1.5;
}

const steps: Partial<Record<DType, number>> = { float64: 1e-5, float32: 1e-2 };
const bounds: Partial<Record<DType, number>> = { float64: 1e-6, float32: 2e-2 };

/** A copy with element k moved. */
function moved(value: NDArray, k: number, by: number): NDArray {
  const copy = value.copy();
  const numbers = Array.from(copy, Number);
  numbers[k] = numbers[k]! + by;
  return ndarray(numbers, { dtype: value.dtype, shape: value.shape });
}

interface Differentiated {
  readonly graph: Graph;
  /** Those that gradients are asked for, and these. */
  readonly inputs: readonly Tensor[];
  readonly grads: readonly Tensor[];
  readonly ys: readonly Tensor[];
  readonly feeds: Map<Tensor, NDArray>;
}

/** The op with the gradients of its weighted results, in a graph of its own. */
function differentiate(
  name: string,
  row: ValueCase,
  instance: Instance,
  shapeOf: (value: NDArray) => StaticShape,
): Differentiated {
  const op = describeOp(name);
  const graph = new Graph({ defaultSession: false });
  return graph.asDefault(() => {
    const { operands, feeds } = feedsOf(instance, shapeOf);
    const all = operands.flat().filter((x): x is Tensor => x !== null);
    const node = addOp(name, operands, attrsOf(op, row, instance.dtype));
    const ys = node.outputs.filter((y) => isFloat(y.dtype));
    using session = new Session(graph);
    const weights = ys.map((y) => placeholder(y.dtype, null));
    for (const [i, { shape, dtype }] of session.runSync(ys, { feeds }).entries()) {
      const numbers = Array.from({ length: sizeOf(shape) }, (_, k) => weight(k));
      feeds.set(weights[i]!, ndarray(numbers, { dtype, shape }));
    }
    const inputs = all.filter((x, i) => isDifferentiated(row, x.dtype, i));
    const grads = gradients(ys, inputs, { gradYs: weights }).map((grad, i) => {
      if (!grad) throw new Error(`no gradient reaches ${inputs[i]!.name}`);
      return grad;
    });
    return { graph, inputs, grads, ys, feeds };
  });
}

function instanceFor(name: string, row: ValueCase, dtype: DType): Instance {
  const instance = instanceOf(describeOp(name), row, dtype);
  if (!instance) throw new Error('no float64 or float32 holds the values of the row');
  return instance;
}

const precise = (name: string, row: ValueCase) => preciseDType(describeOp(name), row);

function checkGradient(name: string, row: ValueCase, instance: Instance): void {
  const { graph, inputs, grads, ys, feeds } = differentiate(name, row, instance, (v) => v.shape);
  using session = new Session(graph);
  const loss = (changed: Map<Tensor, NDArray>): number => {
    let sum = 0;
    for (const y of session.runSync(ys, { feeds: changed })) {
      sum += Array.from(y, Number).reduce((total, v, k) => total + v * weight(k), 0);
    }
    return sum;
  };
  for (const [i, grad] of session.runSync(grads, { feeds }).entries()) {
    compare(inputs[i]!, grad, feeds, loss);
  }
}

/** Float32 with unknown dims gives what float64 with known ones does. */
function checkSingle(name: string, row: ValueCase): void {
  const shapes = [(v: NDArray) => v.shape, (v: NDArray) => v.shape.map(() => null)];
  const [exact, single] = (['float64', 'float32'] as const).map((dtype, k) => {
    const made = differentiate(name, row, instanceFor(name, row, dtype), shapes[k]!);
    using session = new Session(made.graph);
    return session.runSync(made.grads, { feeds: made.feeds });
  });
  for (const [i, grad] of single!.entries()) {
    expect(grad.shape).toEqual(exact![i]!.shape);
    const wanted = Array.from(exact![i]!, Number);
    const scale = 1 + Math.max(0, ...wanted.map(Math.abs).filter(Number.isFinite));
    for (const [k, value] of Array.from(grad, Number).entries()) {
      if (Math.abs(value - wanted[k]!) <= 1e-4 * scale) continue;
      throw new Error(`gradient ${i}[${k}]: ${value} in float32, ${wanted[k]} in float64`);
    }
  }
}

/** On size 0, unless the op refuses it, gradients have the shapes of their inputs. */
function checkEmpty(name: string, row: ValueCase): void {
  const op = describeOp(name);
  const instance = reshaped['gradient on size 0'](op, row);
  if (!instance || !accepts(op, row, instance)) return;
  const made = differentiate(name, row, instance, (v) => v.shape);
  using session = new Session(made.graph);
  for (const [i, grad] of session.runSync(made.grads, { feeds: made.feeds }).entries()) {
    expect(grad.shape).toEqual(made.feeds.get(made.inputs[i]!)!.shape);
  }
}

function compare(
  x: Tensor,
  grad: NDArray,
  feeds: Map<Tensor, NDArray>,
  loss: (feeds: Map<Tensor, NDArray>) => number,
): void {
  const value = feeds.get(x)!;
  expect(grad.shape).toEqual(value.shape);
  const analytic = Array.from(grad, Number);
  const step = steps[x.dtype] ?? 1e-2;
  for (let k = 0; k < value.size; k++) {
    const up = loss(new Map(feeds).set(x, moved(value, k, step)));
    const down = loss(new Map(feeds).set(x, moved(value, k, -step)));
    const numeric = (up - down) / (2 * step);
    const bound = (bounds[x.dtype] ?? 2e-2) * (1 + Math.abs(numeric));
    if (!(Math.abs(analytic[k]! - numeric) <= bound)) {
      throw new Error(`${x.name}[${k}]: gradient ${analytic[k]}, by differences ${numeric}`);
    }
  }
}

/** Ops whose gradient is a refusal; test/api says that it is one. */
const refusing = ['PreventGradient'];

test('every op that has a gradient has a row that checks it', () => {
  const unchecked = Object.entries<Cases>(cases)
    .filter(([name]) => describeOp(name).noGradient === '' && !refusing.includes(name))
    .filter(([, rows]) => !isUntested(rows))
    .filter(
      ([, rows]) => !(rows as readonly Case[]).some((row) => 'gradient' in row && row.gradient),
    )
    .map(([name]) => name);
  expect(unchecked).toEqual([]);
});

const checked = Object.entries<Cases>(cases).flatMap(([name, rows]) =>
  isUntested(rows)
    ? []
    : rows
        .filter(isValueCase)
        .map((row, i) => ({ name, row, i }))
        .filter(({ row }) => row.gradient),
);

test.each(checked)('gradient of $name, value row $i', ({ name, row }) => {
  checkGradient(name, row, instanceFor(name, row, precise(name, row)));
});

test.each(checked)('gradient of $name on size 1, value row $i', ({ name, row }) => {
  const op = describeOp(name);
  const instance = reshaped['gradient on size 1'](op, row);
  if (instance && accepts(op, row, instance)) checkGradient(name, row, instance);
});

const spread = checked.flatMap(({ name, row, i }) => {
  if (checked.some((other) => other.name === name && other.i < i)) return [];
  const instance = reshaped.broadcast(describeOp(name), row);
  return instance ? [{ name, row, instance }] : [];
});
test.each(spread)('gradient of $name with broadcasting', ({ name, row, instance }) => {
  checkGradient(name, row, instance);
});

const inBoth = checked.filter(({ name, row }) =>
  ['float64', 'float32'].every(
    (dtype) =>
      instanceOf(describeOp(name), row, dtype as DType) &&
      (row.dtypes ?? allowedDTypes(describeOp(name))).includes(dtype as DType),
  ),
);
test.each(inBoth)('gradient of $name in float32, value row $i', ({ name, row }) => {
  checkSingle(name, row);
});

test.each(checked)('gradient of $name on size 0, value row $i', ({ name, row }) => {
  checkEmpty(name, row);
});
