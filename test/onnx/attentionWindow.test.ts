import { ndarray } from '../../lib/ndArray.js';
import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { type AttributeSpec, kFloat, modelFile } from './write.js';

const kLength = 4;

/** What each of four queries sees of as many keys, when all keys are alike and values one-hot. */
function seen(attributes: Readonly<Record<string, AttributeSpec>>): number[][] {
  const shape = [1, 1, kLength, kLength];
  const value = (name: string) => ({ name, dtype: kFloat, shape });
  const model = loadSync(
    modelFile({
      opset: 25,
      graph: {
        inputs: ['q', 'k', 'v'].map(value),
        outputs: [value('y')],
        nodes: [{ op: 'Attention', inputs: ['q', 'k', 'v'], outputs: ['y'], attributes }],
      },
    }),
  );
  using session = new Session(model.graph);
  const zeros = new Float32Array(kLength * kLength);
  const one = zeros.map((_, i) => (i % (kLength + 1) === 0 ? 1 : 0));
  const feeds = { q: zeros, k: zeros, v: one };
  const y = session.runSync(model.outputs.y!, {
    feeds: Object.entries(feeds).map(([name, data]) => [
      model.inputs[name]!,
      ndarray(data, { shape }),
    ]),
  });
  const rows = y.toArray() as unknown as number[][][][];
  return rows[0]![0]!.map((row) => row.flatMap((share, i) => (share > 0 ? [i] : [])));
}

test('a window to the left', () => {
  const attributes = { left_window_size: { i: 1 }, right_window_size: { i: 0 } };
  expect(seen(attributes)).toEqual([[0], [0, 1], [1, 2], [2, 3]]);
});

test('a window to both sides', () => {
  const attributes = { left_window_size: { i: 0 }, right_window_size: { i: 2 } };
  expect(seen(attributes)).toEqual([[0, 1, 2], [1, 2, 3], [2, 3], [3]]);
});

test('no bound on one side, and none at all', () => {
  expect(seen({ left_window_size: { i: 1 } })).toEqual([
    [0, 1, 2, 3],
    [0, 1, 2, 3],
    [1, 2, 3],
    [2, 3],
  ]);
  expect(seen({})[0]).toEqual([0, 1, 2, 3]);
});

test('the causal bound holds within a window', () => {
  const attributes = { is_causal: { i: 1 }, right_window_size: { i: 3 } };
  expect(seen(attributes)).toEqual([[0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]);
});

test('a size below -1 is refused', () => {
  expect(() => seen({ left_window_size: { i: -2 } })).toThrow('left_window_size is -2');
});
