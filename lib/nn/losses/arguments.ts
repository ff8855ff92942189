import type { FloatDType } from '../../dtype.js';
import { formatShape } from '../../shape.js';
import { targetGraph } from '../../subgraph.js';
import type { Tensor } from '../../tensor.js';
import { failure, floatTensor, type LayerInput, type Numbers, numbersAs } from '../checks.js';

/** The predictions and, in their dtype, the labels, which have to have the same shape. */
export function pair<D extends FloatDType>(
  labels: Numbers,
  predictions: LayerInput<D>,
  name = 'predictions',
): { readonly y: Tensor<D>; readonly p: Tensor<D> } {
  const p = floatTensor(predictions, name);
  const y = numbersAs(labels, p.dtype, 'labels', targetGraph(p.graph));
  checkSameShape(y, p, name);
  return { y, p };
}

/** Broadcasting labels [n] with predictions [n, 1] would make n times n of them. */
export function checkSameShape(labels: Tensor, predictions: Tensor, name: string): void {
  const [a, b] = [labels.shape, predictions.shape];
  if (a === null || b === null) return;
  if (a.length === b.length && a.every((dim, i) => sameDim(dim, b[i] ?? null))) return;
  throw failure(`Shapes of labels ${formatShape(a)} and ${name} ${formatShape(b)} differ.`);
}

function sameDim(a: number | null, b: number | null): boolean {
  return a === null || b === null || a === b;
}

/** Calls fn in the name scope of a loss on x. */
export function inLoss<R>(name: string, given: string | undefined, x: Tensor, fn: () => R): R {
  return targetGraph(x.graph).nameScope(given ?? name, fn);
}
