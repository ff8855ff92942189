import type { DType } from '../../../dtype.js';
import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Value } from '../value.js';
import { cast, upTo, widened } from './common.js';
import {
  spatialOf,
  spatialSizes,
  toFirst,
  toLast,
  type Window,
  windowAttributes,
  windowOf,
} from './window.js';

const kMax: readonly DType[] = ['float32', 'float64', 'int8', 'uint8'];

function attributesOf(n: ExportNode, window: Window) {
  const sizes = n.ints('ksize');
  const kernel = sizes.length === window.spatial ? sizes : spatialOf(sizes, window.isLast);
  const { spatial } = window;
  const whole = upTo(spatial + 2);
  const others = whole.filter((i) => !spatialOf(whole, window.isLast).includes(i));
  if (sizes.length > spatial && others.some((i) => sizes[i] !== 1)) {
    return n.unsupported('windows over batch or channels');
  }
  return windowAttributes(n, window, kernel, spatialSizes(n.x, window));
}

function maxPool(n: ExportNode): Value {
  const window = windowOf(n);
  const x = cast(n, n.x, widened(n.x.dtype, kMax));
  const y = n.op('MaxPool', [toFirst(n, x, window)], attributesOf(n, window));
  return cast(n, toLast(n, y, window), n.x.dtype);
}

function averagePool(n: ExportNode): Value {
  const window = windowOf(n);
  const attributes = attributesOf(n, window);
  if (attributes.dilations) n.since(19, 'AveragePool with dilations');
  const counts = n.flag('count_include_pad') ? { count_include_pad: 1 } : {};
  const y = n.op('AveragePool', [toFirst(n, n.x, window)], { ...attributes, ...counts });
  return toLast(n, y, window);
}

function withIndices(n: ExportNode): readonly Value[] {
  const attributes = {
    kernel_shape: n.ints('ksize'),
    strides: n.ints('strides'),
    dilations: n.ints('dilations'),
    pads: n.ints('pads'),
    storage_order: n.int('storage_order'),
  };
  return n.ops('MaxPool', [n.x], attributes, [{ dtype: n.x.dtype }, { dtype: 'int64' }]);
}

export const pools = {
  AvgPool: averagePool,
  AvgPool3D: averagePool,
  MaxPool: maxPool,
  MaxPool3D: maxPool,
  MaxPoolWithIndices: withIndices,
} satisfies ExportFamily;
