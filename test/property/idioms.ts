import type { DType } from '../../lib/dtype.js';
import { NDArray } from '../../lib/ndArray.js';
import type { Tensor } from '../../lib/tensor.js';
import type { Build } from './build.js';
import type { Choices } from './recipe.js';
import { sample } from './sample.js';
import { isFloatEntry, recent, shapeOf } from './steps.js';

type Idiom = (b: Build, x: Tensor, choices: Choices) => void;

function scalar(value: number, dtype: DType): NDArray {
  const [one] = [sample([], dtype)];
  if (dtype === 'float32') return new NDArray<DType>(Float32Array.of(value), [], dtype);
  if (dtype === 'float64') return new NDArray<DType>(Float64Array.of(value), [], dtype);
  return one;
}

/** x op c, or c op x. */
function withNumber(b: Build, type: string, x: Tensor, c: number, first = false): Tensor {
  const number = scalar(c, x.dtype);
  return b.one(type, first ? [number, x] : [x, number]);
}

const last = new NDArray<DType>(Int32Array.of(-1), [1], 'int32');

function normalized(b: Build, x: Tensor, choices: Choices): void {
  const keep = { keep_dims: true };
  const rms = choices.chance(40);
  const mean = b.one('Mean', [x, last], keep);
  const d = rms ? x : b.one('Sub', [x, mean]);
  const square = choices.chance(50) ? b.one('Square', [d]) : b.one('Mul', [d, d]);
  const variance = withNumber(b, 'AddV2', b.one('Mean', [square, last], keep), 1e-3);
  const y = choices.chance(50)
    ? b.one('RealDiv', [d, b.one('Sqrt', [variance])])
    : b.one('Mul', [d, b.one('Rsqrt', [variance])]);
  const dim = x.shape?.at(-1);
  if (typeof dim !== 'number') return;
  const scaled = b.one('Mul', [y, sample([dim], x.dtype, 1)]);
  if (!rms) b.one('AddV2', [scaled, sample([dim], x.dtype, 2)]);
}

function gelu(b: Build, x: Tensor, choices: Choices): void {
  const erf = b.one('Erf', [withNumber(b, 'Mul', x, Math.SQRT1_2)]);
  const inner = withNumber(b, 'AddV2', erf, 1);
  if (choices.chance(50)) b.one('Mul', [withNumber(b, 'Mul', x, 0.5), inner]);
  else withNumber(b, 'Mul', b.one('Mul', [x, inner]), 0.5);
}

function geluTanh(b: Build, x: Tensor): void {
  const cube = b.one('Mul', [x, b.one('Mul', [x, x])]);
  const sum = b.one('AddV2', [x, withNumber(b, 'Mul', cube, 0.044715)]);
  const t = b.one('Tanh', [withNumber(b, 'Mul', sum, 0.7978845608028654)]);
  b.one('Mul', [withNumber(b, 'Mul', x, 0.5), withNumber(b, 'AddV2', t, 1)]);
}

function hardSigmoid(b: Build, x: Tensor, choices: Choices): void {
  const shifted = withNumber(b, 'AddV2', x, 3);
  const clipped = b.one('ClipByValue', [shifted, scalar(0, x.dtype), scalar(6, x.dtype)]);
  const gate = choices.chance(50)
    ? withNumber(b, 'RealDiv', clipped, 6)
    : withNumber(b, 'Mul', clipped, 1 / 6);
  if (choices.chance(60)) b.one('Mul', [x, gate]);
}

function neutral(b: Build, x: Tensor, choices: Choices): void {
  const how = choices.below(5);
  // Now and then a number that is not neutral, or the wrong way round.
  const [zero, one] = choices.chance(30) ? [1, 0] : [0, 1];
  const first = choices.chance(30);
  if (how === 0) withNumber(b, 'Mul', x, one, first);
  else if (how === 1) withNumber(b, 'RealDiv', x, one, first);
  else if (how === 2) withNumber(b, 'Sub', x, zero, first);
  else if (how === 3) withNumber(b, 'AddV2', x, zero, first);
  else b.one('Cast', [x], { DstT: x.dtype });
}

/** Ops of one shape one after the other: what fuses into one program. */
export function chain(b: Build, x: Tensor, choices: Choices): void {
  const types = ['Tanh', 'Relu', 'Sigmoid', 'Neg', 'Abs', 'Square', 'Softplus', 'Floor', 'Exp'];
  const pairs = ['AddV2', 'Mul', 'Maximum', 'Sub', 'Minimum', 'RealDiv', 'SquaredDifference'];
  let y = x;
  for (let i = choices.below(5); i >= 0; i--) {
    y = choices.chance(45)
      ? b.one(choices.of(pairs) ?? 'AddV2', [y, choices.chance(50) ? x : y])
      : b.one(choices.of(types) ?? 'Relu', [y]);
  }
}

/** The same twice, so that one of them may go. */
function twice(b: Build, x: Tensor, choices: Choices): void {
  const type = choices.of(['Tanh', 'Neg', 'Erf', 'Rsqrt']) ?? 'Neg';
  b.one('AddV2', [b.one(type, [x]), b.one(type, [x])]);
}

/** A shape as the graph itself tells it: folds once the shapes of the feeds are known. */
function byShape(b: Build, x: Tensor, choices: Choices): void {
  const shape = b.one('Shape', [x]);
  const flat = b.one('Reshape', [x, last]);
  const how = choices.below(3);
  if (how === 0) b.one('Reshape', [b.one('Neg', [flat]), shape]);
  else if (how === 1) b.one('Fill', [shape, scalar(2, x.dtype)]);
  else b.one('Reshape', [withNumber(b, 'Mul', flat, 3), b.one('Shape', [b.one('Neg', [x])])]);
}

const idioms: readonly Idiom[] = [
  chain,
  neutral,
  twice,
  byShape,
  normalized,
  gelu,
  geluTanh,
  hardSigmoid,
  (b, x) => {
    b.one('Mul', [x, b.one('Sigmoid', [x])]);
  },
];

export function idiom(build: Build, choices: Choices): void {
  const entry = recent(build, choices, isFloatEntry);
  const make = choices.of(idioms);
  if (entry && make) build.attempt(() => make(build, entry.tensor, choices));
}

/** A product with weights, and what often follows it. */
export function matMul(build: Build, choices: Choices): void {
  const entry = recent(build, choices, (e) => isFloatEntry(e) && (shapeOf(e)?.length ?? 0) >= 2);
  const depth = entry && shapeOf(entry)?.at(-1);
  if (!entry || depth === undefined) return;
  const { tensor: x } = entry;
  const n = choices.of([3, 1, 8, 17, 40]) ?? 3;
  const weights = sample([depth, n], x.dtype, 3);
  const fed = choices.chance(30) && !build.inside ? build.feed(weights, [depth, n]) : weights;
  build.attempt(() => {
    let y = build.one(choices.chance(60) ? 'BatchMatMulV2' : 'MatMul', [x, fed]);
    if (choices.chance(60)) y = build.one('BiasAdd', [y, sample([n], x.dtype, 4)]);
    if (choices.chance(30)) y = build.one('Mul', [y, sample([n], x.dtype, 5)]);
    if (choices.chance(60)) build.one(choices.of(['Relu', 'Tanh', 'Sigmoid']) ?? 'Relu', [y]);
  });
}

export function convolve(b: Build, x: Tensor, channels: number, choices: Choices): void {
  const size = choices.of([3, 1, 2]) ?? 3;
  const strides = choices.chance(30) ? [1, 2, 2, 1] : [1, 1, 1, 1];
  const padding = choices.chance(40) ? 'VALID' : 'SAME';
  const out = choices.of([4, 1, 8, 12]) ?? 4;
  let y = x;
  if (choices.chance(25)) {
    y = b.one('DepthwiseConv2dNative', [x, sample([size, size, channels, 1], x.dtype, 6)], {
      strides,
      padding,
    });
  } else {
    y = b.one('Conv2D', [x, sample([size, size, channels, out], x.dtype, 6)], { strides, padding });
  }
  const width = y.shape?.at(-1);
  if (typeof width !== 'number') return;
  if (choices.chance(50)) y = b.one('BiasAdd', [y, sample([width], x.dtype, 7)]);
  if (choices.chance(50)) y = b.one('Mul', [y, sample([width], x.dtype, 8)]);
  if (choices.chance(50)) y = b.one('AddV2', [y, sample([width], x.dtype, 9)]);
  if (choices.chance(50)) b.one('Relu', [y]);
}

/** Convolutions and pools on what has four dims, also with channels first. */
export function image(build: Build, choices: Choices): void {
  const suits = (e: { readonly tensor: Tensor }) => e.tensor.dtype === 'float32';
  const entry = recent(build, choices, (e) => suits(e) && shapeOf(e)?.length === 4);
  const channels = entry && shapeOf(entry)?.at(-1);
  if (!entry || !channels) {
    if (!build.inside) build.feed(sample([1, 6, 7, 4], 'float32', 5), [null, 6, 7, 4]);
    return;
  }
  const { tensor: x } = entry;
  build.attempt(() => {
    const how = choices.below(4);
    if (how < 2) return convolve(build, x, channels, choices);
    if (how === 2) {
      const type = choices.chance(50) ? 'MaxPool' : 'AvgPool';
      const padding = choices.chance(50) ? 'SAME' : 'VALID';
      build.one(type, [x], { ksize: [1, 2, 2, 1], strides: [1, 2, 2, 1], padding });
      return;
    }
    const order = (...axes: number[]) => new NDArray<DType>(Int32Array.from(axes), [4], 'int32');
    const first = build.one('Transpose', [x, order(0, 3, 1, 2)]);
    const height = shapeOf(entry)?.[1] ?? 1;
    const filter = sample([3, 3, channels, 6], 'float32', 6);
    const attrs = { strides: [1, 1, 1, 1], padding: 'SAME', data_format: 'NCHW' };
    const moved = build.one('AddV2', [
      build.one('Conv2D', [first, filter], attrs),
      sample([1, 6, 1, 1], 'float32', 7),
    ]);
    const y = build.one('Relu', [moved]);
    const back = height > 2 && choices.chance(70);
    if (back) build.one('Transpose', [y, order(0, 2, 3, 1)]);
  });
}
