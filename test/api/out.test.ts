import { Graph, matMul, ndarray, placeholder, Session } from '../../lib/index.js';

const graph = new Graph();
const [x, y] = graph.asDefault(() => {
  const x = placeholder('float32', [2, 2]);
  return [x, matMul(x, x)];
});
const session = new Session(graph);
const values = ndarray([
  [1, 2],
  [3, 4],
]);
const feeds = new Map([[x, values]]);
afterAll(() => session.close());

test.each([
  ['a typed array', (data: Float32Array): unknown => data],
  ['an NDArray', (data: Float32Array): unknown => ndarray(data, { shape: [2, 2] })],
])('a result is written into %s given as out', async (_, make) => {
  const data = new Float32Array(4);
  expect(session.runSync(y, { feeds, out: make(data) }).data).toBe(data);
  expect(Array.from(data)).toEqual([7, 10, 15, 22]);
  data.fill(0);
  expect((await session.run([y], { feeds, out: [make(data)] }))[0].data).toBe(data);
  expect(Array.from(data)).toEqual([7, 10, 15, 22]);
});

test('an out of another dtype is refused', () => {
  const out = new Float64Array(4);
  expect(() => session.runSync(y, { feeds, out })).toThrow(
    'Expected a Float32Array for out (dtype float32) but received a Float64Array',
  );
});
