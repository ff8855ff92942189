import { elementSize, isInteger } from '../../dtype.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { wide } from './attention.js';
import { castTo } from './numbers.js';
import { upTo } from './shapes.js';

/** Computed in float32, or float64 for what that cannot hold, and given in the dtype of the input. */
function floating(n: ImportNode, compute: (x: Tensor) => Tensor): Tensor {
  const isLong = isInteger(n.x.dtype) && elementSize(n.x.dtype) > 2;
  const x = isLong ? castTo(n, n.x, 'float64') : wide(n, n.x);
  return n.out('Cast', [compute(x)], { DstT: n.x.dtype });
}

function gridSample(n: ImportNode): Tensor {
  const attrs = {
    mode: n.attrs
      .string('mode', 'linear')
      .replace('bilinear', 'linear')
      .replace('bicubic', 'cubic'),
    padding_mode: n.attrs.string('padding_mode', 'zeros'),
    align_corners: n.attrs.flag('align_corners'),
  };
  return floating(n, (x) => n.op('GridSample', [x, castTo(n, n.input(1), x.dtype)], attrs));
}

function roiAlign(n: ImportNode): Tensor {
  const usual = n.opset < 16 ? 'output_half_pixel' : 'half_pixel';
  const attrs = {
    mode: n.attrs.string('mode', 'avg'),
    output_height: n.attrs.int('output_height', 1),
    output_width: n.attrs.int('output_width', 1),
    sampling_ratio: n.attrs.int('sampling_ratio', 0),
    spatial_scale: n.attrs.float('spatial_scale', 1),
    coordinate_transformation_mode: n.attrs.string('coordinate_transformation_mode', usual),
  };
  const [x, rois] = [n.x, n.input(1)].map((part) => castTo(n, part, 'float32'));
  return n.out('Cast', [n.op('RoiAlign', [x, rois, n.input(2)], attrs)], { DstT: n.x.dtype });
}

function nonMaxSuppression(n: ImportNode): Tensor {
  const inputs = upTo(5).map((i) => n.optional(i) ?? null);
  const attrs = { center_point_box: n.attrs.int('center_point_box', 0) };
  return n.out('NonMaxSuppression', inputs, attrs);
}

function col2im(n: ImportNode): Tensor {
  const attrs = {
    strides: n.attrs.ints('strides', []),
    dilations: n.attrs.ints('dilations', []),
    pads: n.attrs.ints('pads', []),
  };
  return floating(n, (x) => n.op('Col2Im', [x, n.input(1), n.input(2)], attrs));
}

export const images: Family = {
  Col2Im: col2im,
  Det: (n) => floating(n, (x) => n.op('MatrixDeterminant', [x])),
  GridSample: gridSample,
  NonMaxSuppression: nonMaxSuppression,
  RoiAlign: roiAlign,
};
