import { checkSync, load, loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { kFloat, modelFile } from './write.js';

const input = (name: string, shape?: readonly (number | string)[]) => {
  return { name, dtype: kFloat, ...(shape && { shape }) };
};

/** y = Hardmax(a) + b, which needs the rank of a. */
function modelOf(a: readonly (number | string)[] | undefined, b?: readonly (number | string)[]) {
  const nodes = [
    { op: 'Hardmax', inputs: ['a'], outputs: ['h'] },
    { op: 'Add', inputs: ['h', 'b'], outputs: ['y'] },
  ];
  const inputs = [input('a', a), input('b', b)];
  return modelFile({ graph: { nodes, inputs, outputs: [{ name: 'y' }] } });
}

test('an input without a shape takes the one that is given', () => {
  const file = modelOf(undefined, [2]);
  expect(() => loadSync(file)).toThrow('Hardmax: an input of unknown rank');
  expect(() => loadSync(file)).toThrow("no shape for 'a'; the option shapes can");
  expect(checkSync(file).ok).toBe(false);
  const shapes = { a: [null, 2] };
  expect(checkSync(file, { shapes }).ok).toBe(true);
  const { graph, inputs, outputs } = loadSync(file, { shapes });
  expect(outputs.y?.shape).toEqual([null, 2]);
  const feeds = [[inputs.a!, [[1, 3]]] as const, [inputs.b!, [0, 5]] as const];
  using session = new Session(graph);
  expect(session.runSync(outputs.y!, { feeds }).toArray()).toEqual([[0, 6]]);
});

test('a size for a dim with a name holds for all inputs', async () => {
  const file = modelOf(['n', 3], ['n', 'm']);
  const { inputs } = await load(file, { shapes: { a: [4, 3] } });
  expect([inputs.a?.shape, inputs.b?.shape]).toEqual([
    [4, 3],
    [4, null],
  ]);
});

test.each([
  [{ a: [2, 4] }, 'has the shape [n, 3], where dim 1 is 3'],
  [{ a: [2] }, "shapes.a is [2], but the input 'a' of the model has the shape [n, 3]"],
  [{ a: [2, 3], b: [5, 1] }, 'has the shape [n, m], where dim 0 is 2'],
  [{ c: [2] }, "names of inputs of the model ('a', 'b')"],
])('refuses %j', async (shapes, sentence) => {
  const file = modelOf(['n', 3], ['n', 'm']);
  await expect(load(file, { shapes })).rejects.toThrow(sentence);
  expect(() => loadSync(file, { shapes })).toThrow(sentence);
});

test.each([
  [{ shape: {} }, 'Expected one of graph, prefix, variables, shapes'],
  [{ shapes: [] }, 'an object of shapes by name'],
  [{ shapes: { a: ['n', 3] } }, 'shapes.a'],
  [{ variables: 1 }, 'Expected a boolean for variables but received'],
  [{ prefix: 1 }, 'Expected a name for prefix but received'],
  [{ graph: {} }, 'Expected a Graph for graph but received'],
])('refuses the options %j', async (options, sentence) => {
  const file = modelOf([2, 2], [2]);
  await expect(load(file, options as object)).rejects.toThrow(TypeError);
  expect(() => loadSync(file, options as object)).toThrow(sentence);
});
