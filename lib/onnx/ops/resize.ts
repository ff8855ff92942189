import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { dimTensor, upTo } from './shapes.js';
import { channelsFirst, channelsLast } from './window.js';

/** How far one axis is stretched, and how long it gets where that is known. */
interface Stretch {
  readonly axis: number;
  readonly scale: number;
  readonly size: number | Tensor;
}

interface Plan {
  readonly mode: string;
  /** How an output place is taken back to the input. */
  readonly transform: string;
  readonly nearest: string;
  readonly stretches: readonly Stretch[];
}

function byScales(n: ImportNode, scales: readonly number[], axes: readonly number[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [i, axis] of axes.entries()) {
    const scale = scales[i] ?? 1;
    if (scale === 1) continue;
    const dim = n.x.shape?.[axis];
    found.push({ axis, scale, size: scaledSize(n, axis, scale, dim ?? null) });
  }
  return found;
}

function scaledSize(n: ImportNode, axis: number, scale: number, dim: number | null) {
  if (dim !== null) return Math.floor(dim * scale);
  const size = dimTensor(n, n.x, axis);
  if (Number.isInteger(scale)) return n.op('Mul', [size, n.constant(scale, 'int64', [])]);
  const wide = n.op('Mul', [n.op('Cast', [size], { DstT: 'float64' }), scale]);
  return n.op('Cast', [n.op('Floor', [wide])], { DstT: 'int64' });
}

function bySizes(n: ImportNode, sizes: readonly number[], axes: readonly number[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [i, axis] of axes.entries()) {
    const dim = n.x.shape?.[axis];
    const size = sizes[i] ?? 1;
    if (typeof dim !== 'number') return n.unsupported('sizes for dims that are not known');
    if (size !== dim) found.push({ axis, scale: size / dim, size });
  }
  return found;
}

function resize(n: ImportNode, plan: Plan): Tensor {
  if (plan.stretches.length === 0) return n.out('Identity', [n.x]);
  if (plan.mode === 'nearest') return nearest(n, plan);
  if (plan.mode === 'linear') return bilinear(n, plan);
  return n.unsupported(`mode '${plan.mode}'`);
}

/** Whole steps of equal length, as TensorFlow's own op makes them. */
function isPlainNearest(n: ImportNode, { transform, nearest, stretches }: Plan): boolean {
  return (
    n.rank() === 4 &&
    transform === 'asymmetric' &&
    nearest === 'floor' &&
    stretches.every(({ axis, scale }) => axis >= 2 && Number.isInteger(scale))
  );
}

function nearest(n: ImportNode, plan: Plan): Tensor {
  if (isPlainNearest(n, plan)) return imageOp(n, 'ResizeNearestNeighbor', plan.stretches, {});
  let y = n.x;
  for (const stretch of plan.stretches) {
    y = n.op('GatherV2', [y, nearestIndices(n, plan, stretch), stretch.axis]);
  }
  return n.out('Identity', [y]);
}

function nearestIndices(n: ImportNode, plan: Plan, { axis, scale, size }: Stretch): Tensor {
  const dim = n.x.shape?.[axis];
  if (typeof dim !== 'number' || typeof size !== 'number') {
    return n.unsupported('nearest mode over dims that are not known');
  }
  const indices = upTo(size).map((place) => {
    const from = inputPlace(n, plan.transform, place, scale, dim, size);
    return Math.max(0, Math.min(dim - 1, rounded(n, plan.nearest, from)));
  });
  return n.constant(indices, 'int64', [size]);
}

function inputPlace(
  n: ImportNode,
  transform: string,
  place: number,
  scale: number,
  dim: number,
  size: number,
): number {
  switch (transform) {
    case 'asymmetric':
      return place / scale;
    case 'half_pixel':
      return (place + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return size > 1 ? (place + 0.5) / scale - 0.5 : 0;
    case 'tf_half_pixel_for_nn':
      return (place + 0.5) / scale;
    case 'align_corners':
      return size > 1 ? (place * (dim - 1)) / (size - 1) : 0;
    case 'half_pixel_symmetric': {
      const adjustment = size / (scale * dim);
      const centre = dim / 2;
      return centre * (1 - adjustment) + (place + 0.5) / scale - 0.5;
    }
    default:
      return n.unsupported(`coordinate_transformation_mode '${transform}'`);
  }
}

function rounded(n: ImportNode, mode: string, place: number): number {
  switch (mode) {
    case 'floor':
      return Math.floor(place);
    case 'ceil':
      return Math.ceil(place);
    case 'round_prefer_floor':
      return Math.ceil(place - 0.5);
    case 'round_prefer_ceil':
      return Math.floor(place + 0.5);
    default:
      return n.unsupported(`nearest_mode '${mode}'`);
  }
}

function bilinear(n: ImportNode, plan: Plan): Tensor {
  const isImage = n.rank() === 4 && plan.stretches.every(({ axis }) => axis >= 2);
  if (!isImage) return n.unsupported('linear mode over other axes than height and width');
  switch (plan.transform) {
    case 'align_corners':
      return imageOp(n, 'ResizeBilinear', plan.stretches, { align_corners: true });
    case 'half_pixel':
    case 'pytorch_half_pixel':
      checkExact(n, plan);
      return imageOp(n, 'ResizeBilinear', plan.stretches, { half_pixel_centers: true });
    case 'asymmetric':
      checkExact(n, plan);
      return imageOp(n, 'ResizeBilinear', plan.stretches, {});
    default:
      return n.unsupported(`coordinate_transformation_mode '${plan.transform}'`);
  }
}

/** The op takes the scale from the sizes; ONNX keeps the one given, which rounding can change. */
function checkExact(n: ImportNode, { transform, stretches }: Plan): void {
  for (const { axis, scale, size } of stretches) {
    const dim = n.x.shape?.[axis];
    const exact = typeof dim === 'number' ? dim * scale === size : Number.isInteger(scale);
    if (!exact) n.unsupported(`linear mode with the scale ${scale}, which gives no whole size`);
    if (transform === 'pytorch_half_pixel' && size === 1) n.unsupported('a size of 1');
  }
}

function imageOp(
  n: ImportNode,
  type: string,
  stretches: readonly Stretch[],
  attrs: Readonly<Record<string, unknown>>,
): Tensor {
  const along = (axis: number) => {
    const size =
      stretches.find((stretch) => stretch.axis === axis)?.size ?? dimTensor(n, n.x, axis);
    return typeof size === 'number' ? n.constant(size, 'int64', []) : size;
  };
  const sizes = n.op('Pack', [[along(2), along(3)]], { axis: 0 });
  const size = n.op('Cast', [sizes], { DstT: 'int32' });
  const image = n.op('Transpose', [n.x, channelsLast(4)]);
  return n.out('Transpose', [n.op(type, [image, size], attrs), channelsFirst(4)]);
}

/** Opset 7 to 10: scales only, and TensorFlow's old way of placing pixels. */
function upsample(n: ImportNode, scales: readonly number[]): Tensor {
  const stretches = byScales(n, scales, upTo(n.rank()));
  const mode = n.attrs.string('mode', 'nearest').replace('bilinear', 'linear');
  return resize(n, { mode, transform: 'asymmetric', nearest: 'floor', stretches });
}

function resizeInputs(n: ImportNode): Tensor {
  const { attrs } = n;
  for (const name of ['antialias', 'exclude_outside'] as const) {
    if (attrs.flag(name)) n.unsupported(name);
  }
  if (attrs.string('keep_aspect_ratio_policy', 'stretch') !== 'stretch') {
    n.unsupported('keep_aspect_ratio_policy');
  }
  const axes = attrs.ints('axes', undefined)?.map((axis) => n.axis(axis)) ?? upTo(n.rank());
  const hasSizes = n.optional(3) !== undefined;
  const stretches = hasSizes
    ? bySizes(n, n.needKnown(3, 'sizes'), axes)
    : byScales(n, n.needKnown(2, 'scales'), axes);
  return resize(n, {
    mode: attrs.string('mode', 'nearest'),
    transform: attrs.string('coordinate_transformation_mode', 'half_pixel'),
    nearest: attrs.string('nearest_mode', 'round_prefer_floor'),
    stretches,
  });
}

export const resizes: Family = {
  Resize: {
    10: (n) => upsample(n, n.needKnown(1, 'scales')),
    11: resizeInputs,
  },
  Upsample: {
    1: (n) => upsample(n, [1, 1, n.attrs.float('height_scale'), n.attrs.float('width_scale')]),
    7: (n) => upsample(n, n.attrs.floats('scales')),
    9: (n) => upsample(n, n.needKnown(1, 'scales')),
  },
};
