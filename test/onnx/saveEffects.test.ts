import { Graph, onnx, placeholder, print, variable, zeros } from '../../lib/index.js';
import { both } from './saved.js';

function guarded() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const x = placeholder('float32', [2], { name: 'x' });
    const count = variable(zeros([]), { name: 'count' });
    const step = count.assignAdd(1);
    const y = graph.controlDependencies([step], () => x.relu({ name: 'y' }));
    const free = graph.controlDependencies([x.abs()], () => x.relu({ name: 'free' }));
    return { graph, x, y, free, count };
  });
}

test('an effect that a node waits for cannot be saved', () => {
  const { graph, y } = guarded();
  expect(() => onnx.saveSync(graph, { y })).toThrow(
    /\(AssignAddVariableOp\): 'y' waits for it, which ONNX cannot say/,
  );
});

test('waiting for what has no effect is left out', () => {
  const { graph, x, free } = guarded();
  const { own, got } = both(graph, { free }, [[x, [-1, 2]]]);
  expect(got).toEqual(own);
});

test('the option leaves effects out', () => {
  const { graph, y } = guarded();
  const bytes = onnx.saveSync(graph, { y }, null, { ignoreControlDependencies: true });
  expect(onnx.infoSync(bytes).operators).toBeDefined();
  const wrong = { ignoreControlDependencies: 1 as never };
  expect(() => onnx.saveSync(graph, { y }, null, wrong)).toThrow(
    'Expected a boolean for ignoreControlDependencies but received 1',
  );
});

test('a print on the way of a value is named', () => {
  const graph = new Graph();
  const y = graph.asDefault(() => print(placeholder('float32', [2], { name: 'x' })));
  expect(() => onnx.saveSync(graph, { y })).toThrow(/\(JsFunction\)/);
});
