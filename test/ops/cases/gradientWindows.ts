import type { OpName } from '../../../lib/index.js';
import type { ValueCase } from '../case.js';
import { by, long, of, row, vector } from './gradientRow.js';

const windows = { ksize: [2], strides: [1], dilations: [1], pads: [0, 0] };
const plane = { ksize: [2, 2] };

/** As gradientShapes, of convolutions and pools. */
export const gradientWindows: Readonly<Partial<Record<OpName, readonly ValueCase[]>>> = {
  AvgPool3D: [row(1, [of(1, 1, 1, 1, 1)], { attrs: { ksize: [1, 1, 1] } })],
  AvgPoolGrad: [
    row(1, [vector(0, 3, 3, 2), of(0, 2, 2, 2)], by(1, plane)),
    row(1, [vector(1, 1, 1, 1), of(1, 1, 1, 1)], by(1, { ksize: [1, 1] })),
  ],
  AvgPool3DGrad: [
    row(1, [vector(0, 3, 3, 3, 2), of(0, 2, 2, 2, 2)], by(1, { ksize: [2, 2, 2] })),
    row(1, [vector(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1)], by(1, { ksize: [1, 1, 1] })),
  ],
  Col2Im: [row(1, [of(0, 4, 4), vector(3, 3), vector(2, 2)].map(long), by(0))],
  Col2ImGrad: [
    row(1, [of(0, 1, 3, 3), vector(3, 3), vector(2, 2)].map(long), by(0)),
    row(1, [of(1, 1, 1), vector(1), vector(1)].map(long), by(0)),
  ],
  Conv1D: [row(1, [of(1, 1, 1), of(1, 1, 1)]), row(1, [of(2, 0, 2), of(1, 2, 3)])],
  Conv2D: [row(1, [of(1, 1, 1, 1), of(1, 1, 1, 1)]), row(1, [of(2, 3, 3, 0), of(2, 2, 0, 2)])],
  Conv3D: [row(1, [of(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1)])],
  Conv2DBackpropInput: [
    row(1, [vector(0, 3, 3, 2), of(2, 2, 2, 3), of(0, 2, 2, 3)], { gradient: [1, 2] }),
    row(1, [vector(1, 1, 1, 1), of(1, 1, 1, 1), of(1, 1, 1, 1)], { gradient: [1, 2] }),
  ],
  Conv2DBackpropFilter: [
    row(1, [of(0, 3, 3, 2), vector(2, 2, 2, 3), of(0, 2, 2, 3)], { gradient: [0, 2] }),
    row(1, [of(1, 1, 1, 1), vector(1, 1, 1, 1), of(1, 1, 1, 1)], { gradient: [0, 2] }),
  ],
  Conv3DBackpropInputV2: [
    row(1, [vector(0, 2, 2, 2, 2), of(2, 2, 2, 2, 3), of(0, 1, 1, 1, 3)], { gradient: [1, 2] }),
    row(1, [vector(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1)], { gradient: [1, 2] }),
  ],
  Conv3DBackpropFilterV2: [
    row(1, [of(0, 2, 2, 2, 2), vector(2, 2, 2, 2, 3), of(0, 1, 1, 1, 3)], { gradient: [0, 2] }),
    row(1, [of(1, 1, 1, 1, 1), vector(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1)], { gradient: [0, 2] }),
  ],
  DepthwiseConv2dNative: [row(1, [of(1, 1, 1, 1), of(1, 1, 1, 2)])],
  DepthwiseConv2dNativeBackpropInput: [
    row(1, [vector(0, 3, 3, 2), of(2, 2, 2, 1), of(0, 2, 2, 2)], { gradient: [1, 2] }),
    row(1, [vector(1, 1, 1, 1), of(1, 1, 1, 2), of(1, 1, 1, 2)], { gradient: [1, 2] }),
  ],
  DepthwiseConv2dNativeBackpropFilter: [
    row(1, [of(1, 1, 1, 1), vector(1, 1, 1, 2), of(1, 1, 1, 2)], { gradient: [0, 2] }),
  ],
  MaxPool: [row(1, [of(1, 1, 1, 1)], { attrs: { ksize: [1, 1] } })],
  MaxPool3D: [row(1, [of(1, 1, 1, 1, 1)], { attrs: { ksize: [1, 1, 1] } })],
  MaxPoolGrad: [
    row(1, [of(0, 3, 3, 2), of(0, 2, 2, 2), of(0, 2, 2, 2)], by(2, plane)),
    row(1, [of(1, 1, 1, 1), of(1, 1, 1, 1), of(1, 1, 1, 1)], by(2, { ksize: [1, 1] })),
  ],
  MaxPool3DGrad: [
    row(1, [of(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1)], by(2, { ksize: [1, 1, 1] })),
  ],
  MaxPoolGradGrad: [
    row(1, [of(0, 3, 3, 2), of(0, 2, 2, 2), of(0, 3, 3, 2)], by(2, plane)),
    row(1, [of(1, 1, 1, 1), of(1, 1, 1, 1), of(1, 1, 1, 1)], by(2, { ksize: [1, 1] })),
  ],
  MaxPool3DGradGrad: [
    row(1, [of(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1), of(1, 1, 1, 1, 1)], by(2, { ksize: [1, 1, 1] })),
  ],
  MaxPoolWithIndices: [
    row(2, [of(0, 1, 3)], { attrs: windows }),
    row(2, [of(1, 1, 3)], { attrs: windows }),
  ],
};
