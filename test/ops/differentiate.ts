import { type DType, isFloat } from '../../lib/dtype.js';
import { gradients } from '../../lib/gradients.js';
import { Graph } from '../../lib/graph.js';
import { type NDArray, ndarray } from '../../lib/ndArray.js';
import { addOp } from '../../lib/op.js';
import { placeholder } from '../../lib/placeholder.js';
import { Session } from '../../lib/session.js';
import { type StaticShape, sizeOf } from '../../lib/shape.js';
import type { Tensor } from '../../lib/tensor.js';
import type { ValueCase } from './case.js';
import {
  attrsOf,
  describeOp,
  feedsOf,
  type Instance,
  instanceOf,
  isDifferentiated,
  preciseDType,
} from './instances.js';

/** Of no pattern, so that errors do not cancel; the same at each run. */
export function weight(i: number): number {
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

export interface Differentiated {
  readonly graph: Graph;
  /** Those that gradients are asked for, and these. */
  readonly inputs: readonly Tensor[];
  readonly grads: readonly Tensor[];
  readonly ys: readonly Tensor[];
  /** What flows into the ys. */
  readonly weights: readonly Tensor[];
  readonly feeds: Map<Tensor, NDArray>;
}

/** The op with the gradients of its weighted results, in a graph of its own. */
export function differentiate(
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
    return { graph, inputs, grads, ys, weights, feeds };
  });
}

export function instanceFor(name: string, row: ValueCase, dtype: DType): Instance {
  const instance = instanceOf(describeOp(name), row, dtype);
  if (!instance) throw new Error('no float64 or float32 holds the values of the row');
  return instance;
}

export const precise = (name: string, row: ValueCase) => preciseDType(describeOp(name), row);

/** The sum of values, weighted. */
export function weighted(values: readonly NDArray[]): number {
  let sum = 0;
  for (const value of values) {
    sum += Array.from(value, Number).reduce((total, v, k) => total + v * weight(k), 0);
  }
  return sum;
}

/** Throws unless grad, null for zeros, is what differences of the loss give at x. */
export function compare(
  x: Tensor,
  grad: NDArray | null,
  feeds: Map<Tensor, NDArray>,
  loss: (feeds: Map<Tensor, NDArray>) => number,
  { tolerance = 1, dtype = x.dtype }: { tolerance?: number; dtype?: DType } = {},
): void {
  const value = feeds.get(x)!;
  if (grad) expect(grad.shape).toEqual(value.shape);
  const analytic = grad ? Array.from(grad, Number) : new Array<number>(value.size).fill(0);
  const step = steps[dtype] ?? 1e-2;
  for (let k = 0; k < value.size; k++) {
    const up = loss(new Map(feeds).set(x, moved(value, k, step)));
    const down = loss(new Map(feeds).set(x, moved(value, k, -step)));
    const numeric = (up - down) / (2 * step);
    const bound = tolerance * (bounds[dtype] ?? 2e-2) * (1 + Math.abs(numeric));
    if (!(Math.abs(analytic[k]! - numeric) <= bound)) {
      throw new Error(`${x.name}[${k}]: gradient ${analytic[k]}, by differences ${numeric}`);
    }
  }
}
