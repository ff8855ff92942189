// SavedModels: what is read of them, and how they run.
import {
  Graph,
  gradients,
  loadSavedModel,
  loadSavedModelSync,
  Operation,
  Session,
  Tensor,
} from '../../lib/index.js';
import { engineError, mistyped } from '../semantics/inGraph.js';
import { f32, writeBundle } from './bundle.js';
import {
  attr,
  binary,
  handle,
  input,
  reading,
  types,
  version1,
  version2,
  writeVersion1,
  writeVersion2,
} from './fixtures.js';
import { bundle, folder, started } from './folder.js';
import { type FunctionSpec, writeModel } from './model.js';

test('sm-001: unknown tags', async () => {
  writeVersion1(folder, { ...version1, tags: ['serve', 'gpu'] });
  const text = "MetaGraphDef associated with tags 'train' could not be found in SavedModel.";
  const there = 'Tags of the graphs in';
  for (const tags of [['train'], ['gpu'], ['serve', 'gpu', 'x'], []]) {
    const wanted = text.replace('train', tags.join(', '));
    const loading = loadSavedModel(folder, { tags });
    await expect(loading).rejects.toThrow(engineError('FAILED_PRECONDITION', wanted));
    await expect(loading).rejects.toThrow(there);
    await expect(loading).rejects.toThrow('[serve], [serve, gpu]');
  }
  expect((await loadSavedModel(folder, { tags: ['gpu', 'serve'] })).tags).toEqual(['serve', 'gpu']);
});

test('a model of version 1 runs, with variables that begin with the saved values', async () => {
  writeVersion1(folder);
  const model = await loadSavedModel(folder);
  expect(Object.keys(model.signatures)).toEqual(['serving_default']);
  expect(model.signatures.serving_default!.methodName).toBe('tensorflow/serving/predict');
  expect(model.variables.map(({ name, trainable }) => [name, trainable])).toEqual([
    ['w', true],
    ['b', true],
  ]);
  const { x } = model.inputs;
  const { y } = model.outputs;
  expect([x!.name, y!.name]).toEqual(['x:0', 'y:0']);
  const session = await started(model.graph);
  const feeds: [[Tensor, number[][]]] = [[x!, [[1, 1]]]];
  expect(session.runSync(y!, { feeds }).toArray()).toEqual([[14, 26]]);
  const [w] = model.variables;
  // Reads of the file are reads of the variable.
  const fed = session.runSync(y!, {
    feeds: [
      ...feeds,
      [
        w!,
        [
          [0, 0],
          [0, 0],
        ],
      ],
    ],
  });
  expect(fed.toArray()).toEqual([[10, 20]]);
  const [slope] = gradients(y!, [w!]) as Tensor[];
  expect(session.runSync(slope!, { feeds }).toArray()).toEqual([
    [1, 1],
    [1, 1],
  ]);
  session.runSync(
    w!.assign([
      [0, 0],
      [0, 0],
    ]),
  );
  expect(session.runSync(y!, { feeds }).toArray()).toEqual([[10, 20]]);
  await session.close();
});

test('further elements, updates by reference, and a graph of the caller', async () => {
  writeVersion1(folder);
  const graph = new Graph();
  const model = loadSavedModelSync(folder, {
    graph,
    prefix: 'old',
    returnElements: ['next:0', 'next', 'w/read:0', 'count'],
  });
  expect(model.graph).toBe(graph);
  const [next, op, w, count] = model.elements;
  expect(next).toBeInstanceOf(Tensor);
  expect([op, count].every((x) => x instanceof Operation)).toBe(true);
  expect(count!.name).toBe('old/count');
  expect(model.variables.map(({ trainable }) => trainable)).toEqual([true, true, false]);
  const session = await started(graph);
  expect(session.runSync(next as Tensor).item()).toBe(8);
  expect(session.runSync(op as Operation)).toBeNull();
  expect(session.runSync(next as Tensor).item()).toBe(10);
  expect(session.runSync(w as Tensor).toArray()).toEqual([
    [1, 2],
    [3, 4],
  ]);
  const session2 = await started(graph);
  expect(session2.runSync(next as Tensor).item()).toBe(8);
  await Promise.all([session.close(), session2.close()]);
});

test('a model of version 2: functions are inlined, values found as the file restores them', async () => {
  writeVersion2(folder);
  const model = await loadSavedModel(folder);
  expect(model.variables.map(({ name, trainable }) => [name, trainable])).toEqual([
    ['kernel', true],
    ['bias', false],
  ]);
  expect(Object.keys(model.signatures)).toEqual(['serving_default', 'pair']);
  const { x } = model.inputs;
  const { output } = model.outputs;
  expect(output!.name).toBe('StatefulPartitionedCall:0');
  const calls = model.graph.operations.filter(({ type }) => type.endsWith('Call'));
  expect(calls).toEqual([]);
  const session = await started(model.graph);
  const run = () => session.runSync(output!, { feeds: [[x!, [[2, -3]]]] }).toArray();
  expect(run()).toEqual([[2.5, 0, 1.5]]);
  const { same, negative } = model.signatures.pair!.outputs;
  const pair = session.runSync([same!, negative!], { feeds: [[x!, [[2, -3]]]] });
  expect(pair.map((value) => value.toArray())).toEqual([[[2, -3]], [[-2, 3]]]);
  const frozen = loadSavedModelSync(folder, { freeze: true });
  expect(frozen.variables).toEqual([]);
  expect(frozen.graph.variables).toEqual([]);
  const other = new Session(frozen.graph);
  const feeds: [[Tensor, number[][]]] = [[frozen.inputs.x!, [[2, -3]]]];
  expect(other.runSync(frozen.outputs.output!, { feeds }).toArray()).toEqual(run());
  await Promise.all([session.close(), other.close()]);
});

const branch = (name: string, op: string): FunctionSpec => ({
  name,
  inputs: { x: types.float, v: types.resource },
  outputs: { y: types.float },
  nodes: [reading('read', 'v'), binary('y', op, 'x', 'read:value:0')],
  ret: { y: 'y:z:0' },
});

test('branches that read variables, also when these are frozen', async () => {
  writeModel(folder, {
    nodes: [
      handle('v'),
      input('x'),
      {
        name: 'is',
        op: 'Placeholder',
        attr: { dtype: attr.type(types.bool), shape: attr.shape() },
      },
      {
        name: 'if',
        op: 'If',
        input: ['is', 'x', 'v'],
        attr: {
          Tcond: attr.type(types.bool),
          Tin: attr.types(types.float, types.resource),
          Tout: attr.types(types.float),
          then_branch: attr.func('plus'),
          else_branch: attr.func('times'),
        },
      },
    ],
    functions: [branch('plus', 'AddV2'), branch('times', 'Mul')],
    signatures: { only: { inputs: { x: 'x:0', is: 'is:0' }, outputs: { y: 'if:0' } } },
  });
  writeBundle(bundle(), { v: f32([], [5]) });
  for (const freeze of [false, true]) {
    const { graph, inputs, outputs, variables } = await loadSavedModel(folder, { freeze });
    expect(variables).toHaveLength(freeze ? 0 : 1);
    const session = await started(graph);
    const run = (is: boolean) =>
      session
        .runSync(outputs.y!, {
          feeds: new Map<Tensor, number | boolean>([
            [inputs.x!, 3],
            [inputs.is!, is],
          ]),
        })
        .item();
    expect([run(true), run(false)]).toEqual([8, 15]);
    await session.close();
  }
});

test('what a caller may not ask for', async () => {
  writeVersion1(folder);
  await expect(loadSavedModel(folder, { signatures: ['predict'] })).rejects.toThrow(
    engineError('NOT_FOUND', "no signature 'predict' in the SavedModel; it has serving_default"),
  );
  await expect(loadSavedModel(folder, { returnElements: ['z:0'] })).rejects.toThrow(
    engineError('INVALID_ARGUMENT', "Requested return tensor 'z:0' not found"),
  );
  for (const wrong of [
    { tag: ['serve'] },
    { tags: 'serve' },
    { freeze: 1 },
    { graph: {} },
    { prefix: 1 },
  ]) {
    expect(() => loadSavedModelSync(folder, mistyped(wrong))).toThrow(TypeError);
  }
  await expect(loadSavedModel(mistyped<string>(3))).rejects.toThrow('for path but received 3');
  const text = 'uses variables otherwise than by reading them: AssignAddVariableOp';
  const options = { freeze: true, returnElements: ['next:0'] };
  await expect(loadSavedModel(folder, options)).rejects.toThrow(
    engineError('FAILED_PRECONDITION', text),
  );
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(loadSavedModel(folder, { signal })).rejects.toThrow('enough');
});

test('no model, ops that there are not', async () => {
  await expect(loadSavedModel(folder)).rejects.toThrow(
    engineError('NOT_FOUND', `SavedModel file does not exist at: ${folder}/{saved_model.pbtxt|`),
  );
  writeVersion1(folder);
  await expect(loadSavedModel(folder, { returnElements: ['queue'] })).rejects.toThrow(
    engineError('UNIMPLEMENTED', "Op type not registered: 'FIFOQueueV2' (node 'queue')"),
  );
  writeModel(folder, { ...version2, signatures: { a: { sparse: true } } });
  await expect(loadSavedModel(folder)).rejects.toThrow(
    engineError('UNIMPLEMENTED', "signature 'a': 'sparse' is a sparse or composite tensor"),
  );
});
