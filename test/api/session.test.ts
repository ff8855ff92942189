import {
  addOp,
  type Fetches,
  Graph,
  identity,
  type NDArray,
  ndarray,
  placeholder,
  Session,
  stopGradient,
  sum,
  Trace,
  variable,
} from '../../lib/index.js';

function build() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const x = placeholder('float32', [null], { name: 'x' });
    const y = identity(x, { name: 'y' });
    const k = placeholder('int64', [], { name: 'k' });
    return { graph, x, y, k, noOp: addOp('NoOp', [], {}, { name: 'nothing' }) };
  });
}

describe('fetches', () => {
  const { graph, x, y, noOp } = build();
  const session = new Session(graph);
  const feeds = new Map([[x, [1, 2]]]);

  test('keep their structure', () => {
    const out = session.runSync({ a: y, b: [y, 'y:0', noOp], c: 'nothing' }, { feeds });
    expect(out.a.data).toEqual(Float32Array.of(1, 2));
    expect(out.b[0]).toBe(out.a);
    expect(out.b[1]).toBe(out.a);
    expect(out.b[2]).toBeNull();
    expect(out.c).toBeNull();
    expect(session.runSync([], { feeds })).toEqual([]);
    expect(session.runSync({}, { feeds })).toEqual({});
  });

  test('are refused with their place in the sentence', () => {
    const run = (fetches: unknown) => () => session.runSync(fetches as Fetches, { feeds });
    expect(run(null)).toThrow('Fetch argument null has invalid type null');
    expect(run([y, null])).toThrow(TypeError);
    expect(run(3)).toThrow('Fetch argument 3 has invalid type number, must be a string or Tensor.');
    expect(run('z')).toThrow("Fetch argument 'z' cannot be interpreted as a Tensor. (The name 'z'");
    const other = build();
    expect(run(other.y)).toThrow('is not an element of this graph.');
  });

  test('of fed tensors are copies of the feed', () => {
    const data = Float32Array.of(5, 6);
    const [value, doubled] = session.runSync([x, y], { feeds: { x: data } });
    expect(value.data).toEqual(data);
    expect(value.data).not.toBe(data);
    expect(doubled.data).toEqual(data);
  });

  test('many structures in turn', () => {
    for (let i = 0; i < 500; i++) {
      const keys = Array.from({ length: (i % 100) + 1 }, (_, k) => [`k${k}`, y] as const);
      const out = session.runSync(Object.fromEntries(keys), { feeds: { x: [i] } });
      expect(out.k0?.data[0]).toBe(i);
    }
  });
});

describe('feeds', () => {
  const { graph, x, y, k } = build();
  const session = new Session(graph);

  test.each<[string, Parameters<typeof session.runSync>[1]]>([
    ['map', { feeds: new Map([[x, [1]]]) }],
    ['pairs', { feeds: [[x, [1]]] }],
    ['object by op name', { feeds: { x: [1] } }],
    ['object by tensor name', { feeds: { 'x:0': [1] } }],
    ['typed array', { feeds: { x: Float32Array.of(1) } }],
    ['another typed array', { feeds: { x: Int8Array.of(1) } }],
    ['Buffer', { feeds: { x: Buffer.from(Float32Array.of(1).buffer) } }],
    ['ArrayBuffer', { feeds: { x: Float32Array.of(1).buffer } }],
    ['NDArray', { feeds: { x: ndarray([1]) } }],
  ])('as %s', (_, options) => {
    expect(session.runSync(y, options).data).toEqual(Float32Array.of(1));
  });

  test('of SharedArrayBuffer', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(4 * 1000)).fill(3);
    expect(session.runSync(y, { feeds: { x: shared } }).data[999]).toBe(3);
    expect((await session.run(y, { feeds: { x: shared } })).data[999]).toBe(3);
  });

  test('of an intermediate tensor override it', () => {
    expect(session.runSync(y, { feeds: [[y, [7, 8]]] }).data).toEqual(Float32Array.of(7, 8));
    const z = graph.asDefault(() => stopGradient(y));
    expect(session.runSync(z, { feeds: [[y, [7, 8]]] }).data).toEqual(Float32Array.of(7, 8));
  });

  test('are refused with a sentence', () => {
    const run = (feeds: unknown) => () => session.runSync(y, { feeds: feeds as { x: number } });
    expect(run({ z: [1] })).toThrow('Cannot interpret feed_dict key as Tensor: The name');
    expect(run([[x.op, [1]]])).toThrow('Can not convert a Operation into a Tensor.');
    expect(run({ x: y })).toThrow('The value of a feed cannot be a Tensor object.');
    expect(run({ x: null })).toThrow("Expected a value for feed 'x' but received null");
    expect(run({ x: [['a']] })).toThrow(TypeError);
    expect(run({ x: [[1]] })).toThrow(
      "Cannot feed value of shape [1, 1] for Tensor 'x:0', which has shape '[?]'",
    );
    expect(
      run([
        [x, [1]],
        ['x:0', [2]],
      ]),
    ).toThrow('Endpoint "x:0" fed more than once.');
    expect(run(3)).toThrow('Expected a Map, a list of pairs or an object by name for feeds');
    expect(run({ x: [1], k: 1.5 })).toThrow("for feed 'k' but received 1.5");
    expect(run({ x: [1], k: NaN })).toThrow("for feed 'k' but received NaN");
  });

  test('that are missing are named', () => {
    expect(() => session.runSync(y)).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        op: 'Placeholder',
        node: 'x',
        message: expect.stringContaining(
          "You must feed a value for placeholder tensor 'x' with dtype float32 and shape [?]",
        ),
      }),
    );
  });

  test('of integers beyond 2^53', () => {
    const id = graph.asDefault(() => identity(k));
    expect(session.runSync(id, { feeds: { k: 2n ** 62n } }).item()).toBe(2n ** 62n);
    expect(session.runSync(id, { feeds: { k: -5 } }).item()).toBe(-5n);
  });
});

describe('prepared runs', () => {
  const { graph, x, y } = build();
  const session = new Session(graph);

  test('take values in order', async () => {
    using call = session.prepare({ y }, { feeds: [x] });
    expect(call.runSync([1, 2]).y.data).toEqual(Float32Array.of(1, 2));
    expect((await call.run([3])).y.data).toEqual(Float32Array.of(3));
    expect(() => call.runSync()).toThrow('Expected 1 feed tensors, but got 0');
    await expect(call.run([1], [2])).rejects.toThrow('Expected 1 feed tensors, but got 2');
    expect(() => call.runSync([[1]])).toThrow('Cannot feed value of shape [1, 1]');
  });

  test('fill the arrays of the caller', async () => {
    const out = new Float32Array(2);
    const call = session.prepare(y, { feeds: [x] }).with({ out });
    expect(call.runSync([1, 2]).data).toBe(out);
    expect(out).toEqual(Float32Array.of(1, 2));
    expect((await call.run([3, 4])).data).toBe(out);
    expect(out).toEqual(Float32Array.of(3, 4));
    expect(() => call.runSync([1])).toThrow('expected 1 entries in the out array of fetch 0');
    const wrong = session.prepare(y, { feeds: [x] }).with({ out: new Int32Array(2) });
    expect(() => wrong.runSync([1, 2])).toThrow('Expected a Float32Array for out');
  });
});

describe('sessions', () => {
  test('closed', async () => {
    const { graph, x, y } = build();
    const session = new Session(graph);
    const call = session.prepare(y, { feeds: [x] });
    await session.close();
    await session.close();
    expect(session.closed).toBe(true);
    const closed = { code: 'FAILED_PRECONDITION', message: 'Attempted to use a closed Session.' };
    expect(() => session.runSync(y)).toThrow(expect.objectContaining(closed));
    await expect(session.run([])).rejects.toMatchObject(closed);
    expect(() => call.runSync([1])).toThrow(expect.objectContaining(closed));
  });

  test('of an empty graph', () => {
    using session = new Session(new Graph());
    expect(() => session.runSync([])).toThrow(
      'The Session graph is empty.  Add operations to the graph before calling run().',
    );
  });

  test('keep variables apart', () => {
    const graph = new Graph();
    const v = graph.asDefault(() => variable([1, 2], { name: 'v' }));
    using a = new Session(graph);
    using b = new Session(graph);
    expect(() => a.runSync(v)).toThrow(expect.objectContaining({ code: 'FAILED_PRECONDITION' }));
    a.initializeSync();
    a.runSync(v.assignAdd([10, 10]));
    b.runSync(graph.initializer);
    expect(a.runSync(v).data).toEqual(Float32Array.of(11, 12));
    expect(b.runSync(v).data).toEqual(Float32Array.of(1, 2));
    const read = identity(v);
    expect(a.runSync([v, read], { feeds: [[v, [5, 6]]] }).map((r) => r.data[0])).toEqual([5, 5]);
    expect(a.runSync(v).data[0]).toBe(11);
  });

  test('the initializer covers variables made later', async () => {
    const graph = new Graph();
    using session = new Session(graph);
    graph.asDefault(() => variable(1));
    await session.initialize();
    const late = graph.asDefault(() => variable([2, 3]));
    graph.finalize();
    await session.initialize();
    expect((await session.run(late)).data).toEqual(Float32Array.of(2, 3));
  });

  test('trace their steps', async () => {
    const { graph, x } = build();
    const y = graph.asDefault(() => sum(x, null, { name: 'total' }));
    await using session = new Session(graph);
    const trace = new Trace();
    const feeds = { x: [1, 2] };
    session.runSync(y, { feeds, trace });
    await session.run(y, { feeds, trace });
    expect(trace.steps.map(({ op }) => op)).toEqual(['Sum', 'Sum']);
    for (const { start, end } of trace.steps) expect(end).toBeGreaterThanOrEqual(start);
    expect(trace.byOp()).toMatchObject([{ op: 'Sum', steps: 2 }]);
    const events: unknown[] = [...trace.toJSON().traceEvents];
    expect(events.filter((event) => Reflect.get(Object(event), 'ph') === 'X')).toHaveLength(2);
    const wrong = { feeds, trace: {} as Trace };
    expect(() => session.runSync(y, wrong)).toThrow('Expected a Trace for trace');
  });

  test('fall back to the processor, or refuse to', () => {
    const graph = new Graph();
    const y = graph.asDefault(() => identity(1, { name: 'y', device: '/gpu:0' }));
    using soft = new Session(graph);
    expect(soft.runSync(y).item()).toBe(1);
    expect(soft.placement()).toEqual([
      { name: 'y', requested: '/device:GPU:0', device: '/device:CPU:0' },
    ]);
    using hard = new Session(graph, { softPlacement: false });
    expect(() => hard.runSync(y)).toThrow('Cannot assign a device for operation y');
  });

  test('refuse wrong options', () => {
    expect(() => new Session({ threads: 0 })).toThrow('Expected at least 1 for threads');
    expect(() => new Session({ memoryLimit: -1 })).toThrow('Expected a number of bytes');
  });

  test('results are NDArrays of every dtype', () => {
    const graph = new Graph();
    using session = new Session(graph);
    graph.asDefault(() => {
      const text = placeholder('string', [null]);
      expect(
        session.runSync(identity(text), { feeds: [[text, ['a', '\0', '\u00e4']]] }).data,
      ).toEqual(['a', '\0', '\u00e4']);
      const b = placeholder('bool', [2]);
      const flags = session.runSync(identity(b), { feeds: [[b, [true, false]]] });
      expect(flags.toArray()).toEqual([true, false]);
      for (const dtype of ['float16', 'bfloat16', 'uint64', 'int8', 'complex64'] as const) {
        const p = placeholder(dtype, [null, 2]);
        const value: NDArray = ndarray(
          [
            [1, 2],
            [3, 4],
          ],
          { dtype },
        );
        for (const n of [1, 300]) {
          const fed = n === 1 ? value : ndarray(Array(n).fill([1, 2]), { dtype });
          expect(session.runSync(identity(p), { feeds: [[p, fed]] }).equals(fed)).toBe(true);
        }
      }
      const empty = placeholder('float32', [null, 0]);
      expect(session.runSync(identity(empty), { feeds: [[empty, [[], []]]] }).shape).toEqual([
        2, 0,
      ]);
    });
  });
});
