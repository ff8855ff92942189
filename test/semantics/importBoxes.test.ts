// TensorFlow's choices among boxes.
import { Graph, type GraphDef, importGraphDef, Session, type Tensor } from '../../lib/index.js';
import { input, int32 } from './frame.js';
import { engineError } from './inGraph.js';
import { float, node, number } from './nodeDefs.js';

const placeholder = (name: string, ...dims: number[]) =>
  node(name, 'Placeholder', [], {
    dtype: float,
    shape: { shape: { dim: dims.map((size) => ({ size })) } },
  });

// The second box covers most of the first, the third none of them, the fourth is the third.
const boxes = [
  [0, 0, 1, 1],
  [0, 0.1, 1, 1.1],
  [2, 2, 3, 3],
  [3, 3, 2, 2],
];
const scores = [0.5, 0.75, 0.25, 0.125];
const most = 3;

function run(op: string, more: readonly string[], attr = {}, outputs = 1) {
  const def: GraphDef = {
    node: [
      placeholder('boxes', -1, 4),
      placeholder('scores', -1),
      input('most', int32),
      number('iou', 0.5),
      number('least', 0.3),
      number('any', -1),
      number('zero', 0),
      number('soft', 0.5),
      node('nms', op, ['boxes', 'scores', 'most', ...more], {
        T: float,
        T_threshold: float,
        ...attr,
      }),
    ],
  };
  const graph = new Graph();
  const names = Array.from({ length: outputs }, (_, k) => `nms:${k}`);
  const found = importGraphDef(def, { graph, prefix: '', returnElements: names }) as Tensor[];
  using session = new Session(graph);
  const values = session.runSync(found, { feeds: { boxes, scores, most } });
  return values.map((value) => value.toArray());
}

test('boxes by score, without those that others cover', () => {
  const float32 = { T: float };
  expect(run('NonMaxSuppressionV2', ['iou'], float32)).toEqual([[1, 2]]);
  expect(run('NonMaxSuppressionV3', ['iou', 'any'])).toEqual([[1, 2]]);
  expect(run('NonMaxSuppressionV3', ['iou', 'least'])).toEqual([[1]]);
});

test('boxes with their number, and zeros for those that there are not', () => {
  const pads = { pad_to_max_output_size: { b: true } };
  expect(run('NonMaxSuppressionV4', ['iou', 'any'], {}, 2)).toEqual([[1, 2], 2]);
  expect(run('NonMaxSuppressionV4', ['iou', 'any'], pads, 2)).toEqual([[1, 2, 0], 2]);
  const hard = ['iou', 'any', 'zero'];
  expect(run('NonMaxSuppressionV5', hard, {}, 3)).toEqual([[1, 2], [0.75, 0.25], 2]);
  expect(run('NonMaxSuppressionV5', hard, pads, 3)).toEqual([[1, 2, 0], [0.75, 0.25, 0], 2]);
  expect(() => run('NonMaxSuppressionV5', ['iou', 'any', 'soft'], {}, 3)).toThrow(
    engineError('INVALID_ARGUMENT', "Node 'nms': NonMaxSuppressionV5 is supported for a soft_nms"),
  );
});
