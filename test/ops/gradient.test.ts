import type { DType } from '../../lib/dtype.js';
import type { NDArray } from '../../lib/ndArray.js';
import { Session } from '../../lib/session.js';
import type { Tensor } from '../../lib/tensor.js';
import { type Case, type Cases, isUntested, isValueCase, type ValueCase } from './case.js';
import { cases } from './cases/index.js';
import { compare, differentiate, instanceFor, precise, weighted } from './differentiate.js';
import { reshaped } from './edges.js';
import { allowedDTypes, describeOp, type Instance, instanceOf } from './instances.js';
import { accepts } from './runRow.js';

function checkGradient(name: string, row: ValueCase, instance: Instance): void {
  const { graph, inputs, grads, ys, feeds } = differentiate(name, row, instance, (v) => v.shape);
  using session = new Session(graph);
  const loss = (changed: Map<Tensor, NDArray>) => weighted(session.runSync(ys, { feeds: changed }));
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
