import { dataTypeNumber } from '../../dataTypes.js';
import type { ExportNode } from '../exportNode.js';
import { type ExportFamily, none } from '../table.js';
import type { Value } from '../value.js';
import { cast, int64Vector, scalar } from './common.js';

/** A seed of the op as ONNX has it; without one each run draws other numbers. */
function seedOf(n: ExportNode): { readonly seed?: { readonly f: number } } {
  const seeds = [n.attr('seed'), n.attr('seed2')].map((seed) => Number(seed ?? 0));
  const sum = seeds.reduce((a, b) => a + b, 0);
  return sum === 0 ? {} : { seed: { f: sum } };
}

const kDrawn = ['float32', 'float64', 'float16'] as const;

/** Numbers from one of the standard's generators, of the shape in input 0. */
function drawn(
  n: ExportNode,
  type: 'RandomNormal' | 'RandomUniform',
  dtype = n.outputs[0]!,
): Value {
  const own = kDrawn.some((one) => one === dtype) ? dtype : 'float32';
  const attributes = { dtype: dataTypeNumber(own), ...seedOf(n) };
  const known = n.known(0);
  if (known) return cast(n, n.op(type, [], { shape: known, ...attributes }, { dtype: own }), dtype);
  const like = n.op('Expand', [scalar(n, 0, own), int64Vector(n, 0)]);
  return cast(n, n.op(`${type}Like`, [like], attributes, { dtype: own }), dtype);
}

function integers(n: ExportNode): Value {
  const dtype = n.outputs[0]!;
  const [low, high] = [n.input(1), n.input(2)];
  const width = cast(n, n.op('Sub', [high, low]), 'float64');
  const place = n.op('Mul', [drawn(n, 'RandomUniform', 'float64'), width]);
  return n.op('Add', [cast(n, n.op('Floor', [place]), dtype), low]);
}

function multinomial(n: ExportNode): Value {
  const dtype = n.outputs[0]!;
  const [count = 1] = n.need(1, 'a number of samples');
  const attributes = { sample_size: count, dtype: dataTypeNumber(dtype), ...seedOf(n) };
  return n.op('Multinomial', [cast(n, n.x, 'float32')], attributes, { dtype });
}

/** Rows in the order of numbers drawn for them. */
function shuffle(n: ExportNode): Value {
  const shape = n.op('Shape', [n.x], {}, { dtype: 'int64' });
  const rows = n.op('Slice', [shape, n.vector([0]), n.vector([1])]);
  const like = n.op('Expand', [scalar(n, 0, 'float32'), rows]);
  const keys = n.op('RandomUniformLike', [like], seedOf(n));
  const [, order] = n.ops('TopK', [keys, rows], {}, [{ dtype: 'float32' }, { dtype: 'int64' }]);
  return n.op('Gather', [n.x, order], { axis: 0 });
}

const bySeed = none(
  "ONNX leaves a runtime its own generator: the numbers of a seed are the engine's",
);

export const randoms = {
  Multinomial: multinomial,
  RandomShuffle: shuffle,
  RandomStandardNormal: (n) => drawn(n, 'RandomNormal'),
  RandomUniform: (n) => drawn(n, 'RandomUniform'),
  RandomUniformInt: integers,
  StatelessRandomNormal: bySeed,
  StatelessRandomUniform: bySeed,
  StatelessRandomUniformInt: bySeed,
  StatelessTruncatedNormal: bySeed,
  TruncatedNormal: none('ONNX has no truncated normal distribution'),
} satisfies ExportFamily;
