import type { MapValue } from '../../lib/feeds.js';
import type { NDArray } from '../../lib/ndArray.js';
import { checkSync, loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { type AttributeSpec, kFloat, kInt64, kString, modelFile } from './write.js';

const kDouble = 11;

interface Case {
  readonly op: string;
  readonly key: number;
  readonly dtype: number;
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
}

function modelOf({ op, key, dtype, attributes }: Case) {
  return modelFile({
    opset: 17,
    domains: { 'ai.onnx.ml': 1 },
    graph: {
      inputs: [{ name: 'x', key, dtype }],
      outputs: [{ name: 'y' }],
      nodes: [{ op, domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['y'], attributes }],
    },
  });
}

function given(one: Case, value: MapValue): NDArray {
  const model = loadSync(modelOf(one));
  using session = new Session(model.graph);
  return session.runSync(model.outputs.y!, { feeds: [[model.inputs.x!, value]] });
}

const words = { string_vocabulary: { strings: ['a', 'b', 'c'] } };
const byName = (dtype: number): Case => {
  return { op: 'DictVectorizer', key: kString, dtype, attributes: words };
};

test('a dictionary becomes a vector, from an object or a Map', () => {
  expect(given(byName(kInt64), { c: 7, a: 5n, z: 9 }).toArray()).toEqual([5n, 0n, 7n]);
  expect(given(byName(kFloat), new Map([['b', 0.5]])).toArray()).toEqual([0, 0.5, 0]);
  const doubles = given(byName(kDouble), { a: 0.1 });
  expect([doubles.dtype, doubles.toArray()]).toEqual(['float64', [0.1, 0, 0]]);
});

test('keys and values may be integers and strings', () => {
  const attributes = { int64_vocabulary: { ints: [10, 20] } };
  const one = { op: 'DictVectorizer', key: kInt64, dtype: kString, attributes };
  expect(
    given(
      one,
      new Map([
        [20, 'x'],
        [30, 'y'],
      ]),
    ).toArray(),
  ).toEqual(['', 'x']);
  expect(given(one, new Map()).toArray()).toEqual(['', '']);
});

const cast = (dtype: number, attributes: Case['attributes'] = {}): Case => {
  return { op: 'CastMap', key: kInt64, dtype, attributes };
};
const numbers = new Map<number | bigint, number>([
  [3, 30],
  [1, 10.5],
  [2n, 20],
]);

test('CastMap orders values by their keys', () => {
  expect(given(cast(kFloat), numbers).toArray()).toEqual([[10.5, 20, 30]]);
  const texts = given(cast(kFloat, { cast_to: { s: 'TO_STRING' } }), numbers);
  expect(texts.toArray()).toEqual([['10.5', '20', '30']]);
  const whole = given(
    cast(kString, { cast_to: { s: 'TO_INT64' } }),
    new Map([
      [1, '7'],
      [0, '5'],
    ]),
  );
  expect(whole.toArray()).toEqual([[5n, 7n]]);
});

test('CastMap puts values at their keys', () => {
  const attributes = { map_form: { s: 'SPARSE' }, max_map: { i: 5 } };
  expect(given(cast(kFloat, attributes), numbers).toArray()).toEqual([[0, 10.5, 20, 30, 0]]);
  const small = { map_form: { s: 'SPARSE' }, max_map: { i: 2 } };
  expect(() => given(cast(kFloat, small), numbers)).toThrow('3');
});

test('what is no map of the declared kind is refused', () => {
  const wrong = (one: Case, value: unknown) => () => given(one, value as MapValue);
  expect(wrong(cast(kFloat), { 1: 2 })).toThrow("Expected a Map for feed 'x:0'");
  expect(wrong(cast(kFloat), new Map([['1', 2]]))).toThrow('Expected integers as keys for feed');
  expect(wrong(byName(kFloat), new Map([[1, 2]]))).toThrow('Expected strings as keys for feed');
  expect(wrong(byName(kFloat), { a: 'b' })).toThrow('Expected a number for feed \'x:0\'["a"]');
  expect(wrong(byName(kFloat), 3)).toThrow('Expected a Map or an object of values by name');
  expect(wrong(byName(kInt64), { a: 0.5 })).toThrow('int64');
});

test('a sequence of maps goes through', () => {
  const sequence = { name: 's', key: kString, dtype: kFloat, isSequence: true };
  const file = modelFile({
    opset: 17,
    domains: { 'ai.onnx.ml': 1 },
    graph: {
      inputs: [sequence, { name: 'i', dtype: kInt64, shape: [] }],
      outputs: [{ name: 'y' }, { name: 'n', dtype: kInt64 }],
      nodes: [
        { op: 'SequenceAt', inputs: ['s', 'i'], outputs: ['m'] },
        { op: 'SequenceLength', inputs: ['s'], outputs: ['n'] },
        {
          op: 'DictVectorizer',
          domain: 'ai.onnx.ml',
          inputs: ['m'],
          outputs: ['y'],
          attributes: words,
        },
      ],
    },
  });
  expect(checkSync(file)).toMatchObject({ ok: true });
  const model = loadSync(file);
  using session = new Session(model.graph);
  const feeds = { s: [{ a: 1 }, new Map([['c', 3]])], i: 1n };
  const { y, n } = session.runSync({ y: model.outputs.y!, n: model.outputs.n! }, { feeds });
  expect([y.toArray(), n.item()]).toEqual([[0, 0, 3], 2n]);
  const labels = { ...feeds, s: [{ a: 1 }, 5] };
  expect(() => session.runSync(model.outputs.y!, { feeds: labels as never })).toThrow(
    "Expected a Map or an object of values by name for feed 's'[1]",
  );
});
