import { type DType, isFloat } from '../../lib/dtype.js';
import { NDArray } from '../../lib/ndArray.js';
import type { Tensor } from '../../lib/tensor.js';
import type { Build } from './build.js';
import { chain, convolve } from './idioms.js';
import type { Choices } from './recipe.js';
import { resized, sample } from './sample.js';
import { known } from './steps.js';

/** Above what any step computes on one thread, and what a reduction to few values divides. */
const shapes = [[300, 700], [3, 260, 330], [1, 120, 120, 16], [250_001]] as const;

const dtypes = ['float32', 'float32', 'float64', 'float16', 'int32'] as const;

const ints = (...values: number[]) =>
  new NDArray<DType>(Int32Array.from(values), [values.length], 'int32');

type Use = (b: Build, x: Tensor, shape: readonly number[], choices: Choices) => void;

function reduce(b: Build, x: Tensor, shape: readonly number[], choices: Choices): void {
  const type = choices.of(['Sum', 'Mean', 'Max', 'Min', 'Prod', 'LogSumExp']) ?? 'Sum';
  const axes = choices.of([[0], [-1], shape.map((_, i) => i), []]) ?? [];
  const isArg = choices.chance(15);
  const one = new NDArray<DType>(Int32Array.of(axes[0] ?? 0), [], 'int32');
  if (isArg) b.one(choices.chance(50) ? 'ArgMax' : 'ArgMin', [x, one]);
  else b.one(type, [x, ints(...axes)], { keep_dims: choices.chance(30) });
}

function pairs(b: Build, x: Tensor, shape: readonly number[], choices: Choices): void {
  const row = sample([shape.at(-1) ?? 1], x.dtype, 3);
  const type = choices.of(['AddV2', 'Mul', 'Maximum', 'Sub']) ?? 'AddV2';
  const y = b.one(type, [x, choices.chance(50) ? b.feed(row, row.shape) : row]);
  if (isFloat(x.dtype)) chain(b, y, choices);
}

function product(b: Build, x: Tensor, shape: readonly number[], choices: Choices): void {
  const [rows, depth] = shape.slice(-2);
  if (rows === undefined || depth === undefined) return;
  const n = choices.of([33, 96, 8]) ?? 33;
  const turned = choices.chance(30);
  const weights = sample([turned ? rows : depth, n], x.dtype, 4);
  const fed = choices.chance(40) ? b.feed(weights, weights.shape) : weights;
  const y = b.one('BatchMatMulV2', [x, fed], { adj_x: turned });
  if (choices.chance(40)) b.one('Relu', [b.one('BiasAdd', [y, sample([n], x.dtype, 5)])]);
}

/** What goes by rows, or only moves. */
function lines(b: Build, x: Tensor, shape: readonly number[], choices: Choices): void {
  const { length } = shape;
  const order = ints(...shape.map((_, i) => (i + 1) % length));
  const zero = new NDArray<DType>(Int32Array.of(0), [], 'int32');
  const how = choices.below(6);
  if (how === 0) b.one('Softmax', [x]);
  else if (how === 1) b.one('LogSoftmax', [x]);
  else if (how === 2) b.one('Cumsum', [x, zero]);
  else if (how === 3) b.one('Transpose', [x, order]);
  else if (how === 4) b.one('ConcatV2', [[x, x], zero]);
  else b.one('Cast', [x], { DstT: choices.of(['float32', 'float16', 'int32']) ?? 'float32' });
}

function image(b: Build, x: Tensor, shape: readonly number[], choices: Choices): void {
  const isImage = shape.length === 4 && x.dtype === 'float32';
  if (isImage) convolve(b, x, shape[3] ?? 1, choices);
  else pairs(b, x, shape, choices);
}

const uses: readonly Use[] = [pairs, reduce, product, lines, image];

/** Steps on a tensor so large that several threads share them; their results are always fetched. */
export function wide(build: Build, choices: Choices): void {
  if (build.inside) return;
  const dtype = choices.of(dtypes) ?? 'float32';
  const shape = choices.of(shapes) ?? [];
  const some = sample([4093], dtype, choices.below(7));
  const x = build.feed(resized(some, shape), known(shape, choices));
  build.attempt(() => {
    // A step that takes long enough to wake the other threads for what follows.
    const y = isFloat(dtype) ? build.one(choices.chance(50) ? 'Erf' : 'Tanh', [x]) : x;
    for (const use of [choices.of(uses), choices.of(uses)]) {
      if (use) build.attempt(() => use(build, y, shape, choices));
      const last = build.pool.at(-1);
      if (last) build.wanted.push(last.tensor);
    }
  });
}
