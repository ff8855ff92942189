import {
  add,
  cast,
  concat,
  cond,
  constant,
  ensureShape,
  gradients,
  less,
  map,
  mul,
  placeholder,
  scan,
  stringJoin,
  sub,
  type Tensor,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('scan stacks all results on the way', ({ session }) => {
  const x = placeholder('float32', [null, 2]);
  const step = (a: Tensor<'float32'>, row: Tensor<'float32'>) => sub(mul(a, 2), row);
  const forth = scan(step, x, constant([1, 1]));
  const back = scan(step, x, constant([1, 1]), { reverse: true });
  const run = (rows: number[][]) =>
    session.runSync([forth, back], { feeds: [[x, rows]] }).map((v) => v.toArray());
  expect(forth.shape).toEqual([null, 2]);
  const rows = [
    [1, 2],
    [3, 4],
  ];
  expect(run(rows)).toEqual([
    [
      [1, 0],
      [-1, -4],
    ],
    [
      [-3, -6],
      [-1, -2],
    ],
  ]);
  expect(run([[1, 2]])).toEqual([[[1, 0]], [[1, 0]]]);
  const [none] = session.runSync([forth], { feeds: [[x, new Float32Array()]] }) ?? [];
  expect(none?.shape).toEqual([0, 2]);
});

inGraph('scan without an initial value begins with the first element', ({ session }) => {
  const x = constant([1, 2, 3, 4]);
  const [forth, back] = [scan(add, x), scan(add, x, undefined, { reverse: true })];
  const values = session.runSync([forth, back]).map((v) => v.toArray());
  expect(values).toEqual([
    [1, 3, 6, 10],
    [10, 9, 7, 4],
  ]);
  expect(forth.shape).toEqual([4]);
});

inGraph('structures of several dtypes go in and out', ({ session }) => {
  const elements = { words: constant(['a', 'b', 'c']), n: constant([1, 2, 3]) };
  const { text, sums } = scan(
    ({ text, sums: [sum] }, { words, n }) => ({
      text: stringJoin([text, words]),
      sums: [add(sum!, n)],
    }),
    elements,
    { text: constant('>'), sums: [constant(10)] },
  );
  const mapped = map(({ words, n }) => [stringJoin([words, words]), less(n, 2)], elements);
  const got = session.runSync({ text, sums, mapped });
  expect(got.text.toArray()).toEqual(['>a', '>ab', '>abc']);
  expect(got.sums[0]!.toArray()).toEqual([11, 13, 16]);
  expect(got.mapped.map((v) => v.toArray())).toEqual([
    ['aa', 'bb', 'cc'],
    [true, false, false],
  ]);
});

inGraph('map of any dims, in branches and loops', ({ session }) => {
  const x = placeholder('float32', null);
  const k = constant(3);
  const doubled = map((row) => mul(row, k), x);
  const inside = cond(
    less(k, 5),
    () => map((row) => mul(row, k), x),
    () => x,
  );
  const [, looped] = whileLoop(
    (i) => less(i, 2),
    (i, y) => [add(i, 1), scan(add, y, constant([0, 0]))],
    [
      constant(0),
      constant([
        [1, 2],
        [3, 4],
      ]),
    ],
  );
  const nested = map((row) => map((v) => mul(v, k), row), x);
  const feeds: [Tensor, number[][]][] = [[x, [[1, 2]]]];
  const got = session.runSync([doubled, inside, looped, nested], { feeds });
  expect(got.map((v) => v.toArray())).toEqual([
    [[3, 6]],
    [[3, 6]],
    [
      [1, 2],
      [5, 8],
    ],
    [[3, 6]],
  ]);
});

inGraph('a scan counts in a variable, in order', ({ session }) => {
  const v = variable(1, { name: 'v' });
  const x = constant([2, 3, 4]);
  const seen = scan((_, e) => v.assign(mul(v.read(), e)), x, constant(0));
  session.initializeSync();
  expect(session.runSync(seen).toArray()).toEqual([2, 6, 24]);
  expect(session.runSync(v).item()).toBe(24);
});

inGraph('a loop collects values of all iterations', ({ session }) => {
  const n = placeholder('int32', []);
  const [[i, last], { halves, names }] = whileLoop(
    (i) => less(i, n),
    (i, h) => [[add(i, 1), mul(h, 0.5)], { halves: h, names: constant('x') }],
    [constant(0, { dtype: 'int32' }), constant([8, 4])],
    { collect: true },
  );
  const run = (count: number) =>
    session.runSync([i, last, halves, names], { feeds: [[n, count]] }).map((v) => v.toArray());
  expect(halves.shape).toEqual([null, 2]);
  expect(run(3)).toEqual([
    3,
    [1, 0.5],
    [
      [8, 4],
      [4, 2],
      [2, 1],
    ],
    ['x', 'x', 'x'],
  ]);
  expect(run(0)).toEqual([0, [8, 4], [], []]);
  expect(run(100)[2]).toHaveLength(100);
});

inGraph('what cannot be scanned', ({ session }) => {
  const [one, row] = [constant(1), constant([1, 2])];
  const keep = <T>(a: T) => a;
  expect(() => scan(keep, one, one)).toThrow(typeError('tensors with a first axis'));
  expect(() => map(keep, [])).toThrow(engineError('INVALID_ARGUMENT', 'No elements'));
  expect(() => map(() => [], row)).toThrow(engineError('INVALID_ARGUMENT', 'at least one result'));
  expect(() => scan(keep, [row, constant([1])], one)).toThrow(
    engineError('INVALID_ARGUMENT', 'same first dim, got 2, 1'),
  );
  expect(() => scan(() => row, row, one)).toThrow(
    engineError('INVALID_ARGUMENT', 'state 0 has shape [] at first, but [2] after one step'),
  );
  expect(() => scan((a) => mistyped([a, a]), row, [one])).toThrow(
    engineError('INVALID_ARGUMENT', 'must have the same nested structure'),
  );
  expect(() => scan(() => mistyped<typeof one>(cast(one, 'int32')), row, one)).toThrow(
    engineError('INVALID_ARGUMENT', 'float32 at first, and int32 after one step'),
  );
  const [x, y] = [placeholder('float32', [null]), placeholder('float32', [null])];
  const z = map(([a, b]) => add(a!, b!), [x, y]);
  const feeds: [Tensor, number[]][] = [
    [x, [1, 2]],
    [y, [1]],
  ];
  expect(() => session.runSync(z, { feeds })).toThrow(
    engineError('INVALID_ARGUMENT', 'same first dim, got 2 and 1'),
  );
  const ragged = whileLoop(
    () => constant(true),
    (a) => [[concat([a, a], 0)], a],
    [x],
    { collect: true, maximumIterations: 2, shapeInvariants: [[null]] },
  )[1];
  expect(() => session.runSync(ragged, { feeds })).toThrow(
    engineError('INVALID_ARGUMENT', 'iteration 1 gives a value of shape [4]', 'shape [2]'),
  );
});

inGraph('a tensor of a step is of no use outside', () => {
  let leaked: Tensor<'float32'> | undefined;
  scan(
    (a, e) => {
      leaked = add(a, e);
      return leaked;
    },
    constant([1, 2]),
    constant(0),
    { name: 'sums' },
  );
  expect(() => mul(leaked!, 2)).toThrow(
    engineError('INVALID_ARGUMENT', "Cannot use 'sums/", 'is in a scan', "result of 'sums'"),
  );
});

inGraph('values nobody wants are not collected', ({ session }) => {
  const x = constant([1, 2, 3]);
  const [sums, squares] = map((e) => [add(e, 1), mul(e, e)], x);
  expect(session.runSync(squares!).toArray()).toEqual([1, 4, 9]);
  const [grad] = gradients(sums!, [x]);
  expect(session.runSync([grad!, ensureShape(sums!, [3])]).map((v) => v.toArray())).toEqual([
    [1, 1, 1],
    [2, 3, 4],
  ]);
});
