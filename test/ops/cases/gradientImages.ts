import type { OpName } from '../../../lib/index.js';
import { type NDArray, ndarray } from '../../../lib/ndArray.js';
import type { ValueCase } from '../case.js';
import { by, long, of, row, vector } from './gradientRow.js';

const scales = (...values: number[]): NDArray => ndarray(values, { dtype: 'float32' });
const sizes = (...values: number[]) => long(vector(...values));
const both = (attrs: ValueCase['attrs'] = {}) => ({ attrs, gradient: [0, 1] });
/** Places between pixels, in the image and beyond it, of so many axes. */
const places = (shape: readonly number[]) => {
  const given = [0.3, -0.45, -0.8, 0.15, 1.35, -0.2, 0.7, -1.6, 0.05, 0.9, -0.6, 2.45];
  const count = shape.reduce((a, b) => a * b, 1);
  return { values: Array.from({ length: count }, (_, i) => given[i % given.length]!), shape };
};
function sampling(image: readonly number[], grid: readonly number[], attrs: ValueCase['attrs']) {
  const { values, shape } = places(grid);
  const made = row(1, [of(...image), values], both(attrs));
  return { ...made, shapes: { inputs: [image, shape] } };
}

function regions(
  map: readonly number[],
  rois: readonly number[],
  images: readonly number[],
  attrs: ValueCase['attrs'],
) {
  const options = both({ output_height: 2, output_width: 2, ...attrs });
  const made = row(1, [of(...map), [...rois], sizes(...images)], options);
  return { ...made, shapes: { inputs: [map, [images.length, 4], null] } };
}

const paddings = ['zeros', 'border', 'reflection'];
const modes = ['linear', 'nearest', 'cubic'];

/** Rows that only check gradients, of ops that sample images. */
export const gradientImages: Readonly<Partial<Record<OpName, readonly ValueCase[]>>> = {
  Resize: [
    ...modes.flatMap((mode) => [
      row(1, [of(1, 2, 3, 4), null, scales(1, 1, 2, 1.5), null], by(0, { mode })),
      row(1, [of(1, 1, 5, 4), null, null, sizes(1, 1, 3, 3)], by(0, { mode, antialias: true })),
      row(
        1,
        [of(4, 3), null, null, sizes(5)],
        by(0, { mode, axes: [0], coordinate_transformation_mode: 'align_corners' }),
      ),
    ]),
    row(
      1,
      [of(4), scales(0.25, 1.5), null, sizes(5)],
      by(0, {
        mode: 'linear',
        coordinate_transformation_mode: 'tf_crop_and_resize',
        extrapolation_value: 9,
      }),
    ),
    row(
      1,
      [of(1, 1, 4), null, null, sizes(1, 1, 7)],
      by(0, { mode: 'cubic', exclude_outside: true }),
    ),
    row(1, [of(1, 1), null, null, sizes(1, 3)], by(0, { mode: 'linear' })),
    row(1, [of(0, 3), null, null, sizes(0, 5)], by(0, { mode: 'linear' })),
  ],
  ResizeGrad: [
    row(1, [sizes(1, 2, 3), of(1, 4, 3), null, scales(1, 2, 1), null], by(1, { mode: 'linear' })),
    row(1, [sizes(0, 2), of(0, 4), null, null, sizes(0, 4)], by(1)),
  ],
  GridSample: [
    ...modes.flatMap((mode) =>
      paddings.flatMap((padding_mode) => [
        sampling([1, 2, 3, 4], [1, 2, 3, 2], { mode, padding_mode }),
        sampling([2, 1, 3, 2], [2, 1, 3, 2], { mode, padding_mode, align_corners: true }),
      ]),
    ),
    sampling([1, 1, 2, 3, 2], [1, 1, 2, 2, 3], { padding_mode: 'border' }),
    sampling([1, 2, 7], [1, 6, 1], { padding_mode: 'reflection' }),
    sampling([1, 1, 1, 1], [1, 1, 1, 2], {}),
    sampling([0, 1, 2, 2], [0, 3, 1, 2], {}),
    sampling([1, 1, 2, 2], [1, 0, 1, 2], {}),
  ],
  RoiAlign: [
    ...['avg', 'max'].flatMap((mode) => [
      regions([2, 2, 5, 6], [0.7, 0.3, 3.8, 4.1, -1.2, 1.4, 2.3, 7.8], [1, 0], { mode }),
      regions([1, 1, 4, 4], [0.4, 0.9, 0.7, 3.3], [0], {
        mode,
        spatial_scale: 0.75,
        sampling_ratio: 2,
        coordinate_transformation_mode: 'output_half_pixel',
      }),
    ]),
    regions([1, 1, 1, 1], [0.3, 0.4, 0.9, 0.8], [0], {}),
    regions([1, 2, 0, 3], [], [], {}),
    regions([1, 2, 3, 3], [], [], {}),
  ],
};
