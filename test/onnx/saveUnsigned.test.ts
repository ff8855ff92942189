import { Graph, ndarray, onnx, placeholder, Session, type Tensor } from '../../lib/index.js';
import { addOp } from '../../lib/op.js';

const values = [2n ** 63n + 5n, 3n, 2n ** 64n - 1n, 2n ** 63n - 1n];

/** What a graph gives that was saved and loaded again. */
function again(make: (x: Tensor) => Tensor, given: readonly bigint[] = values) {
  const graph = new Graph();
  const y = graph.asDefault(() => make(placeholder('uint64', [null], { name: 'x' })));
  const model = onnx.loadSync(onnx.saveSync(graph, { y }));
  using session = new Session(model.graph);
  const feeds = [[model.inputs.x!, ndarray([...given], { dtype: 'uint64' })] as const];
  return session.runSync(model.outputs.y!, { feeds }).toArray();
}

const op = (type: string, inputs: readonly unknown[], attrs = {}, output = 0) =>
  addOp(type, inputs, attrs, {}).outputs[output]!;

test('numbers of uint64 beyond those of int64 keep their order when they are saved', () => {
  const middle = ndarray([2n ** 63n], { dtype: 'uint64' });
  expect(again((x) => op('Max', [x, [0]]))).toBe(values[2]);
  expect(again((x) => op('Min', [x, [0]]))).toBe(3n);
  expect(again((x) => op('Maximum', [x, middle]))).toEqual([
    values[0],
    2n ** 63n,
    values[2],
    2n ** 63n,
  ]);
  expect(again((x) => op('Minimum', [x, middle]))).toEqual([2n ** 63n, 3n, 2n ** 63n, values[3]]);
  expect(again((x) => op('ArgMax', [x, 0]))).toBe(2n);
  expect(again((x) => op('TopKV2', [x, 3]))).toEqual([values[2], values[0], values[3]]);
  expect(again((x) => op('ClipByValue', [x, middle.reshape([]), values[0]]))).toEqual([
    values[0],
    2n ** 63n,
    values[0],
    2n ** 63n,
  ]);
});

test('of no numbers the greatest is the least of all', () => {
  expect(again((x) => op('Max', [x, [0]]), [])).toBe(0n);
  expect(again((x) => op('Min', [x, [0]]), [])).toBe(2n ** 64n - 1n);
});
