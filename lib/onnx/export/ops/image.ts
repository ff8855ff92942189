import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Value } from '../value.js';
import {
  cast,
  channelsFirst,
  channelsLast,
  dim,
  int64Vector,
  joined,
  transposed,
  widened,
} from './common.js';

/** How ONNX calls the places that TensorFlow's two flags mean. */
function transformOf(n: ExportNode): string {
  const given = n.text('coordinate_transformation_mode');
  if (given !== 'default') return given;
  if (n.flag('align_corners')) return 'align_corners';
  return n.flag('half_pixel_centers') ? 'half_pixel' : 'asymmetric';
}

/** How a place between pixels is taken to one of them. */
function nearestMode(n: ExportNode, transform: string): string {
  const given = n.text('nearest_mode');
  if (given !== 'default') return given;
  if (transform === 'asymmetric') return 'floor';
  return n.flag('half_pixel_centers') ? 'round_prefer_ceil' : 'round_prefer_ceil';
}

function resizeImages(n: ExportNode): Value {
  const isLast = n.text('data_format') === 'NHWC';
  const isLinear = n.type === 'ResizeBilinear';
  const x = isLinear ? cast(n, n.x, 'float32') : cast(n, n.x, widened(n.x.dtype, kResized));
  const image = isLast ? transposed(n, x, channelsFirst(4)) : x;
  const transform = transformOf(n);
  const attributes = {
    mode: isLinear ? 'linear' : 'nearest',
    coordinate_transformation_mode: transform,
    nearest_mode: isLinear ? undefined : nearestMode(n, transform),
  };
  const given = n.attr('scales');
  const scales = Array.isArray(given) && given.length === 2 ? given.map(Number) : undefined;
  const y = scales
    ? n.op('Resize', [image, undefined, factors(n, scales)], attributes)
    : n.op('Resize', [image, undefined, undefined, sizes(n, isLast)], attributes);
  return cast(n, isLast ? transposed(n, y, channelsLast(4)) : y, n.outputs[0]!);
}

const kResized = ['float32', 'float64', 'int32', 'int8', 'uint8'] as const;

function factors(n: ExportNode, scales: readonly number[]): Value {
  return n.constant([1, 1, ...scales], 'float32', [4]);
}

function sizes(n: ExportNode, isLast: boolean): Value {
  const places = [dim(n, n.x, 0), dim(n, n.x, isLast ? 3 : 1)];
  const known = n.known(1);
  return joined(n, [...places, ...(known ?? [int64Vector(n, 1)])]);
}

function resize(n: ExportNode): Value {
  const axes = n.ints('axes');
  const antialias = n.flag('antialias');
  const policy = n.text('keep_aspect_ratio_policy');
  if (axes.length > 0 || antialias || policy !== 'stretch') n.since(18, 'this Resize');
  const transform = n.text('coordinate_transformation_mode');
  if (transform === 'half_pixel_symmetric') n.since(19, transform);
  const x = cast(n, n.x, widened(n.x.dtype, kResized));
  const y = n.op('Resize', [x, ...n.inputs.slice(1)], {
    mode: n.text('mode'),
    coordinate_transformation_mode: transform,
    nearest_mode: n.text('nearest_mode'),
    cubic_coeff_a: { f: Number(n.attr('cubic_coeff_a')) },
    exclude_outside: n.flag('exclude_outside'),
    extrapolation_value: { f: Number(n.attr('extrapolation_value')) },
    ...(antialias ? { antialias: 1 } : {}),
    ...(policy !== 'stretch' ? { keep_aspect_ratio_policy: policy } : {}),
    ...(axes.length > 0 ? { axes } : {}),
  });
  return cast(n, y, n.x.dtype);
}

function gridSample(n: ExportNode): Value {
  n.since(n.rank() === 4 ? 16 : 20, 'GridSample');
  const mode = n.text('mode');
  const old = mode === 'linear' ? 'bilinear' : mode === 'cubic' ? 'bicubic' : mode;
  return n.op('GridSample', n.all, {
    mode: n.opset < 20 ? old : mode,
    padding_mode: n.text('padding_mode'),
    align_corners: n.flag('align_corners'),
  });
}

function roiAlign(n: ExportNode): Value {
  const transform = n.text('coordinate_transformation_mode');
  if (n.opset < 16 && transform === 'half_pixel') n.since(16, 'RoiAlign with half_pixel');
  return n.op('RoiAlign', n.all, {
    mode: n.text('mode'),
    output_height: n.int('output_height'),
    output_width: n.int('output_width'),
    sampling_ratio: n.int('sampling_ratio'),
    spatial_scale: { f: Number(n.attr('spatial_scale')) },
    ...(n.opset >= 16 ? { coordinate_transformation_mode: transform } : {}),
  });
}

function nonMaxSuppression(n: ExportNode): Value {
  const scalars = n.inputs.map((x, i) => {
    if (i < 2 || !x || x.shape?.length === 1) return x;
    return n.op('Reshape', [x, n.vector([1])]);
  });
  const attributes = { center_point_box: n.int('center_point_box') };
  return n.op('NonMaxSuppression', scalars, attributes, { dtype: 'int64' });
}

function col2im(n: ExportNode): Value {
  n.since(18, 'Col2Im');
  const list = (name: string) => {
    const given = n.ints(name);
    return given.length > 0 ? given : undefined;
  };
  return n.op('Col2Im', n.all, {
    strides: list('strides'),
    dilations: list('dilations'),
    pads: list('pads'),
  });
}

/** Between blocks of pixels and channels; both orders are that of the standard. */
function blocks(n: ExportNode): Value {
  const isLast = n.text('data_format') === 'NHWC';
  const isDepth = n.type === 'DepthToSpace';
  const wide = widened(
    n.x.dtype,
    isDepth ? ['float32', 'float64', 'uint8'] : ['float32', 'float64'],
  );
  const x = cast(n, n.x, wide);
  const y = n.op(n.type, [isLast ? transposed(n, x, channelsFirst(4)) : x], {
    blocksize: n.int('block_size'),
    ...(isDepth ? { mode: 'DCR' } : {}),
  });
  return cast(n, isLast ? transposed(n, y, channelsLast(4)) : y, n.x.dtype);
}

function dft(n: ExportNode): Value {
  n.since(17, 'DFT');
  const attributes = { inverse: n.flag('inverse'), onesided: n.flag('onesided') };
  const [x, length, axis] = [n.x, n.inputs[1], n.inputs[2]];
  if (n.opset >= 20) return n.op('DFT', [x, length, axis], attributes);
  const known = axis ? n.known(2) : [-2];
  if (!known) n.since(20, 'DFT along an axis that only a run knows');
  const [place = -2] = known ?? [];
  return n.op('DFT', [x, length], { ...attributes, axis: n.axis(place) });
}

export const images = {
  Col2Im: col2im,
  DFT: dft,
  DepthToSpace: blocks,
  GridSample: gridSample,
  NonMaxSuppression: nonMaxSuppression,
  Resize: resize,
  ResizeBilinear: resizeImages,
  ResizeNearestNeighbor: resizeImages,
  RoiAlign: roiAlign,
  SpaceToDepth: blocks,
} satisfies ExportFamily;
