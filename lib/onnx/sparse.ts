import { constant } from '../constant.js';
import { EngineError } from '../errors.js';
import type { Graph } from '../graph.js';
import { addOp } from '../op.js';
import { runAtOnce } from '../sliced.js';
import type { Tensor } from '../tensor.js';
import { toNumber } from './attributes.js';
import type { SparseTensorProto } from './proto.js';
import { arrayOf, tensorValue } from './tensorValue.js';

/**
 * A sparse tensor as ops that put its values into zeros: what a file says of its size costs memory
 * in a run alone, which has a limit.
 */
export function sparseTensor(
  { values, indices, dims }: SparseTensorProto,
  graph: Graph,
  where: string,
) {
  const fail = (why: string): never => {
    throw new EngineError('DATA_LOSS', `${where}: a sparse tensor ${why}`);
  };
  const shape = dims.map(toNumber);
  const size = shape.reduce((a, b) => a * b, 1);
  if (shape.some((dim) => dim < 0) || !Number.isSafeInteger(size)) {
    return fail(`has the dims [${shape.join(', ')}]`);
  }
  if (!values || !indices) return fail('lacks values or indices');
  const value = runAtOnce(tensorValue(values, where));
  const index = runAtOnce(tensorValue(indices, where));
  if (value.dtype === 'string' || index.dtype !== 'int64') return fail('has no numbers');
  const count = value.shape.reduce((a, b) => a * b, 1);
  const rows: number[] = [];
  for (const each of arrayOf(index)) rows.push(Number(each));
  const places = rows.length === count ? rows : flattened(rows, shape, count, fail);
  if (places.some((place) => !(place >= 0 && place < size)))
    return fail('has indices beyond its dims');
  const op = (type: string, inputs: readonly unknown[], attrs = {}): Tensor =>
    addOp(type, inputs, attrs, { graph }).outputs[0]!;
  const vector = (list: number[]) =>
    constant(list, { dtype: 'int64', shape: [list.length], graph });
  const given = constant(arrayOf(value), { dtype: value.dtype, shape: [count], graph });
  const zero = op('ZerosLike', [op('Slice', [given, vector([0]), vector([count > 0 ? 1 : 0])])]);
  const none =
    count > 0
      ? op('Reshape', [zero, vector([])])
      : constant(0, { dtype: value.dtype, shape: [], graph });
  const blank = op('Fill', [vector([size]), none]);
  const flat = op('ScatterElements', [blank, vector(places), given], { axis: 0 });
  return op('Reshape', [flat, vector(shape)]);
}

/** Rows of an index for each dim as places in row-major order. */
function flattened(
  rows: readonly number[],
  shape: readonly number[],
  count: number,
  fail: (why: string) => never,
): number[] {
  const rank = shape.length;
  if (rows.length !== count * rank) return fail(`has ${count} values and ${rows.length} indices`);
  return Array.from({ length: count }, (_, i) => {
    const row = rows.slice(i * rank, (i + 1) * rank);
    if (row.some((at, axis) => !(at >= 0 && at < shape[axis]!))) return -1;
    return row.reduce((place, at, axis) => place * shape[axis]! + at, 0);
  });
}
