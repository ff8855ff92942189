import { Graph } from '../../lib/graph.js';
import { NDArray, ndarray } from '../../lib/ndArray.js';
import { addOp } from '../../lib/op.js';
import { placeholder } from '../../lib/placeholder.js';
import { Session } from '../../lib/session.js';
import type { Tensor } from '../../lib/tensor.js';

/** What ops make of a sequence of [1, 2] and [3]. */
function compute(make: (list: Tensor, graph: Graph) => Tensor, fed: unknown = [[1, 2], [3]]) {
  const graph = new Graph({ defaultSession: false });
  const list = placeholder('variant', [], { graph });
  const result = make(list, graph);
  using session = new Session(graph);
  return session.runSync(result, { feeds: [[list, fed as never]] });
}

function arraysIn(list: NDArray): unknown[] {
  const [values] = list.data;
  if (!Array.isArray(values)) return [];
  return values.map((value) => (value instanceof NDArray ? value.toArray() : value));
}

const op = (
  graph: Graph,
  type: string,
  inputs: readonly unknown[],
  attrs: Readonly<Record<string, unknown>> = {},
): Tensor => addOp(type, inputs, attrs, { graph }).outputs[0]!;

test('a fed sequence comes back as it was', () => {
  expect(arraysIn(compute((list, g) => op(g, 'Identity', [list])))).toEqual([[1, 2], [3]]);
});

test('strings, empty lists, nested lists and null cross the border', () => {
  const identity = (list: Tensor, g: Graph) => op(g, 'Identity', [list]);
  expect(arraysIn(compute(identity, [['a', 'b']]))).toEqual([['a', 'b']]);
  expect(arraysIn(compute(identity, []))).toEqual([]);
  expect(compute(identity, null).data).toEqual([null]);
  const inner = new NDArray([[ndarray([1n])]], [], 'variant');
  const [[found]] = compute(identity, [inner]).data as unknown as [[NDArray]];
  expect(arraysIn(found)).toEqual([[1n]]);
});

test('values are put in, taken out and found', () => {
  const nine = ndarray([9]);
  const first = compute((list, g) => op(g, 'SequenceInsert', [list, nine, 0n]));
  expect(arraysIn(first)).toEqual([[9], [1, 2], [3]]);
  const last = compute((list, g) => op(g, 'SequenceInsert', [list, nine, null]));
  expect(arraysIn(last)).toEqual([[1, 2], [3], [9]]);
  const erased = compute((list, g) => op(g, 'SequenceErase', [list, -2n]));
  expect(arraysIn(erased)).toEqual([[3]]);
  const at = compute((list, g) => op(g, 'SequenceAt', [list, 1], { dtype: 'float32' }));
  expect(at.toArray()).toEqual([3]);
  expect(compute((list, g) => op(g, 'SequenceLength', [list])).item()).toBe(2n);
});

test('a position outside of the sequence is an error', () => {
  const at = (list: Tensor, g: Graph) => op(g, 'SequenceAt', [list, 2], { dtype: 'float32' });
  expect(() => compute(at)).toThrow('position 2 is not in a sequence of 2');
  const erase = (list: Tensor, g: Graph) => op(g, 'SequenceErase', [list, null]);
  expect(() => compute(erase, [])).toThrow('the sequence is empty');
  const other = (list: Tensor, g: Graph) => op(g, 'SequenceAt', [list, 0], { dtype: 'int64' });
  expect(() => compute(other)).toThrow('the entry is float32, expected int64');
});

test('sequences are joined and made of parts', () => {
  const joined = (attrs: Readonly<Record<string, unknown>>, fed?: unknown) =>
    compute((list, g) => op(g, 'ConcatFromSequence', [list], { dtype: 'float32', ...attrs }), fed);
  expect(joined({ axis: 0 }).toArray()).toEqual([1, 2, 3]);
  const pairs = [
    [1, 2],
    [3, 4],
  ];
  expect(joined({ axis: 1, new_axis: true }, pairs).toArray()).toEqual([
    [1, 3],
    [2, 4],
  ]);
  expect(() => joined({ axis: 0, new_axis: true })).toThrow('cannot be joined');
  const x = [[1, 2, 3]];
  const parts = (split: unknown, attrs: Readonly<Record<string, unknown>> = {}) =>
    arraysIn(compute((_, g) => op(g, 'SplitToSequence', [x, split], { axis: 1, ...attrs })));
  expect(parts(2n)).toEqual([[[1, 2]], [[3]]]);
  expect(parts([1n, 2n])).toEqual([[[1]], [[2, 3]]]);
  expect(parts(null, { keepdims: false })).toEqual([[1], [2], [3]]);
});

test('an optional value is there or not', () => {
  const has = (list: Tensor, g: Graph) => op(g, 'OptionalHasElement', [list]);
  expect(compute(has).item()).toBe(true);
  expect(compute(has, null).item()).toBe(false);
  const none = (_: Tensor, g: Graph) => has(op(g, 'OptionalNone', []), g);
  expect(compute(none).item()).toBe(false);
  const made = (_: Tensor, g: Graph) => has(op(g, 'SequenceConstruct', [[]], { T: [] }), g);
  expect(compute(made).item()).toBe(true);
});

test('rows of scores become maps', () => {
  const scores = [
    [1, 2],
    [3, 4],
  ];
  const maps = compute((_, g) => op(g, 'ZipMap', [scores, ndarray(['a', 'b'])]));
  const [list] = maps.data as unknown as [NDArray[]];
  expect(list.map(arraysIn)).toEqual([
    [
      ['a', 'b'],
      [1, 2],
    ],
    [
      ['a', 'b'],
      [3, 4],
    ],
  ]);
});
