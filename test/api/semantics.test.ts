// What TensorFlow's own tests assert of graphs and sessions, where other files do not.
import {
  add,
  addOp,
  cond,
  constant,
  Graph,
  greater,
  identity,
  less,
  mul,
  ones,
  placeholder,
  placeholderWithDefault,
  Session,
  sub,
  tuple,
  variable,
  zeros,
} from '../../lib/index.js';

let graph: Graph;
let session: Session;
beforeEach(() => {
  graph = new Graph();
  session = new Session(graph);
});
afterEach(() => session.close());
const inGraph = (title: string, fn: () => void) => test(title, () => graph.asDefault(fn));

inGraph('maps and empty containers keep their structure', () => {
  const a = constant(42);
  const map = new Map([
    [3, a],
    [2, a],
  ]);
  const out = session.runSync({ map, empty: [[], {}] });
  expect([...out.map.keys()]).toEqual([3, 2]);
  expect(out.map.get(2)?.item()).toBe(42);
  expect(out.empty).toEqual([[], {}]);
});

inGraph('a fed constant overrides folding', () => {
  const x = zeros([2]);
  const doubled = mul(x, 2);
  expect(session.runSync(doubled).toArray()).toEqual([0, 0]);
  expect(session.runSync(doubled, { feeds: [[x, [1, 1]]] }).toArray()).toEqual([2, 2]);
  const yes = constant(true);
  const result = cond(
    yes,
    () => constant(0),
    () => constant(37),
  );
  expect(session.runSync(result, { feeds: [[yes, false]] }).item()).toBe(37);
  expect(session.runSync(result, { feeds: [[yes, true]] }).item()).toBe(0);
  expect(session.runSync(result).item()).toBe(0);
  const byDefault = placeholderWithDefault<'bool'>(true);
  const other = cond(
    byDefault,
    () => constant(0),
    () => constant(37),
  );
  expect(session.runSync(other, { feeds: [[byDefault, false]] }).item()).toBe(37);
  expect(session.runSync(other).item()).toBe(0);
});

inGraph('ops may be added between runs', () => {
  const c = mul(constant([[1, 1]]), 4);
  expect(session.runSync(c).toArray()).toEqual([[4, 4]]);
  const e = add(c, [[1], [2]]);
  expect(session.runSync(e).toArray()).toEqual([
    [5, 5],
    [6, 6],
  ]);
});

inGraph('what a fed tensor is made of needs no value', () => {
  const x = placeholder('float32', [], { name: 'x' });
  const a = mul(x, 3);
  expect(session.runSync(add(a, 1), { feeds: [[a, 5]] }).item()).toBe(6);
});

inGraph('control edges of a fed op stay, but for placeholders', () => {
  const v = variable(0);
  const c = v.assignAdd(1);
  const p = placeholder('float32', []);
  const d = graph.controlDependencies([c], () => constant(7));
  const e = graph.controlDependencies([p], () => constant(8));
  session.initializeSync();
  expect(session.runSync(d, { feeds: [[c, 100]] }).item()).toBe(7);
  expect(session.runSync(v).item()).toBe(1);
  expect(session.runSync(e, { feeds: [[p, 1]] }).item()).toBe(8);
  expect(() => session.runSync(e)).toThrow('You must feed a value for placeholder');
});

inGraph('only what is needed runs, and once', () => {
  const v = variable(0);
  const w = v.assignAdd(1);
  session.initializeSync();
  session.runSync(constant(1));
  expect(session.runSync(v).item()).toBe(0);
  const [a, none, b] = session.runSync([w, w.op, mul(w, 1), w]);
  expect([a.item(), none, b.item()]).toEqual([1, null, 1]);
  expect(session.runSync(v).item()).toBe(1);
});

inGraph('assignments give the new value', () => {
  const v = variable(0);
  session.initializeSync();
  const [plus, minus, four] = [v.assignAdd(1), v.assignSub(2), v.assign(4)];
  const values = [plus, v, minus, v, four, v].map((x) => session.runSync(x).item());
  expect(values).toEqual([1, 1, -1, -1, 4, 4]);
});

inGraph('variables may start from each other', () => {
  const a = variable([1, 2]);
  const b = variable(mul(a.initializedValue(), 3));
  const c = variable(sub(add(a.initializedValue(), b.initializedValue()), 1));
  expect(() => session.runSync(b)).toThrow(
    expect.objectContaining({ code: 'FAILED_PRECONDITION' }),
  );
  session.initializeSync();
  expect(session.runSync([b, c]).map((r) => r.toArray())).toEqual([
    [3, 6],
    [3, 7],
  ]);
});

test('variables without a value are found', async () => {
  const [v, w] = graph.asDefault(() => [variable(1), variable(2)] as const);
  expect(await session.uninitializedVariables()).toEqual([v, w]);
  session.runSync(v.initializer);
  expect(await session.uninitializedVariables()).toEqual([w]);
  session.initializeSync();
  expect(await session.uninitializedVariables()).toEqual([]);
});

inGraph('variables refuse what they cannot hold', () => {
  const v = variable(1, { dtype: 'int32', trainable: false });
  expect(graph.trainableVariables).toEqual([]);
  expect(() => v.assign(1.5)).toThrow(TypeError);
  expect(() => session.runSync(v.assign([0]))).toThrow();
  expect(() => variable(Reflect.get({}, 'x'))).toThrow('initial_value must be specified.');
  expect(() => session.runSync(v.assignAdd(1))).toThrow('uninitialized');
});

inGraph('what may not be fed or fetched', () => {
  const a = constant(2);
  const b = identity(a);
  expect([graph.isFeedable(a), graph.isFetchable(b)]).toEqual([true, true]);
  graph.preventFeeding(a);
  graph.preventFetching(b.op);
  expect([graph.isFeedable(a), graph.isFetchable(b)]).toEqual([false, false]);
  expect(() => session.runSync(a, { feeds: [[a, 1]] })).toThrow(`Tensor ${a.name} may not be fed.`);
  expect(() => session.runSync(b)).toThrow(
    `Operation '${b.op.name}' has been marked as not fetchable.`,
  );
});

inGraph('feeds of another dtype are named', () => {
  const [text, count] = [placeholder('string', null), placeholder('int32', [])];
  const run = (key: typeof text | typeof count, value: number) => () =>
    session.runSync(identity(key), { feeds: [[key, value]] });
  expect(run(text, 1)).toThrow('Type of feed value 1 with type number');
  expect(run(count, 2 ** 40)).toThrow('is not compatible with Tensor type int32');
});

inGraph('branches', () => {
  const x = constant(10);
  expect(() =>
    cond(
      Reflect.get({ p: true }, 'p'),
      () => x,
      () => x,
    ),
  ).toThrow('pred must not be a JavaScript boolean');
  const two = (): typeof x => [x, x] as unknown as typeof x;
  expect(() => cond(less(1, 2), () => x, two)).toThrow('must have the same nested structure');
  const integer = (): typeof x => constant(1n) as unknown as typeof x;
  expect(() => cond(less(1, 2), () => x, integer)).toThrow('must have the same type');
  const nested = cond(
    less(1, 2),
    () =>
      add(
        cond(
          greater(1, 2),
          () => sub(x, 5),
          () => add(x, 1),
        ),
        1,
      ),
    () => sub(x, 1),
  );
  expect(session.runSync(nested).item()).toBe(12);
});

inGraph('each member of a tuple waits for all', () => {
  const [v, w] = [variable(1), variable(10)];
  const [first, none] = tuple([add(v.assign(1), 2), null, w.assign(20)]);
  expect(none).toBeNull();
  expect(session.runSync(first!).item()).toBe(3);
  expect(session.runSync(w).item()).toBe(20);
});

inGraph('static shapes', () => {
  expect(add(zeros([2, 3]), ones([1, 3])).shape).toEqual([2, 3]);
  expect(add(placeholder('float32'), ones([1, 3])).shape).toBeNull();
  expect(() => add([1, 2], [1, 2, 3])).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  );
  expect(session.runSync(constant(1)).item()).toBe(1);
  expect(() => constant([1, 2, 3], { shape: [2] })).toThrow('Too many');
  expect(addOp('NoOp', []).outputs).toEqual([]);
});

inGraph('the same tensor by many dtypes, fed and fetched', () => {
  for (const dtype of [
    'float16',
    'float32',
    'float64',
    'int32',
    'uint8',
    'int64',
    'bool',
  ] as const) {
    for (const size of [0, 1, 37, 3000]) {
      const p = placeholder(dtype, [null]);
      const value = Array.from({ length: size }, (_, i) => i % 2);
      const feeds = [[p, value]] as const;
      const [a, b] = session.runSync([identity(p), p], { feeds });
      expect(Array.from(a, Number)).toEqual(value);
      expect(a.equals(b)).toBe(true);
    }
  }
});

inGraph('a constant result waits for its control inputs, also in a branch', () => {
  const [outside, inside] = [variable(0), variable(0)];
  const plain = identity(constant(true), { controlInputs: [outside.assignAdd(1).op] });
  const branch = cond(
    constant(true),
    () => identity(constant(true), { controlInputs: [inside.assignAdd(1).op] }),
    () => constant(false),
  );
  session.runSync(graph.initializer);
  expect(session.runSync([plain, branch]).map((y) => y.item())).toEqual([true, true]);
  expect(session.runSync([outside, inside]).map((y) => y.item())).toEqual([1, 1]);
});

inGraph('what a branch does to a variable is ordered with the reads around it', () => {
  const v = variable(1);
  const before = v.read();
  const changed = cond(
    constant(true),
    () => v.assign(5),
    () => v.read(),
  );
  const after = v.read();
  session.runSync(graph.initializer);
  expect(session.runSync([after, changed, before]).map((y) => y.item())).toEqual([5, 5, 1]);
});
