import { native } from './binding.js';
import { addConstant } from './constant.js';
import { toValue } from './convert.js';
import type { DType } from './dtype.js';
import { invalidArgument } from './errors.js';
import { concat, reshape } from './generated/array.js';
import { cast } from './generated/math.js';
import type { NDArray } from './ndArray.js';
import { addOp } from './op.js';
import { targetGraph } from './subgraph.js';
import { Tensor } from './tensor.js';

/**
 * A tensor of zeros but for some rows, where rows named twice add up: the gradient of what was looked
 * up in a table. `run` gives its parts as they are; `toDense` is the tensor.
 */
export class IndexedSlices<D extends DType = DType> {
  /** [count, ...], like rows of the dense tensor. */
  readonly values: Tensor<D>;
  /** [count]: which rows. */
  readonly indices: Tensor<'int64'>;
  /** The shape of the dense tensor, a vector. */
  readonly denseShape: Tensor<'int64'>;

  constructor(values: Tensor<D>, indices: Tensor<'int64'>, denseShape: Tensor<'int64'>) {
    for (const [name, part] of Object.entries({ values, indices, denseShape })) {
      if (!(part instanceof Tensor)) throw invalidArgument(name, 'a tensor', part);
    }
    this.values = values;
    this.indices = indices;
    this.denseShape = denseShape;
  }

  /**
   * The whole tensor. `indexedSlices` finds the parts in it again, so its zeros are only computed
   * where something else asks for them.
   */
  toDense(): Tensor<D> {
    const axis = addConstant(targetGraph(this.values.graph), toValue(0, 'int32', 'axis'));
    const inputs = [this.denseShape, this.indices, axis, this.values];
    return addOp('GatherV2Grad', inputs, { _slices: true }).outputs[0] as Tensor<D>;
  }
}

/** What fetching slices gives. */
export interface IndexedSlicesValue<D extends DType = DType> {
  readonly values: NDArray<D>;
  readonly indices: NDArray<'int64'>;
  readonly denseShape: NDArray<'int64'>;
}

/**
 * The slices that a gradient consists of: of `gather` along axis 0, as embeddings do it, and of sums
 * of such gradients. null: its other elements are not all zero, or nothing is known of that.
 */
export function indexedSlices<D extends DType>(gradient: Tensor<D>): IndexedSlices<D> | null {
  if (!(gradient instanceof Tensor)) throw invalidArgument('gradient', 'a tensor', gradient);
  const inner = gradient.shape?.slice(1);
  if (inner === undefined || inner.some((dim) => dim === null || dim === 0)) return null;
  const leaves = leavesOf(gradient);
  if (leaves === null) return null;
  const parts = leaves.map(({ op: { inputs } }) => ({
    values: reshape(inputs[3] as Tensor<D>, [-1, ...(inner as number[])]),
    indices: cast(reshape(inputs[1] as Tensor<'int32' | 'int64'>, [-1]), 'int64'),
  }));
  const [first] = parts;
  const denseShape = cast(leaves[0]!.op.inputs[0] as Tensor<'int32' | 'int64'>, 'int64');
  if (parts.length === 1) return new IndexedSlices(first!.values, first!.indices, denseShape);
  const values = concat(
    parts.map((part) => part.values),
    0,
  );
  const indices = concat(
    parts.map((part) => part.indices),
    0,
  );
  return new IndexedSlices(values as Tensor<D>, indices, denseShape);
}

/** The gradients of single lookups that the tensor is the sum of. */
function leavesOf<D extends DType>(gradient: Tensor<D>): readonly Tensor<D>[] | null {
  const { op } = gradient;
  if (op.type === 'GatherV2Grad') {
    return native.nodeAttr(op.graph.handle, op.id, '_slices') === true ? [gradient] : null;
  }
  if (op.type !== 'AddN') return null;
  const leaves: Tensor<D>[] = [];
  for (const input of op.inputs) {
    const found = leavesOf(input as Tensor<D>);
    if (found === null) return null;
    leaves.push(...found);
  }
  return leaves;
}

/** The same tensor by slices of which each row comes once, in ascending order. @internal */
export function summedSlices<D extends DType>(slices: IndexedSlices<D>): IndexedSlices<D> {
  const { values, indices, denseShape } = slices;
  const { outputs } = addOp('SumIndexedSlices', [values, indices, denseShape]);
  return new IndexedSlices(outputs[0] as Tensor<D>, outputs[1] as Tensor<'int64'>, denseShape);
}

/**
 * Applies what leaves zeros as they are: to the summed rows of slices, else to all. The result is
 * slices if x is. @internal
 */
export function onRows<D extends DType>(
  x: Tensor<D>,
  apply: (x: Tensor<D>) => Tensor<D>,
): Tensor<D> {
  const slices = indexedSlices(x);
  if (slices === null) return apply(x);
  const { values, indices, denseShape } = summedSlices(slices);
  return new IndexedSlices(apply(values), indices, denseShape).toDense();
}

/** Elements of x that may not be zero: the summed rows of slices, else all. @internal */
export function rowsOf<D extends DType>(x: Tensor<D>): Tensor<D> {
  const slices = indexedSlices(x);
  return slices === null ? x : summedSlices(slices).values;
}
