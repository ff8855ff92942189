import { type DType, isFloat } from '../../lib/dtype.js';
import { gradients } from '../../lib/gradients.js';
import { Graph } from '../../lib/graph.js';
import { type NDArray, ndarray } from '../../lib/ndArray.js';
import { addOp } from '../../lib/op.js';
import { placeholder } from '../../lib/placeholder.js';
import { Session } from '../../lib/session.js';
import { sizeOf } from '../../lib/shape.js';
import type { Tensor } from '../../lib/tensor.js';
import { type Cases, isUntested, isValueCase, type ValueCase } from './case.js';
import { cases } from './cases/index.js';
import { allowedDTypes, attrsOf, describeOp, feedsOf, instanceOf } from './instances.js';

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

function checkGradient(name: string, row: ValueCase): void {
  const op = describeOp(name);
  const allowed = row.dtypes ?? allowedDTypes(op);
  const dtype = (['float64', 'float32'] as const).find((d) => allowed.includes(d)) ?? null;
  const instance = instanceOf(op, row, dtype);
  if (!instance) throw new Error('no float64 or float32 holds the values of the row');
  const graph = new Graph({ defaultSession: false });
  graph.asDefault(() => {
    const { operands, feeds } = feedsOf(instance, (v) => v.shape);
    const inputs = operands.flat().filter((x): x is Tensor => x !== null);
    const ys = addOp(name, operands, attrsOf(op, row, dtype)).outputs.filter((y) =>
      isFloat(y.dtype),
    );
    using session = new Session(graph);
    const weights = ys.map((y) => placeholder(y.dtype, null));
    const values = session.runSync(ys, { feeds });
    for (const [i, w] of weights.entries()) {
      const { shape, dtype: d } = values[i]!;
      const numbers = Array.from({ length: sizeOf(shape) }, (_, k) => weight(k));
      feeds.set(w, ndarray(numbers, { dtype: d, shape }));
    }
    const loss = (changed: Map<Tensor, NDArray>): number => {
      let sum = 0;
      for (const y of session.runSync(ys, { feeds: changed })) {
        sum += Array.from(y, Number).reduce((total, v, k) => total + v * weight(k), 0);
      }
      return sum;
    };
    const wanted = inputs.filter(
      (x, i) => isFloat(x.dtype) && (!Array.isArray(row.gradient) || row.gradient.includes(i)),
    );
    const grads = gradients(ys, wanted, { gradYs: weights });
    for (const [i, x] of wanted.entries()) {
      const grad = grads[i];
      if (!grad) throw new Error(`no gradient reaches ${x.name}`);
      compare(x, session.runSync(grad, { feeds }), feeds, loss);
    }
  });
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

const checked = Object.entries<Cases>(cases).flatMap(([name, rows]) =>
  isUntested(rows)
    ? []
    : rows
        .filter(isValueCase)
        .map((row, i) => ({ name, row, i }))
        .filter(({ row }) => row.gradient),
);

test.each(checked)('gradient of $name, value row $i', ({ name, row }) => {
  checkGradient(name, row);
});
