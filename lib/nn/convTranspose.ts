import { checkKeys } from '../attrs.js';
import type { FloatDType } from '../dtype.js';
import { shape as shapeOf, slice, squeeze, stack } from '../generated/array.js';
import { add, mul } from '../generated/math.js';
import { conv2dBackpropInput } from '../generated/nn.js';
import type { Tensor } from '../tensor.js';
import { floatTensor, knownDim, type LayerInput, positiveInteger, shapeOfRank } from './checks.js';
import type { Conv2dOptions } from './conv.js';
import { finish, inLayer, kernelKeys, kernelOf } from './layer.js';
import { type Sizes, sizes, windowOf } from './window.js';

export interface Conv2dTransposeOptions<D extends FloatDType = FloatDType>
  extends Omit<Conv2dOptions<D>, 'groups' | 'padding' | 'explicitPaddings'> {
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | undefined;
}

/**
 * The transposed convolution, which spreads each element over a window: [batch, height, width,
 * channels] to [batch, height', width', filters], where height' is height * stride with "SAME",
 * and with "VALID" more by what the window exceeds the stride. Variables kernel [height, width,
 * filters, channels] and bias [filters].
 */
export function conv2dTranspose<D extends FloatDType>(
  x: LayerInput<D>,
  filters: number,
  kernelSize: Sizes,
  options: Conv2dTransposeOptions<NoInfer<D>> = {},
): Tensor<D> {
  checkKeys('conv2dTranspose', options, [
    ...kernelKeys,
    'strides',
    'dilations',
    'padding',
    'dataFormat',
  ]);
  const input = floatTensor(x, 'x');
  const { dataFormat = 'NHWC', padding = 'VALID' } = options;
  positiveInteger(filters, 'filters');
  const dims = shapeOfRank(input, 'x', 4);
  const first = dataFormat === 'NCHW';
  const channels = knownDim(input, 'x', first ? 1 : -1);
  const kernel = sizes(kernelSize, 2, 'kernelSize');
  const window = windowOf({ ...options, padding }, 2);
  return inLayer('conv2d_transpose', input, options, () => {
    const spread = (d: number): number | Tensor<'int32'> => {
      const stride = window.strides[d]!;
      const reach = (kernel[d]! - 1) * window.dilations[d]! + 1;
      const more = padding === 'SAME' ? 0 : Math.max(0, reach - stride);
      const axis = first ? d + 2 : d + 1;
      const dim = dims[axis] ?? dimOf(input, axis);
      return typeof dim === 'number' ? dim * stride + more : add(mul(dim, stride), more);
    };
    const area = [spread(0), spread(1)];
    const batch = dims[0] ?? dimOf(input, 0);
    const wanted = first ? [batch, filters, ...area] : [batch, ...area, filters];
    const known = wanted.flatMap((dim) => (typeof dim === 'number' ? dim : []));
    const inputSizes = known.length === wanted.length ? known : stack(wanted);
    const weights = kernelOf(input, [...kernel, filters, channels], options);
    const y = conv2dBackpropInput<D>(inputSizes, weights, input, { ...window, dataFormat });
    return finish(y, filters, options, dataFormat);
  });
}

function dimOf(x: Tensor, axis: number): Tensor<'int32'> {
  return squeeze(slice(shapeOf(x), [axis], [1]), { squeezeDims: [0] });
}
