import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { carried } from './carry.js';
import { paddedBy } from './latePads.js';
import { minus, plus, shapeOf, shapeTensor, sizeOf } from './shapes.js';

const kEnd = Number.MAX_SAFE_INTEGER;

/** A depthwise convolution that sees the past alone; the state is the inputs that the next needs. */
function causalConvWithState(n: ImportNode): readonly Tensor[] {
  const [weight, bias, past] = [n.input(1), n.optional(2), n.optional(3)];
  const before = plus(n, sizeOf(n, weight, 2), -1);
  const x = past
    ? n.op('ConcatV2', [[past, n.x], 2])
    : paddedBy(n, n.x, [[before, 0]], n.constant(0, n.x.dtype, []));
  // Where the channels are unknown the engine finds the groups itself.
  const y = n.call('Conv', [x, weight, bias], { group: weight.shape?.[0] ?? 1 });
  const activation = n.attrs.string('activation', 'none');
  const isSilu = activation === 'silu' || activation === 'swish';
  if (!isSilu && activation !== 'none') return n.unsupported(`activation '${activation}'`);
  const start = shapeOf(n, [minus(n, sizeOf(n, x, 2), before)]);
  const state = n.call('Slice', [x, start, [kEnd], [2]]);
  return [n.out(isSilu ? 'Silu' : 'Identity', [y]), state];
}

/** update written into a cache along an axis from a place per batch row on, around its end if circular. */
function tensorScatter(n: ImportNode): Tensor {
  const update = n.input(1);
  const rank = n.rank();
  const axis = n.axis(n.attrs.int('axis', -2));
  const dims = n.op('Shape', [update], { out_type: 'int64' });
  const along = (place: number) => Array.from({ length: rank }, (_, i) => (i === place ? -1 : 1));
  const scalar = (value: number) => n.constant(value, 'int64', []);
  const count = n.op('Range', [scalar(0), n.op('GatherV2', [dims, axis, 0]), scalar(1)]);
  const steps = n.op('Reshape', [count, along(axis)]);
  const starts = n.optional(2);
  const places = starts ? n.op('AddV2', [steps, n.op('Reshape', [starts, along(0)])]) : steps;
  const size = n.op('GatherV2', [shapeTensor(n, n.x), axis, 0]);
  const isCircular = n.attrs.string('mode', 'linear') === 'circular';
  const indices = isCircular ? n.op('FloorMod', [places, size]) : places;
  const full = n.op('BroadcastTo', [indices, dims]);
  const scatter = ([data, updates]: readonly Tensor[]) =>
    n.op('ScatterElements', [data, full, updates], { axis });
  return n.out('Identity', [carried(n, [n.x, update], scatter)]);
}

function swiGlu(n: ImportNode): Tensor {
  const gate = n.call('Swish', [n.x], { alpha: n.attrs.float('alpha', 1) });
  return n.out('Mul', [gate, n.input(1)]);
}

export const sequenceModels: Family = {
  CausalConvWithState: causalConvWithState,
  SwiGLU: swiGlu,
  TensorScatter: tensorScatter,
};
