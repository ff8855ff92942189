// What may be fed, with which values, and what a feed overrides.
import {
  add,
  cast,
  constant,
  type DType,
  exp,
  type FeedKey,
  type FeedStructure,
  type Feeds,
  identity,
  matMul,
  mul,
  ndarray,
  placeholder,
  reshape,
  split,
  type Values,
  variable,
  zeros,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('sess-047: any tensor may be fed, by itself or by name', ({ session }) => {
  const x = zeros([2]);
  const doubled = mul(x, 2);
  const all: Feeds[] = [[[x, new Float32Array([1, 1])]], { [x.name]: [1, 1] }, [[x, [1, 1]]]];
  for (const feeds of all) {
    expect(session.runSync(doubled, { feeds }).toArray()).toEqual([2, 2]);
  }
});

inGraph('sess-048: keys in a structure take values in the same structure', ({ session }) => {
  const [p, q, r] = [0, 0, 0].map(() => constant([0, 0], { name: 'z' }));
  const key: FeedStructure = [[[p!]], q!, [r!]];
  const value = [[[[1, 1]]], [2, 2], [[3, 3]]];
  const fetches = [p!, q!, r!].map((t) => mul(t, 2));
  const out = session.runSync(fetches, { feeds: [[key, value]] });
  expect(out.map((y) => y.toArray())).toEqual([
    [2, 2],
    [4, 4],
    [6, 6],
  ]);
  const wrong = () => session.runSync(fetches, { feeds: [[key, [[1, 1]]]] });
  expect(wrong).toThrow(
    engineError('INVALID_ARGUMENT', 'Could not flatten dictionary. Key had 3 elements, but value'),
  );
});

inGraph('sess-031, sess-032, sess-033, sess-036: parts of sparse tensors', ({ session }) => {
  const indices = placeholder('int64', [null, 3]);
  const values = placeholder('float32', [null]);
  const denseShape = placeholder('int64', [3]);
  const given = [[[3n, 2n, 0n]], [1], [7n, 9n, 2n]] as const;
  const parts = [identity(indices), identity(values), identity(denseShape)];
  const expected = [[[3n, 2n, 0n]], [1], [7n, 9n, 2n]];
  const read = (feeds: Feeds) => session.runSync(parts, { feeds }).map((y) => y.toArray());
  expect(read([[[indices, values, denseShape], given]])).toEqual(expected);
  const sparse = { indices, values, denseShape };
  const record = { values: given[1], denseShape: given[2], indices: given[0] };
  expect(read(new Map([[sparse, record]]))).toEqual(expected);
  const same = session.runSync(sparse, { feeds: [[sparse, record]] });
  expect(same.denseShape.toArray()).toEqual(given[2]);
  const open = { indices, values, denseShape: null };
  const two = session.runSync([values, indices], { feeds: [[open, record]] });
  expect(two.map((y) => y.toArray())).toEqual([[1], [[3n, 2n, 0n]]]);
});

const exact = ['float16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64'] as const;
const others = ['uint8', 'bool', 'complex64', 'complex128'] as const;

inGraph('feed-001: every dtype and size, fed and fetched', ({ session }) => {
  for (const dtype of [...exact, ...others] satisfies DType[]) {
    for (const shape of [[4, 2, 8], [37], [2, 0, 6], [0, 0, 0]]) {
      const p = placeholder(dtype, shape);
      const y = identity(p);
      const length = shape.reduce((size, dim) => size * dim, 1);
      const x = ndarray(
        Array.from({ length }, (_, i) => i % 2),
        { dtype },
      ).reshape(shape);
      const feeds = [[p, x]] as const;
      const [a, b] = session.runSync([y, p], { feeds });
      const prepared = session.prepare([y, p], { feeds: [p] });
      const all = [a, b, session.runSync(y, { feeds }), session.runSync(p, { feeds })];
      for (const out of [...all, ...prepared.runSync(x)]) {
        expect(out.dtype).toBe(dtype);
        expect(out.shape).toEqual(shape);
        expect(out.equals(x)).toBe(true);
      }
    }
  }
});

inGraph('feed-002: a tensor is no value', async ({ session }) => {
  const p = placeholder('float32', []);
  const out = identity(p);
  const feeds: Feeds = [[p, mistyped<Values>(constant(1))]];
  const error = typeError('The value of a feed cannot be a Tensor object');
  expect(() => session.runSync(out, { feeds })).toThrow(error);
  await expect(out.eval({ feeds, session })).rejects.toThrow(error);
  await expect(out.op.run({ feeds, session })).rejects.toThrow(error);
});

inGraph('feed-003, feed-011: values that the dtype cannot hold', ({ session }) => {
  const [x, text] = [constant(1, { dtype: 'int32' }), placeholder('string', null)];
  const run = (key: FeedKey, value: Values) => () =>
    session.runSync([identity(x), identity(text)], { feeds: [[key, value]] });
  for (const value of [9223372036854775807n, 2 ** 31, 1.5, NaN, '1']) {
    expect(run(x, value)).toThrow(typeError('is not compatible with Tensor type int32'));
  }
  expect(run(text, 1)).toThrow(typeError('Type of feed value 1 with type number'));
});

inGraph('feed-009, feed-010: a feed has to fit the static shape', ({ session }) => {
  const x = constant([1, 2, 3, 4]);
  const newShape = constant([2, 2], { dtype: 'int32' });
  const r = reshape(x, newShape);
  expect(() => session.runSync(r, { feeds: [[x, [1, 2, 3]]] })).toThrow(
    engineError('INVALID_ARGUMENT', 'Cannot feed value of shape [3] for Tensor', "shape '[4]'"),
  );
  expect(() => session.runSync(r, { feeds: [[newShape, [3, 7]]] })).toThrow(
    engineError(
      'INVALID_ARGUMENT',
      'Input to reshape is a tensor with 4 values, but the requested shape has 21',
    ),
  );
});

inGraph('graph-008: tensors may be kept from being fed', ({ graph, session }) => {
  const a = constant(2);
  expect(graph.isFeedable(a)).toBe(true);
  graph.preventFeeding(a);
  expect(graph.isFeedable(a)).toBe(false);
  expect(() => session.runSync(a, { feeds: [[a, 1]] })).toThrow(
    engineError('INVALID_ARGUMENT', `Tensor ${a.name} may not be fed.`),
  );
});

inGraph('low-001: a constant replaced', ({ session }) => {
  const a = constant([
    [1, 2],
    [3, 4],
  ]);
  const x = constant([[1], [1]]);
  const y = matMul(a, x);
  const feeds = [[x, [[5], [6]]]] as const;
  expect(session.runSync(y, { feeds }).toArray()).toEqual([[17], [39]]);
});

inGraph('low-004, der-012: the same tensor twice', ({ session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  const twice: Feeds[] = [
    [
      [x, 1],
      ['x:0', 2],
    ],
    [
      [x, 1],
      [x, 1],
    ],
    { x: 1, 'x:0': 2 },
  ];
  for (const feeds of twice) {
    expect(() => session.runSync(x, { feeds })).toThrow(
      engineError('INVALID_ARGUMENT', 'Endpoint "x:0" fed more than once.'),
    );
  }
});

inGraph('der-003: what makes a fed tensor does not run', ({ session }) => {
  const x = placeholder('float32', []);
  const a = exp(x);
  expect(session.runSync(add(a, 1), { feeds: [[a, 5]] }).item()).toBe(6);
});

inGraph('der-004: the other outputs of a fed op are computed', ({ session }) => {
  const [s0, s1] = split(0, constant([1, 2, 3, 4]), 2);
  const y = add(s0!, s1!);
  expect(session.runSync(y).toArray()).toEqual([4, 6]);
  expect(session.runSync(y, { feeds: [[s0!, [10, 20]]] }).toArray()).toEqual([13, 24]);
});

inGraph('der-005, der-006: control edges of fed ops', ({ graph, session }) => {
  const v = variable(0);
  const c = v.assignAdd(1);
  const p = placeholder('float32', []);
  const d = graph.controlDependencies([c], () => constant(0));
  const e = graph.controlDependencies([p], () => constant(0));
  session.initializeSync();
  session.runSync(d, { feeds: [[c, 100]] });
  expect(session.runSync(v).item()).toBe(1);
  expect(session.runSync(e, { feeds: [[p, 1]] }).item()).toBe(0);
  expect(() => session.runSync(e)).toThrow(
    engineError('INVALID_ARGUMENT', 'You must feed a value for placeholder'),
  );
});

inGraph('der-007: nothing is no value', ({ session }) => {
  const [x, any] = [placeholder('float32', [2]), placeholder('float32')];
  for (const key of [x, any]) {
    for (const value of [null, undefined]) {
      const feeds: Feeds = [[key, mistyped<Values>(value)]];
      expect(() => session.runSync(mul(key, 1), { feeds })).toThrow(TypeError);
    }
  }
});

inGraph('der-013: an operation is no key', ({ session }) => {
  const a = constant(1);
  for (const key of [a.op, 3, null, 'nothing', 'nothing:0']) {
    expect(() => session.runSync(a, { feeds: [[mistyped<FeedKey>(key), 1]] })).toThrow(
      typeError('Cannot interpret feed_dict key as Tensor'),
    );
  }
});

inGraph('feeds are looked at one by one, before the fetches', ({ session }) => {
  const [x, y] = [placeholder('float32', [2]), placeholder('float32', [])];
  const run = (feeds: Feeds) => () => session.runSync('nothing:0', { feeds });
  expect(run([[x, [1]]])).toThrow('Cannot feed value of shape [1]');
  const wrong: FeedKey = 'nothing';
  expect(
    run([
      [x, [1]],
      [wrong, 1],
    ]),
  ).toThrow('Cannot feed value of shape [1]');
  expect(
    run([
      [wrong, 1],
      [x, [1]],
    ]),
  ).toThrow('Cannot interpret feed_dict key');
  expect(run([[y, 1]])).toThrow("Fetch argument 'nothing:0'");
});

inGraph('missing placeholders are told together, with the way to the fetch', ({ session }) => {
  const x = placeholder('float32', [null, 3], { name: 'x' });
  const k = placeholder('int32', [], { name: 'k' });
  placeholder('float32', [], { name: 'other' });
  const v = variable(0);
  session.initializeSync();
  const y = mul(x, cast(k, 'float32'), { name: 'y' });
  const missingX = "'x' with dtype float32 and shape [?, 3] (x -> Mul 'y', which is fetched)";
  const missingK = "'k' with dtype int32 (k -> Cast 'Cast' -> Mul 'y', which is fetched)";
  const run = (feeds: Feeds) => () => session.runSync([v.assignAdd(1), y], { feeds });
  const begin = 'You must feed a value for placeholder tensor ';
  expect(run({})).toThrow(`${begin}${missingX}; and for ${missingK}`);
  expect(run({ k: 1 })).toThrow(begin + missingX);
  expect(run({ x: [[1, 2, 3]] })).toThrow(begin + missingK);
  expect(session.runSync(v).item()).toBe(0);
});
