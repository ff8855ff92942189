// What may be fetched, in which structures, and what comes back.
import {
  add,
  addOp,
  constant,
  type Fetches,
  Graph,
  identity,
  NDArray,
  placeholder,
  Session,
  type Tensor,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

/** What the cases call a, b and c. */
function abc() {
  const a = constant(42, { name: 'a' });
  const b = addOp('NoOp', [], {}, { name: 'b' });
  const c = constant(44, { name: 'c' });
  return { a, b, c };
}

/** The numbers of results, null for operations, in their structure. */
function plain(result: unknown): unknown {
  if (result instanceof NDArray) return result.toArray();
  if (Array.isArray(result)) return result.map(plain);
  if (result === null || typeof result !== 'object') return result;
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, plain(value)]));
}

inGraph('sess-013: nothing to fetch is a mistake wherever it stands', ({ session }) => {
  const a = constant(1);
  const v = variable(0);
  session.initializeSync();
  const more = v.assignAdd(1);
  for (const fetches of [null, [null], { b: null }, { a: more, b: null }, undefined, [a, 3]]) {
    const run = () => session.runSync(mistyped<Fetches>(fetches));
    expect(run).toThrow(typeError('has invalid type'));
  }
  expect(session.runSync(v).item()).toBe(0);
});

inGraph('sess-014: tensors give values, operations null, prepared or not', ({ session }) => {
  const a = constant(42);
  expect(session.runSync(a).item()).toBe(42);
  expect(session.runSync(a.op)).toBeNull();
  expect(session.prepare(a).runSync().item()).toBe(42);
  expect(session.prepare(a.op).runSync()).toBeNull();
});

inGraph('sess-015, fetch-003: a name with an index is a tensor', ({ session }) => {
  const a = constant(42);
  expect(plain(session.runSync(a.name))).toBe(42);
  for (const [i, name] of ['c', 'd', 'e', 'f'].entries()) {
    constant(42 + i, { name });
    expect(plain(session.runSync(`${name}:0`))).toBe(42 + i);
    expect(session.runSync(name)).toBeNull();
  }
});

inGraph('sess-016, sess-018: lists', ({ session }) => {
  const { a, b, c } = abc();
  const v = variable([54]);
  const assign = v.assign([63]);
  const list = session.runSync([a, b, c, a.name, assign.op]);
  expect(plain(list)).toEqual([42, null, 44, 42, null]);
  const tuple = [a, b, c, a.name] as const;
  expect(plain(session.runSync(tuple))).toEqual([42, null, 44, 42]);
});

class Abc {
  constructor(
    readonly a: Tensor,
    readonly b: ReturnType<typeof abc>['b'],
    readonly c: Tensor | null,
  ) {}

  get first(): unknown {
    return this.a;
  }
}

inGraph('sess-019: an instance of a class gives an instance of the class', ({ session }) => {
  const { a, b, c } = abc();
  const fetches = mistyped<Fetches>(new Abc(a, b, c));
  for (const result of [session.runSync(fetches), session.prepare(fetches).runSync()]) {
    expect(result).toBeInstanceOf(Abc);
    expect(plain(result)).toEqual({ a: 42, b: null, c: 44 });
    expect(Reflect.get(Object(result), 'first')).toBe(Reflect.get(Object(result), 'a'));
  }
  const open = session.runSync(mistyped<Fetches>(new Abc(a, b, null)));
  expect(plain(open)).toEqual({ a: 42, b: null, c: null });
  const wrong = () => session.runSync(mistyped<Fetches>(new Date()));
  expect(wrong).toThrow(typeError('has invalid type Date'));
});

inGraph('sess-020: objects', ({ session }) => {
  const { a, b, c } = abc();
  expect(plain(session.runSync({ a, b, c }))).toEqual({ a: 42, b: null, c: 44 });
});

inGraph('sess-021: maps keep their keys in order', ({ session }) => {
  const { a, b, c } = abc();
  const out = session.runSync(
    new Map<number, Fetches>([
      [3, a],
      [2, b],
      [1, c],
    ]),
  );
  expect(out).toBeInstanceOf(Map);
  expect([...out.keys()]).toEqual([3, 2, 1]);
  expect([...out.values()].map(plain)).toEqual([42, null, 44]);
});

class Sample {
  constructor(
    readonly field1: Tensor<'float32'>,
    readonly field2: Tensor<'float32'>,
  ) {}
}

inGraph('sess-022: fields of an instance may be fed and fetched', ({ session }) => {
  const sample = new Sample(constant([1, 2, 3]), constant([4, 5, 6]));
  const fetches = mistyped<Fetches>(sample);
  const first = session.runSync(fetches);
  expect(first).toBeInstanceOf(Sample);
  expect(plain(first)).toEqual({ field1: [1, 2, 3], field2: [4, 5, 6] });
  const second = session.runSync(fetches, { feeds: [[sample.field1, [10, 20, 30]]] });
  expect(plain(second)).toEqual({ field1: [10, 20, 30], field2: [4, 5, 6] });
});

inGraph('sess-024: empty structures need nothing to run', ({ session }) => {
  const a = constant(11);
  expect(session.runSync([[], [], {}])).toEqual([[], [], {}]);
  expect(plain(session.runSync([[], [], {}, a]))).toEqual([[], [], {}, 11]);
});

inGraph('sess-025: structures in structures', ({ session }) => {
  const { a, b, c } = abc();
  const out = session.runSync([
    [a, b, c],
    mistyped<Fetches>(new Abc(a, b, c)),
    { a: a.name, c, b },
  ]);
  const record = { a: 42, b: null, c: 44 };
  expect(plain(out)).toEqual([[42, null, 44], record, record]);
});

inGraph('sess-027: the same tensor in several places', ({ session }) => {
  const a = constant([1, 2]);
  const b = constant([3]);
  const record = session.runSync({ a: [a], b, z: [a, b] });
  expect(record.a[0]).toBe(record.z[0]);
  expect(plain(record)).toEqual({ a: [[1, 2]], b: [3], z: [[1, 2], [3]] });
  const nested = plain(session.runSync([[[a, b], b], a, [a, b]]));
  expect(nested).toEqual([
    [[[1, 2], [3]], [3]],
    [1, 2],
    [[1, 2], [3]],
  ]);
});

inGraph('sess-028: rank 0 results have no axis and keep their dtype', ({ session }) => {
  for (const dtype of ['int32', 'int64', 'float16', 'float32', 'float64'] as const) {
    const sum = add(constant(7, { dtype }), constant(8, { dtype }));
    const out = session.runSync([sum, [sum], { sum }]);
    for (const value of [out[0], out[1][0], out[2].sum]) {
      expect(value.shape).toEqual([]);
      expect(value.dtype).toBe(dtype);
      expect(Number(value.item())).toBe(15);
    }
  }
});

class Sparse {
  constructor(
    readonly indices: Tensor,
    readonly values: Tensor,
    readonly denseShape: Tensor | null,
  ) {}
}

inGraph('sess-030, sess-034, sess-035: sparse tensors and slices are records', ({ session }) => {
  const indices = constant([3n, 4n]);
  const values = constant([1, 2]);
  const sparse = mistyped<Fetches>(new Sparse(indices, values, constant([7n, 9n, 2n])));
  const expected = { indices: [3n, 4n], values: [1, 2], denseShape: [7n, 9n, 2n] };
  expect(plain(session.runSync(sparse))).toEqual(expected);
  expect(plain(session.runSync([sparse]))).toEqual([expected]);
  expect(plain(session.runSync({ sparse }))).toEqual({ sparse: expected });
  expect(plain(session.runSync([[[sparse]], sparse]))).toEqual([[[expected]], expected]);
  const open = session.runSync(mistyped<Fetches>(new Sparse(indices, values, null)));
  expect(plain(open)).toEqual({ ...expected, denseShape: null });
});

inGraph('fetch-001, fetch-002: duplicates', ({ session }) => {
  const [a, b] = [constant([[1, 1]]), constant([[2, 2, 2]])];
  expect(plain(session.runSync([a, b, a]))).toEqual([[[1, 1]], [[2, 2, 2]], [[1, 1]]]);
  const seven = constant(7);
  expect(plain(session.runSync([seven, seven]))).toEqual([7, 7]);
});

inGraph('low-003: results follow the order of the fetches', ({ session }) => {
  const [one, two] = [constant(1, { name: 'one' }), constant(2, { name: 'two' })];
  const [first, second] = [identity(one), identity(two)];
  expect(plain(session.runSync([first, second]))).toEqual([1, 2]);
  expect(plain(session.runSync([second, first]))).toEqual([2, 1]);
  for (const feeds of [
    [
      [one, 11],
      [two, 22],
    ],
    [
      [two, 22],
      [one, 11],
    ],
  ] as const) {
    expect(plain(session.runSync([first, second], { feeds }))).toEqual([11, 22]);
    expect(plain(session.runSync([second, first], { feeds }))).toEqual([22, 11]);
  }
});

inGraph('low-006: an operation without outputs has no tensor', ({ session }) => {
  addOp('NoOp', [], {}, { name: 'nothing' });
  const run = () => session.runSync('nothing:0');
  expect(run).toThrow(
    engineError('INVALID_ARGUMENT', 'cannot be interpreted as a Tensor', 'only has 0 outputs'),
  );
});

test('graph-001: what counts is the graph, not the name', () => {
  const [one, two] = [new Graph(), new Graph()];
  const [c1, c2] = [one, two].map((graph, i) =>
    graph.asDefault(() => constant(i + 1, { name: 'c' })),
  );
  using session = new Session(one);
  expect(session.runSync(c1!).item()).toBe(1);
  for (const foreign of [c2!, c2!.op]) {
    expect(() => session.runSync(foreign)).toThrow(
      engineError('INVALID_ARGUMENT', 'is not an element of this graph'),
    );
  }
});

inGraph('graph-009: operations may be kept from being fetched', ({ graph, session }) => {
  const a = constant(2);
  expect(graph.isFetchable(a)).toBe(true);
  graph.preventFetching(a.op);
  expect(graph.isFetchable(a)).toBe(false);
  expect(() => session.runSync(a)).toThrow(
    engineError('INVALID_ARGUMENT', 'has been marked as not fetchable'),
  );
});

inGraph('der-023: all fetches fed', ({ session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  const results = session.runSync([x, 'x:0'], { feeds: [[x, 1]] });
  expect(plain(results)).toEqual([1, 1]);
});
