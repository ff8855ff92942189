import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { choose, nothingOf } from './choose.js';
import { castTo } from './numbers.js';
import { dimTensor, shapeTensor, upTo } from './shapes.js';
import { channelsFirst, channelsLast } from './window.js';

/** How an image is resized: by scales or sizes of all axes, known or not. */
interface Plan {
  readonly scales?: Tensor | readonly number[];
  readonly sizes?: Tensor | readonly number[];
  readonly roi?: Tensor | undefined;
  readonly attrs: Readonly<Record<string, unknown>>;
}

/** Height and width: how many times they grow, and what they get, a number where that is known. */
interface Growth {
  readonly factors: readonly number[];
  readonly sizes: readonly (number | Tensor)[];
}

/** What becomes of an image, when only its height and width change and by known factors. */
function growthOf(n: ImportNode, plan: Plan): Growth | undefined {
  const dims = n.x.shape;
  if (dims?.length !== 4 || n.x.dtype !== 'float32' || !dims[1]) return undefined;
  const given = plan.sizes ?? plan.scales;
  if (!isNumbers(given) || given.length !== 4) return undefined;
  const factors = plan.sizes ? given.map((size, i) => size / (dims[i] ?? Number.NaN)) : given;
  if (factors[0] !== 1 || factors[1] !== 1) return undefined;
  const height = grownSize(n, 2, factors[2]!);
  const width = grownSize(n, 3, factors[3]!);
  if (height === undefined || width === undefined) return undefined;
  return { factors: factors.slice(2), sizes: [height, width] };
}

function grownSize(n: ImportNode, axis: number, factor: number): number | Tensor | undefined {
  const dim = n.x.shape?.[axis];
  if (typeof dim === 'number') return Number.isInteger(dim * factor) ? dim * factor : undefined;
  if (!Number.isInteger(factor)) return undefined;
  return n.op('Mul', [dimTensor(n, n.x, axis), n.constant(factor, 'int64', [])]);
}

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** The engine's own image op for the commonest ways. */
function imageOp({ attrs }: Plan, { factors, sizes }: Growth) {
  const { mode, coordinate_transformation_mode: transform, nearest_mode: rounding } = attrs;
  const isPlain = !attrs.antialias && attrs.keep_aspect_ratio_policy === 'stretch';
  if (!isPlain || attrs.exclude_outside || isNumbers(attrs.axes)) return undefined;
  const grows = factors.every(Number.isInteger);
  if (mode === 'nearest' && transform === 'asymmetric' && rounding === 'floor' && grows) {
    return { type: 'ResizeNearestNeighbor', attrs: {} };
  }
  if (mode !== 'linear') return undefined;
  const half = { half_pixel_centers: true };
  if (transform === 'half_pixel') return { type: 'ResizeBilinear', attrs: half };
  const isLong = (size: number | Tensor) => typeof size === 'number' && size > 1;
  if (transform === 'pytorch_half_pixel' && sizes.every(isLong)) {
    return { type: 'ResizeBilinear', attrs: half };
  }
  if (transform === 'align_corners')
    return { type: 'ResizeBilinear', attrs: { align_corners: true } };
  return transform === 'asymmetric' ? { type: 'ResizeBilinear', attrs: {} } : undefined;
}

function sizeTensor(n: ImportNode, sizes: readonly (number | Tensor)[]): Tensor {
  if (isNumbers(sizes)) return n.constant([...sizes], 'int32', [2]);
  const parts = sizes.map((size) =>
    typeof size === 'number' ? n.constant(size, 'int64', []) : size,
  );
  return n.op('Cast', [n.op('Pack', [parts], { axis: 0 })], { DstT: 'int32' });
}

function resize(n: ImportNode, plan: Plan): Tensor {
  const growth = growthOf(n, plan);
  const op = growth && imageOp(plan, growth);
  if (growth && op) {
    const image = n.op('Transpose', [n.x, channelsLast(4)]);
    const size = sizeTensor(n, growth.sizes);
    return n.out('Transpose', [n.op(op.type, [image, size], op.attrs), channelsFirst(4)]);
  }
  const constant = (value: Plan['scales'], dtype: 'float32' | 'int64') =>
    isNumbers(value) ? n.constant([...value], dtype, [value.length]) : (value ?? null);
  const inputs = [
    plan.roi ? castTo(n, plan.roi, 'float32') : null,
    constant(plan.scales, 'float32'),
    constant(plan.sizes, 'int64'),
  ];
  return resizedAs(n, (x, attrs) => n.op('Resize', [x, ...inputs], attrs), plan.attrs);
}

const kComputed = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
];

type Resized = (x: Tensor, attrs: Plan['attrs']) => Tensor;

/** Dtypes that the op does not have: elements by their places when no two are mixed, else as floats. */
function resizedAs(n: ImportNode, resized: Resized, attrs: Plan['attrs']): Tensor {
  const { dtype } = n.x;
  if (kComputed.includes(dtype)) return n.out('Identity', [resized(n.x, attrs)]);
  if (attrs.mode !== 'nearest') {
    if (dtype === 'string' || dtype.startsWith('complex')) {
      return n.unsupported(`${dtype} in mode '${attrs.mode}'`);
    }
    const wide = castTo(n, n.x, dtype === 'bool' ? 'float32' : 'float64');
    return n.out('Cast', [resized(wide, attrs)], { DstT: dtype });
  }
  const int64 = (value: number) => n.constant(value, 'int64', []);
  const size = n.op('Size', [n.x], { out_type: 'int64' });
  const count = castTo(n, n.op('Range', [int64(0), size, int64(1)]), 'float64');
  const places = n.op('Reshape', [count, shapeTensor(n, n.x)]);
  const found = castTo(n, resized(places, { ...attrs, extrapolation_value: -1 }), 'int64');
  const inside = n.op('Maximum', [found, int64(0)]);
  const y = n.op('GatherV2', [n.op('Reshape', [n.x, [-1]]), inside, 0]);
  if (attrs.coordinate_transformation_mode !== 'tf_crop_and_resize') return n.out('Identity', [y]);
  const outside = n.op('Less', [found, int64(0)]);
  return choose(n, outside, extrapolated(n, Number(attrs.extrapolation_value ?? 0)), y);
}

function extrapolated(n: ImportNode, value: number): Tensor {
  const { dtype } = n.x;
  if (value === 0 || dtype === 'string' || dtype.startsWith('complex')) return nothingOf(n, dtype);
  return castTo(n, n.constant(value, 'float32', []), dtype);
}

/** Opset 7 to 10: scales only, and TensorFlow's old way of placing pixels. */
function upsample(n: ImportNode, scales: Tensor | readonly number[]): Tensor {
  const mode = n.attrs.string('mode', 'nearest').replace('bilinear', 'linear');
  const attrs = {
    mode,
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
    keep_aspect_ratio_policy: 'stretch',
  };
  return resize(n, { scales, attrs });
}

function resizeInputs(n: ImportNode): Tensor {
  const { attrs } = n;
  const axes = attrs.ints('axes', undefined)?.map((axis) => n.axis(axis));
  const given = (index: number) => {
    const input = n.optional(index);
    // An empty list stands for one that is left out.
    if (!input || input.shape?.[0] === 0) return undefined;
    return n.constantInput(index) ?? input;
  };
  const [scales, sizes] = [given(2), given(3)];
  return resize(n, {
    ...(sizes ? { sizes } : scales ? { scales } : n.fail('neither scales nor sizes are given')),
    roi: n.optional(1)?.shape?.[0] === 0 ? undefined : n.optional(1),
    attrs: {
      mode: attrs.string('mode', 'nearest'),
      coordinate_transformation_mode: attrs.string('coordinate_transformation_mode', 'half_pixel'),
      nearest_mode: attrs.string('nearest_mode', 'round_prefer_floor'),
      cubic_coeff_a: attrs.float('cubic_coeff_a', -0.75),
      antialias: attrs.flag('antialias'),
      exclude_outside: attrs.flag('exclude_outside'),
      extrapolation_value: attrs.float('extrapolation_value', 0),
      keep_aspect_ratio_policy: attrs.string('keep_aspect_ratio_policy', 'stretch'),
      ...(axes && axes.join() !== upTo(n.rank()).join() ? { axes } : {}),
    },
  });
}

export const resizes: Family = {
  Resize: {
    10: (n) => upsample(n, n.constantInput(1) ?? n.input(1)),
    11: resizeInputs,
  },
  Upsample: {
    1: (n) => upsample(n, [1, 1, n.attrs.float('height_scale'), n.attrs.float('width_scale')]),
    7: (n) => upsample(n, n.attrs.floats('scales')),
    9: (n) => upsample(n, n.constantInput(1) ?? n.input(1)),
  },
};
