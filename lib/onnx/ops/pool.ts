import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family, Mapping } from '../mapping.js';
import { type Laid, laid } from './latePads.js';
import { castTo } from './numbers.js';
import { upTo } from './shapes.js';
import {
  channelsFirstFormat,
  paddingAttrs,
  padsOf,
  spatialRank,
  type Window,
  widened,
  windowOf,
} from './window.js';

/** Pads that make the output as long as with ceil_mode: windows start inside the input. */
function ceiled(n: ImportNode, window: Window): [number, number][] {
  const pads = padsOf(n, window);
  return pads.map(([before, after], i): [number, number] => {
    const { kernel, strides, dilations } = window;
    const [stride, reach] = [strides[i]!, (kernel[i]! - 1) * dilations[i]! + 1];
    const size = n.x.shape?.[i + 2];
    if (typeof size !== 'number') return [before, Math.min(after + stride - 1, reach - 1)];
    let count = Math.ceil((size + before + after - reach) / stride) + 1;
    if ((count - 1) * stride >= size + before) count -= 1;
    return [before, Math.max(0, (count - 1) * stride + reach - size - before)];
  });
}

function windowOfPool(n: ImportNode): Window {
  const window = windowOf(n, n.attrs.ints('kernel_shape'));
  if (!n.attrs.flag('ceil_mode') || window.padding === 'SAME') return window;
  return { ...window, padding: ceiled(n, window) };
}

function pool(
  n: ImportNode,
  type: 'MaxPool' | 'AvgPool',
  x: Tensor,
  window: Window,
  more: Readonly<Record<string, unknown>> = {},
  isLast = true,
): Tensor {
  const add = isLast ? n.out.bind(n) : n.op.bind(n);
  const spatial = spatialRank(n);
  const wide = spatial === 1 ? widened(window) : window;
  const attrs = {
    ksize: [1, 1, ...wide.kernel],
    strides: [1, 1, ...wide.strides],
    data_format: channelsFirstFormat(wide.kernel.length),
    dilations: [1, 1, ...wide.dilations],
    ...more,
    ...paddingAttrs(wide.padding),
  };
  const op = spatial === 3 ? `${type}3D` : type;
  if (spatial !== 1) return add(op, [x], attrs);
  const y = n.op(op, [n.op('ExpandDims', [x, 2])], attrs);
  return add('Squeeze', [y], { squeeze_dims: [2] });
}

/** Max pooling that says where each maximum lies. */
function withIndices(n: ImportNode): readonly Tensor[] {
  const window = windowOfPool(n);
  const pads = padsOf(n, window);
  const isHalf = n.x.dtype === 'float16' || n.x.dtype === 'bfloat16';
  const x = isHalf ? castTo(n, n.x, 'float32') : n.x;
  const [y, indices] = n.outs('MaxPoolWithIndices', [x], {
    ksize: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: [...pads.map(([before]) => before), ...pads.map(([, after]) => after)],
    storage_order: n.attrs.int('storage_order', 0),
  });
  return [castTo(n, y!, n.x.dtype), indices!];
}

const maxPool: Mapping = (n) => {
  if (n.wants(1)) return withIndices(n);
  const lowest = { uint8: 0, int8: -128 }[n.x.dtype as string] ?? -Infinity;
  const { x, window } = laid(n, n.attrs.ints('kernel_shape'), lowest);
  return pool(n, 'MaxPool', x, x === n.x ? windowOfPool(n) : window);
};

/** Means over windows of an input with pads, which count or not. */
function latePool(n: ImportNode, { x, window }: Laid, counts: boolean): Tensor {
  if (counts) return pool(n, 'AvgPool', x, window);
  const sums = pool(n, 'AvgPool', x, window, {}, false);
  const ones = laid(n, window.kernel, 0, n.op('OnesLike', [n.x])).x;
  return n.out('RealDiv', [sums, pool(n, 'AvgPool', ones, window, {}, false)]);
}

const averagePool: Mapping = (n) => {
  const counts = n.attrs.flag('count_include_pad');
  const late = laid(n, n.attrs.ints('kernel_shape'), 0);
  if (late.x !== n.x) return latePool(n, late, counts);
  const window = windowOf(n, n.attrs.ints('kernel_shape'));
  if (!counts || !n.attrs.flag('ceil_mode') || window.padding === 'SAME') {
    return pool(n, 'AvgPool', n.x, windowOfPool(n), { count_include_pad: counts });
  }
  // The part of a window that hangs over the given pads does not count.
  const given = padsOf(n, window);
  const over = ceiled(n, window);
  const padded = n.op('PadV2', [n.x, [[0, 0], [0, 0], ...given], 0]);
  const padding = given.map(([, after], i): [number, number] => [
    0,
    Math.max(0, over[i]![1] - after),
  ]);
  return pool(n, 'AvgPool', padded, { ...window, padding });
};

/** A reduction over all spatial axes. */
const global =
  (type: 'Max' | 'Mean'): Mapping =>
  (n) =>
    n.out(type, [n.x, upTo(n.rank()).slice(2)], { keep_dims: true });

function globalLpPool(n: ImportNode): Tensor {
  const p = n.attrs.int('p', 2);
  const powers = n.op('Pow', [n.op('Abs', [n.x]), p]);
  const sum = n.op('Sum', [powers, upTo(n.rank()).slice(2)], { keep_dims: true });
  return n.out('Pow', [sum, 1 / p]);
}

/** The p-norm of each window: padding counts as 0. */
function lpPool(n: ImportNode): Tensor {
  const p = n.attrs.int('p', 2);
  const powers = n.op('Pow', [n.op('Abs', [n.x]), p]);
  const late = laid(n, n.attrs.ints('kernel_shape'), 0, powers, true);
  const window = late.x === powers ? windowOfPool(n) : late.window;
  const size = window.kernel.reduce((a, b) => a * b, 1);
  const padded =
    late.x === powers ? n.op('PadV2', [powers, [[0, 0], [0, 0], ...padsOf(n, window)], 0]) : late.x;
  const mean = pool(n, 'AvgPool', padded, { ...window, padding: 'VALID' }, {}, false);
  return n.out('Pow', [n.op('Mul', [mean, size]), 1 / p]);
}

export const pools: Family = {
  AveragePool: averagePool,
  GlobalAveragePool: global('Mean'),
  GlobalLpPool: globalLpPool,
  GlobalMaxPool: global('Max'),
  LpPool: lpPool,
  MaxPool: maxPool,
};
