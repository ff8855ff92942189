// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { DType, FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { type Operation, output, outputList } from '../operation.js';
import type { StaticShape } from '../shape.js';
import type { Tensor } from '../tensor.js';

/**
 * Spreads the batch over blocks of block_shape [M] in the dims 1 to M, then cuts crops [M, 2]
 * off their ends: the inverse of SpaceToBatchND.
 */
export function batchToSpaceND<T extends DType>(
  input: Operand<T>,
  blockShape: Operand<'int32' | 'int64'>,
  crops: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('BatchToSpaceND', [input, blockShape, crops], {}, options));
}

/**
 * The bytes of the input as elements of another dtype. A larger one takes the last dim, whose
 * size must be the ratio of the element sizes; a smaller one adds such a dim. Shares the memory
 * of its input.
 */
export function bitcast<D extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'complex64' | 'complex128' | 'float8_e4m3fn' | 'float8_e4m3fnuz' | 'float8_e5m2' | 'float8_e5m2fnuz' | 'float8_e8m0fnu'>(
  input: Operand<'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'complex64' | 'complex128' | 'float8_e4m3fn' | 'float8_e4m3fnuz' | 'float8_e5m2' | 'float8_e5m2fnuz' | 'float8_e8m0fnu'>,
  type: D,
  options: OpOptions = {},
): Tensor<D> {
  return output(addOp('Bitcast', [input], { type }, options));
}

/** The shape to which tensors of the shapes s0 and s1 are broadcast together. */
export function broadcastArgs<T extends 'int32' | 'int64'>(
  s0: Operand<T>,
  s1: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('BroadcastArgs', [s0, s1], {}, options));
}

/**
 * The axes over which the gradient of a broadcast operation is to be summed, for operands of
 * the shapes s0 and s1.
 */
export function broadcastGradientArgs<T extends 'int32' | 'int64'>(
  s0: Operand<T>,
  s1: Operand<T>,
  options: OpOptions = {},
): { readonly r0: Tensor<T>; readonly r1: Tensor<T> } {
  const op = addOp('BroadcastGradientArgs', [s0, s1], {}, options);
  return {
    r0: output(op, 0),
    r1: output(op, 1),
  };
}

/**
 * Repeats the input to the given shape by the rules of numpy broadcasting: dims are matched
 * from the last one on, and a dim of 1 is repeated.
 */
export function broadcastTo<T extends DType>(
  input: Operand<T>,
  shape: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('BroadcastTo', [input, shape], {}, options));
}

/** The input itself; an error that begins with the message when it holds NaN or infinities. */
export function checkNumerics<T extends FloatDType>(
  tensor: Operand<T>,
  message: string,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('CheckNumerics', [tensor], { message }, options));
}

/**
 * Joins tensors along one axis, a scalar in [-rank, rank). All other dims must be equal;
 * scalars cannot be joined.
 */
export function concat<T extends DType>(
  values: readonly Operand<T>[],
  axis: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('ConcatV2', [values, axis], {}, options));
}

export interface DepthToSpaceOptions extends OpOptions {
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
}

/**
 * Spreads the depth over blocks of block_size x block_size positions: the inverse of
 * SpaceToDepth. The depth must be divisible by the square of block_size.
 */
export function depthToSpace<T extends DType>(
  input: Operand<T>,
  blockSize: number | bigint,
  options: DepthToSpaceOptions = {},
): Tensor<T> {
  return output(addOp('DepthToSpace', [input], { block_size: blockSize, data_format: options.dataFormat }, options, ['dataFormat']));
}

/** Deals the rows of data out: row i goes to output partitions[i], after those before it. */
export function dynamicPartition<T extends DType>(
  data: Operand<T>,
  partitions: Operand<'int32'>,
  numPartitions: number | bigint,
  options: OpOptions = {},
): Tensor<T>[] {
  return outputList(addOp('DynamicPartition', [data, partitions], { num_partitions: numPartitions }, options), 0, 0);
}

/**
 * The input itself, after a check that its shape is compatible with the attr; what the attr
 * says becomes known to shape inference.
 */
export function ensureShape<T extends DType>(
  input: Operand<T>,
  shape: StaticShape,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('EnsureShape', [input], { shape }, options));
}

/**
 * Inserts a dim of 1 at index dim, a scalar in [-rank - 1, rank]. Shares the memory of its
 * input.
 */
export function expandDims<T extends DType>(
  input: Operand<T>,
  dim: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('ExpandDims', [input, dim], {}, options));
}

/** A tensor of shape dims with the scalar value everywhere. */
export function fill<T extends DType>(
  dims: Operand<'int32' | 'int64'>,
  value: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Fill', [dims, value], {}, options));
}

export interface GatherElementsOptions extends OpOptions {
  /** Default: 0. */
  readonly axis?: number | bigint | undefined;
}

/**
 * For each element of indices, the element of data at the same place but for axis, where the
 * index stands: along axis 0 of 2 dims, data[indices[i, j], j]. indices has the rank of data
 * and no larger dims but along axis. Indices in [-dim, dim).
 */
export function gatherElements<T extends DType>(
  data: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  options: GatherElementsOptions = {},
): Tensor<T> {
  return output(addOp('GatherElements', [data, indices], { axis: options.axis }, options, ['axis']));
}

export interface GatherNdOptions extends OpOptions {
  /** Default: 0. */
  readonly batchDims?: number | bigint | undefined;
}

/**
 * For each tuple of K indices along the last dim of indices, [..., K], the slice of params at
 * params[i0, ..., iK-1]. With batch_dims, the first dims are common to both. An index out of
 * range is an error.
 */
export function gatherNd<Tparams extends DType>(
  params: Operand<Tparams>,
  indices: Operand<'int32' | 'int64'>,
  options: GatherNdOptions = {},
): Tensor<Tparams> {
  return output(addOp('GatherNd', [params, indices], { batch_dims: options.batchDims }, options, ['batchDims']));
}

export interface GatherOptions extends OpOptions {
  /** Default: 0. */
  readonly batchDims?: number | bigint | undefined;
}

/**
 * The slices of params along axis that indices name: params[..., indices, ...]. With
 * batch_dims, the first dims of params and indices are the same and each index looks into its
 * own batch. An index outside [0, dim) is an error.
 */
export function gather<Tparams extends DType>(
  params: Operand<Tparams>,
  indices: Operand<'int32' | 'int64'>,
  axis: Operand<'int32' | 'int64'> = 0,
  options: GatherOptions = {},
): Tensor<Tparams> {
  return output(addOp('GatherV2', [params, indices, axis], { batch_dims: options.batchDims }, options, ['batchDims']));
}

/** The input itself; a place to hang control dependencies on. */
export function identity<T extends DType>(
  input: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Identity', [input], {}, options));
}

/** The inputs themselves, available all together. */
export function identityN(
  input: readonly Operand<DType>[],
  options: OpOptions = {},
): Tensor<DType>[] {
  return outputList(addOp('IdentityN', [input], {}, options), 0, 0);
}

/** The inverse y of a permutation x of [0, n): y[x[i]] = i. */
export function invertPermutation<T extends 'int32' | 'int64'>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('InvertPermutation', [x], {}, options));
}

/** num values at even distances from start to stop, both included; num is at least 1. */
export function linspace<T extends FloatDType>(
  start: Operand<T>,
  stop: Operand<T>,
  num: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('LinSpace', [start, stop, num], {}, options));
}

export interface Setdiff1dOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly outIdx?: D | undefined;
}

/**
 * The elements of the vector x that are not in y, in their order and as often as they come, and
 * their indices in x.
 */
export function setdiff1d<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'string', D extends 'int32' | 'int64' = 'int32'>(
  x: Operand<T>,
  y: Operand<T>,
  options: Setdiff1dOptions<D> = {},
): { readonly out: Tensor<T>; readonly idx: Tensor<D> } {
  const op = addOp('ListDiff', [x, y], { out_idx: options.outIdx }, options, ['outIdx']);
  return {
    out: output(op, 0),
    idx: output(op, 1),
  };
}

/**
 * The matrices in the last two dims with zeros outside of num_lower diagonals below and
 * num_upper above the main one; a negative number keeps all of that side.
 */
export function matrixBandPart<T extends DType, Tindex extends 'int32' | 'int64'>(
  input: Operand<T>,
  numLower: Operand<Tindex>,
  numUpper: Operand<Tindex>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('MatrixBandPart', [input, numLower, numUpper], {}, options));
}

/**
 * Pads the input with its own mirror image. REFLECT does not repeat the edge, SYMMETRIC does;
 * paddings[i] are at most the size of dim i less one, or that size.
 */
export function mirrorPad<T extends DType>(
  input: Operand<T>,
  paddings: Operand<'int32' | 'int64'>,
  mode: 'REFLECT' | 'SYMMETRIC',
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('MirrorPad', [input, paddings], { mode }, options));
}

/** Does nothing; carries control dependencies. */
export function noOp(
  options: OpOptions = {},
): Operation {
  return addOp('NoOp', [], {}, options);
}

export interface OneHotOptions extends OpOptions {
  /** Default: -1. */
  readonly axis?: number | bigint | undefined;
}

/**
 * Puts on_value where the new dim's position is the index and off_value elsewhere. The new dim
 * has size depth and stands at axis (-1: last). An index outside [0, depth) gives off_value
 * alone.
 */
export function oneHot<T extends DType = 'float32'>(
  indices: Operand<'uint8' | 'int8' | 'int32' | 'int64'>,
  depth: Operand<'int32' | 'int64'>,
  onValue: Operand<T> = 1,
  offValue: Operand<T> = 0,
  options: OneHotOptions = {},
): Tensor<T> {
  return output(addOp('OneHot', [indices, depth, onValue, offValue], { axis: options.axis }, options, ['axis']));
}

/** Ones (true) of the shape and dtype of x. */
export function onesLike<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'complex64' | 'complex128'>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('OnesLike', [x], {}, options));
}

export interface StackOptions extends OpOptions {
  /** Default: 0. */
  readonly axis?: number | bigint | undefined;
}

/** Stacks tensors of one shape along a new axis, an index in [-rank - 1, rank]. */
export function stack<T extends DType>(
  values: readonly Operand<T>[],
  options: StackOptions = {},
): Tensor<T> {
  return output(addOp('Pack', [values], { axis: options.axis }, options, ['axis']));
}

/**
 * Puts paddings[i, 0] times the scalar constant_values in front of and paddings[i, 1] times
 * behind the input along each dim i.
 */
export function pad<T extends DType>(
  input: Operand<T>,
  paddings: Operand<'int32' | 'int64'>,
  constantValues: Operand<T> = 0,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('PadV2', [input, paddings, constantValues], {}, options));
}

export interface PlaceholderWithDefaultOptions extends OpOptions {
  readonly shape?: StaticShape | undefined;
}

/** A value that may be fed; otherwise the input. Its shape may be looser than the default's. */
export function placeholderWithDefault<D extends DType>(
  input: Operand<D>,
  options: PlaceholderWithDefaultOptions = {},
): Tensor<D> {
  return output(addOp('PlaceholderWithDefault', [input], { shape: options.shape }, options, ['shape']));
}

export interface PreventGradientOptions extends OpOptions {
  readonly message?: string | undefined;
}

/** The input itself; asking for a gradient through it is an error, which gives the message. */
export function preventGradient<T extends DType>(
  input: Operand<T>,
  options: PreventGradientOptions = {},
): Tensor<T> {
  return output(addOp('PreventGradient', [input], { message: options.message }, options, ['message']));
}

/** The vector start, start + delta, ... up to but without limit; delta may be negative. */
export function range<Tidx extends FloatDType | IntegerDType>(
  start: Operand<Tidx>,
  limit: Operand<Tidx>,
  delta: Operand<Tidx> = 1,
  options: OpOptions = {},
): Tensor<Tidx> {
  return output(addOp('Range', [start, limit, delta], {}, options));
}

/** The number of dimensions of the input. */
export function rank(
  input: Operand<DType>,
  options: OpOptions = {},
): Tensor<'int32'> {
  return output(addOp('Rank', [input], {}, options));
}

/**
 * The elements of tensor, in row-major order, under another shape. At most one dim of shape may
 * be -1: it takes what is left. The number of elements must stay the same. Shares the memory of
 * its input.
 */
export function reshape<T extends DType>(
  tensor: Operand<T>,
  shape: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Reshape', [tensor, shape], {}, options));
}

export interface ReverseSequenceOptions extends OpOptions {
  /** Default: 0. */
  readonly batchDim?: number | bigint | undefined;
}

/**
 * For each index b along batch_dim, turns the first seq_lengths[b] elements along seq_dim
 * around; the others stay.
 */
export function reverseSequence<T extends DType>(
  input: Operand<T>,
  seqLengths: Operand<'int32' | 'int64'>,
  seqDim: number | bigint,
  options: ReverseSequenceOptions = {},
): Tensor<T> {
  return output(addOp('ReverseSequence', [input, seqLengths], { seq_dim: seqDim, batch_dim: options.batchDim }, options, ['batchDim']));
}

/** Turns the order of the elements around along the given axes, of which none may come twice. */
export function reverse<T extends DType>(
  tensor: Operand<T>,
  axis: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('ReverseV2', [tensor, axis], {}, options));
}

/**
 * Moves the elements by shift[i] places along axis[i], cyclically; an axis that comes twice is
 * moved by the sum.
 */
export function roll<T extends DType>(
  input: Operand<T>,
  shift: Operand<'int32' | 'int64'>,
  axis: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Roll', [input, shift, axis], {}, options));
}

export interface ScatterElementsOptions extends OpOptions {
  /** Default: 0. */
  readonly axis?: number | bigint | undefined;
  /** Default: "none". */
  readonly reduction?: 'none' | 'add' | 'mul' | 'min' | 'max' | undefined;
}

/**
 * data with each element of updates put at its own place but for axis, where the element of
 * indices stands: along axis 0 of 2 dims, data[indices[i, j], j] = updates[i, j]. With a
 * reduction, combined with what is there, in order. Indices in [-dim, dim).
 */
export function scatterElements<T extends DType>(
  data: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  options: ScatterElementsOptions = {},
): Tensor<T> {
  return output(addOp('ScatterElements', [data, indices, updates], { axis: options.axis, reduction: options.reduction }, options, ['axis', 'reduction']));
}

/**
 * Zeros of the given shape with the slices of updates added at the places that the index tuples
 * along the last dim of indices, [..., K], name. updates has shape indices[:-1] + shape[K:].
 * Slices that meet are summed in order; an index out of range is an error.
 */
export function scatterNd<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'complex64' | 'complex128'>(
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  shape: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('ScatterNd', [indices, updates, shape], {}, options));
}

/**
 * Row i of the result is the sum of the rows of data whose id is i, zero when there is none.
 * The ids begin at 0 or later and do not fall.
 */
export function segmentSum<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'complex64' | 'complex128'>(
  data: Operand<T>,
  segmentIds: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('SegmentSum', [data, segmentIds], {}, options));
}

export interface ShapeOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly outType?: D | undefined;
}

/** The shape of the input, as a vector of its dims. */
export function shape<D extends 'int32' | 'int64' = 'int32'>(
  input: Operand<DType>,
  options: ShapeOptions<D> = {},
): Tensor<D> {
  return output(addOp('Shape', [input], { out_type: options.outType }, options, ['outType']));
}

export interface ShapeNOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly outType?: D | undefined;
}

/** The shapes of the inputs, one vector each. */
export function shapeN<D extends 'int32' | 'int64' = 'int32'>(
  input: readonly Operand<DType>[],
  options: ShapeNOptions<D> = {},
): Tensor<D>[] {
  return outputList(addOp('ShapeN', [input], { out_type: options.outType }, options, ['outType']), 0, 0);
}

export interface SizeOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly outType?: D | undefined;
}

/** The number of elements of the input. */
export function size<D extends 'int32' | 'int64' = 'int32'>(
  input: Operand<DType>,
  options: SizeOptions<D> = {},
): Tensor<D> {
  return output(addOp('Size', [input], { out_type: options.outType }, options, ['outType']));
}

/**
 * The part of the input that starts at begin and has the given size, one element of each per
 * dim; a size of -1 goes to the end of its dim.
 */
export function slice<T extends DType, Index extends 'int32' | 'int64'>(
  input: Operand<T>,
  begin: Operand<Index>,
  size: Operand<Index>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Slice', [input, begin, size], {}, options));
}

/**
 * Pads the dims 1 to M with zeros by paddings [M, 2], then moves the places within blocks of
 * block_shape [M] into the batch dim, in front. What dilated convolution is made of.
 */
export function spaceToBatchND<T extends DType>(
  input: Operand<T>,
  blockShape: Operand<'int32' | 'int64'>,
  paddings: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('SpaceToBatchND', [input, blockShape, paddings], {}, options));
}

export interface SpaceToDepthOptions extends OpOptions {
  /** Default: "NHWC". */
  readonly dataFormat?: 'NHWC' | 'NCHW' | undefined;
}

/**
 * Moves blocks of block_size x block_size positions into the depth: position (i, j) of a block
 * becomes the depths from (i * block_size + j) * D on. Height and width must be divisible by
 * block_size.
 */
export function spaceToDepth<T extends DType>(
  input: Operand<T>,
  blockSize: number | bigint,
  options: SpaceToDepthOptions = {},
): Tensor<T> {
  return output(addOp('SpaceToDepth', [input], { block_size: blockSize, data_format: options.dataFormat }, options, ['dataFormat']));
}

/**
 * Takes a tensor apart into num_split equal parts along split_dim, which their number must
 * divide.
 */
export function split<T extends DType>(
  splitDim: Operand<'int32' | 'int64'>,
  value: Operand<T>,
  numSplit: number | bigint,
  options: OpOptions = {},
): Tensor<T>[] {
  return outputList(addOp('Split', [splitDim, value], { num_split: numSplit }, options), 0, 0);
}

/**
 * Takes a tensor apart along split_dim into parts of the sizes size_splits, which add up to the
 * size of that dim; one of them may be -1 and takes the rest.
 */
export function splitV<T extends DType>(
  value: Operand<T>,
  sizeSplits: Operand<'int32' | 'int64'>,
  splitDim: Operand<'int32' | 'int64'>,
  numSplit: number | bigint,
  options: OpOptions = {},
): Tensor<T>[] {
  return outputList(addOp('SplitV', [value, sizeSplits, splitDim], { num_split: numSplit }, options), 0, 0);
}

export interface SqueezeOptions extends OpOptions {
  /** Default: []. */
  readonly squeezeDims?: readonly (number | bigint)[] | undefined;
}

/**
 * Drops the dims listed in squeeze_dims, which must be 1; without a list, all dims that are 1.
 * Shares the memory of its input.
 */
export function squeeze<T extends DType>(
  input: Operand<T>,
  options: SqueezeOptions = {},
): Tensor<T> {
  return output(addOp('Squeeze', [input], { squeeze_dims: options.squeezeDims }, options, ['squeezeDims']));
}

/** The input itself; no gradient flows through it. */
export function stopGradient<T extends DType>(
  input: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('StopGradient', [input], {}, options));
}

export interface StridedSliceOptions extends OpOptions {
  /** Default: 0. */
  readonly beginMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly endMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly ellipsisMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly newAxisMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly shrinkAxisMask?: number | bigint | undefined;
}

/**
 * Python's x[begin:end:strides], one element of each per index. Bit i of a mask speaks of index
 * i: begin_mask and end_mask leave that side open, ellipsis_mask stands for all dims not named
 * (once at most), new_axis_mask inserts a dim of 1, and shrink_axis_mask takes the one element
 * at begin and drops the dim. Negative indices count from the end; ranges are cut off at the
 * ends, but an index to shrink must be in range.
 */
export function stridedSlice<T extends DType, Index extends 'int32' | 'int64'>(
  input: Operand<T>,
  begin: Operand<Index>,
  end: Operand<Index>,
  strides: Operand<Index>,
  options: StridedSliceOptions = {},
): Tensor<T> {
  return output(addOp('StridedSlice', [input, begin, end, strides], { begin_mask: options.beginMask, end_mask: options.endMask, ellipsis_mask: options.ellipsisMask, new_axis_mask: options.newAxisMask, shrink_axis_mask: options.shrinkAxisMask }, options, ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask']));
}

export interface StridedSliceGradOptions extends OpOptions {
  /** Default: 0. */
  readonly beginMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly endMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly ellipsisMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly newAxisMask?: number | bigint | undefined;
  /** Default: 0. */
  readonly shrinkAxisMask?: number | bigint | undefined;
}

/** Zeros of the given shape with dy where StridedSlice would read: its gradient. */
export function stridedSliceGrad<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'complex64' | 'complex128', Index extends 'int32' | 'int64'>(
  shape: Operand<'int32' | 'int64'>,
  begin: Operand<Index>,
  end: Operand<Index>,
  strides: Operand<Index>,
  dy: Operand<T>,
  options: StridedSliceGradOptions = {},
): Tensor<T> {
  return output(addOp('StridedSliceGrad', [shape, begin, end, strides, dy], { begin_mask: options.beginMask, end_mask: options.endMask, ellipsis_mask: options.ellipsisMask, new_axis_mask: options.newAxisMask, shrink_axis_mask: options.shrinkAxisMask }, options, ['beginMask', 'endMask', 'ellipsisMask', 'newAxisMask', 'shrinkAxisMask']));
}

export interface StringJoinOptions extends OpOptions {
  readonly separator?: string | undefined;
}

/**
 * The elements of the inputs one after the other, with the separator between them. Inputs of
 * rank 0 go with every element of the others.
 */
export function stringJoin(
  inputs: readonly Operand<'string'>[],
  options: StringJoinOptions = {},
): Tensor<'string'> {
  return output(addOp('StringJoin', [inputs], { separator: options.separator }, options, ['separator']));
}

/**
 * tensor with the slices of updates added at the places that the index tuples along the last
 * dim of indices name, in order.
 */
export function tensorScatterAdd<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'complex64' | 'complex128'>(
  tensor: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TensorScatterAdd', [tensor, indices, updates], {}, options));
}

/**
 * tensor with the maximum of itself and the slices of updates at the places that the index
 * tuples along the last dim of indices name. NaN wins.
 */
export function tensorScatterMax<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(
  tensor: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TensorScatterMax', [tensor, indices, updates], {}, options));
}

/**
 * tensor with the minimum of itself and the slices of updates at the places that the index
 * tuples along the last dim of indices name. NaN wins.
 */
export function tensorScatterMin<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>(
  tensor: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TensorScatterMin', [tensor, indices, updates], {}, options));
}

/**
 * tensor multiplied by the slices of updates at the places that the index tuples along the last
 * dim of indices name, in order.
 */
export function tensorScatterMul<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'complex64' | 'complex128'>(
  tensor: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TensorScatterMul', [tensor, indices, updates], {}, options));
}

/**
 * tensor with the slices of updates subtracted at the places that the index tuples along the
 * last dim of indices name, in order.
 */
export function tensorScatterSub<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'complex64' | 'complex128'>(
  tensor: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TensorScatterSub', [tensor, indices, updates], {}, options));
}

/**
 * tensor with the slices of updates put at the places that the index tuples along the last dim
 * of indices name; of slices that meet the last one stays.
 */
export function tensorScatterUpdate<T extends DType>(
  tensor: Operand<T>,
  indices: Operand<'int32' | 'int64'>,
  updates: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('TensorScatterUpdate', [tensor, indices, updates], {}, options));
}

/** Repeats the input multiples[i] times along each dim i. */
export function tile<T extends DType>(
  input: Operand<T>,
  multiples: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Tile', [input, multiples], {}, options));
}

export interface TopKOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly indexType?: D | undefined;
  /** Default: true. */
  readonly sorted?: boolean | undefined;
  /** Default: true. */
  readonly largest?: boolean | undefined;
}

/**
 * The k largest elements along the last dim, with their indices; the smallest ones when largest
 * is false. In order; of equal elements the one of lower index comes first. NaN counts as
 * larger than all numbers. sorted = false allows any order, and this engine gives the sorted
 * one.
 */
export function topK<T extends FloatDType | IntegerDType, D extends 'int32' | 'int64' = 'int32'>(
  input: Operand<T>,
  k: Operand<'int32' | 'int64'>,
  options: TopKOptions<D> = {},
): { readonly values: Tensor<T>; readonly indices: Tensor<D> } {
  const op = addOp('TopKV2', [input, k], { index_type: options.indexType, sorted: options.sorted, largest: options.largest }, options, ['indexType', 'sorted', 'largest']);
  return {
    values: output(op, 0),
    indices: output(op, 1),
  };
}

/**
 * Permutes the dims: dim i of the result is dim perm[i] of x. perm is a permutation of [0,
 * rank).
 */
export function transpose<T extends DType>(
  x: Operand<T>,
  perm: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('Transpose', [x, perm], {}, options));
}

export interface UniqueOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly outIdx?: D | undefined;
}

/**
 * The distinct elements y of a vector, in the order in which they first come, and for each
 * element of x its index in y. NaN is distinct from everything.
 */
export function unique<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'string', D extends 'int32' | 'int64' = 'int32'>(
  x: Operand<T>,
  options: UniqueOptions<D> = {},
): { readonly y: Tensor<T>; readonly idx: Tensor<D> } {
  const op = addOp('Unique', [x], { out_idx: options.outIdx }, options, ['outIdx']);
  return {
    y: output(op, 0),
    idx: output(op, 1),
  };
}

export interface UniqueSlicesOptions extends OpOptions {
  /** Default: 0. */
  readonly axis?: number | bigint | undefined;
  /** Default: true. */
  readonly sorted?: boolean | undefined;
}

/**
 * The distinct slices along an axis, sorted or in the order in which they first come; where
 * each first comes, for each slice of x its index in y, and how often each comes. NaN equals
 * NaN here and comes last.
 */
export function uniqueSlices<T extends 'float32' | 'float64' | 'int8' | 'uint8' | 'int32' | 'int64' | 'string'>(
  x: Operand<T>,
  options: UniqueSlicesOptions = {},
): { readonly y: Tensor<T>; readonly indices: Tensor<'int64'>; readonly inverseIndices: Tensor<'int64'>; readonly counts: Tensor<'int64'> } {
  const op = addOp('UniqueSlices', [x], { axis: options.axis, sorted: options.sorted }, options, ['axis', 'sorted']);
  return {
    y: output(op, 0),
    indices: output(op, 1),
    inverseIndices: output(op, 2),
    counts: output(op, 3),
  };
}

export interface UniqueAlongOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly outIdx?: D | undefined;
}

/**
 * The distinct slices y of x along an axis, in the order in which they first come, and for each
 * slice of x its index in y. axis has one element; none for a vector. NaN is distinct from
 * everything.
 */
export function uniqueAlong<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'string', D extends 'int32' | 'int64' = 'int32'>(
  x: Operand<T>,
  axis: Operand<'int32' | 'int64'>,
  options: UniqueAlongOptions<D> = {},
): { readonly y: Tensor<T>; readonly idx: Tensor<D> } {
  const op = addOp('UniqueV2', [x, axis], { out_idx: options.outIdx }, options, ['outIdx']);
  return {
    y: output(op, 0),
    idx: output(op, 1),
  };
}

export interface UniqueWithCountsOptions<D extends 'int32' | 'int64' = 'int32'> extends OpOptions {
  /** Default: "int32". */
  readonly outIdx?: D | undefined;
}

/** As Unique, and how often each element of y comes. */
export function uniqueWithCounts<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'string', D extends 'int32' | 'int64' = 'int32'>(
  x: Operand<T>,
  options: UniqueWithCountsOptions<D> = {},
): { readonly y: Tensor<T>; readonly idx: Tensor<D>; readonly count: Tensor<D> } {
  const op = addOp('UniqueWithCounts', [x], { out_idx: options.outIdx }, options, ['outIdx']);
  return {
    y: output(op, 0),
    idx: output(op, 1),
    count: output(op, 2),
  };
}

export interface UnstackOptions extends OpOptions {
  /** Default: 0. */
  readonly axis?: number | bigint | undefined;
}

/**
 * Takes a tensor apart along an axis in [-rank, rank) into num tensors without that axis; num
 * must be its size.
 */
export function unstack<T extends DType>(
  value: Operand<T>,
  num: number | bigint,
  options: UnstackOptions = {},
): Tensor<T>[] {
  return outputList(addOp('Unpack', [value], { num, axis: options.axis }, options, ['axis']), 0, 0);
}

/** As SegmentSum, for ids in any order and of any rank; rows with a negative id are dropped. */
export function unsortedSegmentSum<T extends 'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'complex64' | 'complex128'>(
  data: Operand<T>,
  segmentIds: Operand<'int32' | 'int64'>,
  numSegments: Operand<'int32' | 'int64'>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('UnsortedSegmentSum', [data, segmentIds, numSegments], {}, options));
}

/**
 * The places of the elements that are true or not zero, one row of indices each, in row-major
 * order: shape [count, rank]. NaN is not zero.
 */
export function where(
  input: Operand<'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool' | 'complex64' | 'complex128'>,
  options: OpOptions = {},
): Tensor<'int64'> {
  return output(addOp('Where', [input], {}, options));
}

/** Zeros (false, empty strings) of the shape and dtype of x. */
export function zerosLike<T extends DType>(
  x: Operand<T>,
  options: OpOptions = {},
): Tensor<T> {
  return output(addOp('ZerosLike', [x], {}, options));
}
