import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  Graph,
  maxPool,
  ndarray,
  nn,
  onnx,
  placeholder,
  relu,
  Session,
  type Tensor,
  variable,
  zeros,
} from '../../lib/index.js';
import { addOp } from '../../lib/op.js';
import { both, run } from './saved.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-save-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A graph with a layer, whose weights are 1 to 6 in the session. */
function layer() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const x = placeholder('float32', [null, 3], { name: 'x' });
    const w = variable(zeros([3, 2]), { name: 'w' });
    const y = x.matMul(w).relu({ name: 'y' });
    const session = new Session(graph);
    session.runSync(
      w.assign(
        ndarray(
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          { dtype: 'float32' },
        ),
      ),
    );
    return { graph, x, w, y, session };
  });
}

test('variables become constants with the values of the session', async () => {
  const { graph, y, session } = layer();
  const bytes = await onnx.save(graph, y, null, { session });
  const model = await onnx.load(bytes);
  expect(Object.keys(model.inputs)).toEqual(['x']);
  expect(run(model, { x: [[1, 0, 1]] }).y!.toArray()).toEqual([[6, 8]]);
  expect(model.opsets).toEqual({ 'ai.onnx': 18 });
});

test('without a session the default one is asked, which has to have the values', async () => {
  const { graph, w, y, session } = layer();
  await expect(onnx.save(graph, y)).rejects.toThrow(/variable w.* uninitialized/);
  const bytes = session.asDefault(() => onnx.saveSync(graph, y));
  expect(run(onnx.loadSync(bytes), { x: [[0, 1, 0]] }).y!.toArray()).toEqual([[3, 4]]);
  w.initializer.runSync();
  expect(run(onnx.loadSync(onnx.saveSync(graph, y)), { x: [[0, 1, 0]] }).y!.toArray()).toEqual([
    [0, 0],
  ]);
});

test('names come from keys and tensors, dims from shapes', () => {
  const { graph, x, y, session } = layer();
  const [a, b] = graph.asDefault(() => addOp('Split', [1, y], { num_split: 2 }).outputs);
  const bytes = onnx.saveSync(graph, { best: y, parts: { list: [a!, b!] } }, null, {
    session,
    inputs: { pixels: x },
    shapes: { pixels: ['batch', 3], best: ['batch', 2] },
    docs: { pixels: 'from 0 to 1' },
  });
  const { signature } = onnx.loadSync(bytes);
  expect(signature.inputs).toEqual([
    { name: 'pixels', type: 'tensor(float)', dtype: 'float32', shape: ['batch', 3] },
  ]);
  expect(signature.outputs.map(({ name, shape }) => [name, shape])).toEqual([
    ['best', ['batch', 2]],
    ['parts.list.0', [null, 1]],
    ['parts.list.1', [null, 1]],
  ]);
  const plain = onnx.loadSync(onnx.saveSync(graph, [a!, b!], null, { session }));
  expect(Object.keys(plain.outputs)).toEqual(['Split', 'Split:1']);
  expect(bytes.includes('from 0 to 1')).toBe(true);
});

test('any tensor can be an input, and one tensor several outputs', () => {
  const { graph, y } = layer();
  const z = graph.asDefault(() => y.add(1, { name: 'z' }));
  const model = onnx.loadSync(onnx.saveSync(graph, { z, same: z, copy: y }, null, { inputs: [y] }));
  expect(Object.keys(model.inputs)).toEqual(['y']);
  const got = run(model, { y: [[1, 2]] });
  expect(Object.values(got).map((value) => value.toArray())).toEqual([
    [[2, 3]],
    [[2, 3]],
    [[1, 2]],
  ]);
  expect(() => onnx.saveSync(graph, { z, y: z }, null, { inputs: [y] })).toThrow(
    "an input and an output are called 'y'",
  );
});

test('the file says what the caller says about the model', () => {
  const { graph, y, session } = layer();
  const bytes = onnx.saveSync(graph, y, null, {
    session,
    opset: 13,
    producer: { name: 'me', version: '2' },
    domain: 'org.example',
    modelVersion: 7,
    graphName: 'layer',
    description: 'one layer',
    properties: { author: 'someone' },
  });
  const { metadata, opsets } = onnx.loadSync(bytes);
  expect(opsets).toEqual({ 'ai.onnx': 13 });
  expect(metadata).toMatchObject({
    irVersion: 7,
    producerName: 'me',
    producerVersion: '2',
    domain: 'org.example',
    modelVersion: 7n,
    graphName: 'layer',
    description: 'one layer',
    properties: { author: 'someone' },
  });
});

test('large constants go to a file beside the model', async () => {
  const graph = new Graph();
  const y = graph.asDefault(() => {
    const x = placeholder('float32', [1000], { name: 'x' });
    const big = Float32Array.from({ length: 1000 }, (_, i) => i);
    return x.add(big).mul(2).reshape([10, 100], { name: 'y' });
  });
  const path = join(folder, 'm.onnx');
  await onnx.save(graph, y, path, { externalData: 1000 });
  expect(readdirSync(folder)).toEqual(['m.onnx', 'm.onnx.data']);
  expect(statSync(path).size).toBeLessThan(1000);
  expect(statSync(`${path}.data`).size).toBe(4000);
  const got = run(await onnx.load(path), { x: new Float32Array(1000).fill(1) }).y!;
  expect(got.data.slice(0, 3)).toEqual(Float32Array.from([2, 4, 6]));
  onnx.saveSync(graph, y, join(folder, 'n.onnx'), { externalData: 5000 });
  expect(readdirSync(folder)).toEqual(['m.onnx', 'm.onnx.data', 'n.onnx']);
  expect(() => onnx.saveSync(graph, y, null, { externalData: 1 })).toThrow('it needs a path');
});

test('a file that cannot be written leaves the old one', async () => {
  const { graph, y, session } = layer();
  const path = join(folder, 'old.onnx');
  writeFileSync(path, 'old');
  const gone = onnx.save(graph, y, join(folder, 'no', 'm.onnx'), { session });
  await expect(gone).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const signal = AbortSignal.abort(new Error('no more'));
  await expect(onnx.save(graph, y, path, { session, signal })).rejects.toThrow('no more');
  expect(readFileSync(path, 'utf8')).toBe('old');
  await onnx.save(graph, y, path, { session });
  expect(readdirSync(folder)).toEqual(['old.onnx']);
});

test('the first opset that has all operators is taken when none is asked for', () => {
  const graph = new Graph();
  const { text, y } = graph.asDefault(() => {
    const text = placeholder('string', [2], { name: 'text' });
    const y = addOp('StringJoin', [[text, text]], { separator: '-' }, { name: 'joined' });
    return { text, y: y.outputs[0]! };
  });
  const { got, model } = both(graph, { y }, [[text, ['a', 'b']]]);
  expect(got).toEqual([['y', 'string', ['a-a', 'b-b']]]);
  expect(model.opsets).toEqual({ 'ai.onnx': 20 });
  expect(() => onnx.saveSync(graph, y, null, { opset: 18 })).toThrow(
    /opset 18 .*\n {2}'joined' \(StringJoin\): StringJoin needs opset 20/,
  );
});

test('all ops without a form are listed', () => {
  const graph = new Graph();
  const y = graph.asDefault(() => {
    const x = placeholder('float32', [2, 2], { name: 'x' });
    const factor = addOp('Cholesky', [x], {}, { name: 'factor' }).outputs[0]!;
    const again = addOp('Cholesky', [factor.relu()], {}, { name: 'again' }).outputs[0]!;
    const noise = addOp('TruncatedNormal', [[2, 2]], { dtype: 'float32' }, { name: 'noise' });
    return again.add(noise.outputs[0]!);
  });
  expect(() => onnx.saveSync(graph, y)).toThrow(
    expect.objectContaining({
      code: 'UNIMPLEMENTED',
      message: expect.stringMatching(/'factor' \(Cholesky\).*\n.*'again' .*\n.*'noise' /),
    }),
  );
});

test('wrong arguments are refused by name', () => {
  const { graph, x, y, session } = layer();
  const save = (options: object, fetches: unknown = y) =>
    onnx.saveSync(graph, fetches as Tensor, null, { session, ...options });
  expect(() => save({ opsets: 17 })).toThrow('one of opset, inputs');
  expect(() => save({ opset: 12 })).toThrow('an integer from 13 to 27 for opset');
  expect(() => save({ inputs: {} })).toThrow("needs: 'x'".replace('needs', 'need'));
  expect(() => save({ inputs: { x: 3 } })).toThrow('a tensor for inputs.x');
  expect(() => save({ shapes: { z: [1] } })).toThrow('inputs and outputs (x, y) for shapes');
  expect(() => save({ shapes: { x: [1, 4] } })).toThrow('shapes.x is [1, 4]');
  expect(() => save({ shapes: { x: [1.5, 3] } })).toThrow('sizes, names and nulls for shapes.x');
  expect(() => save({ docs: { x: 3 } })).toThrow('a string for docs.x');
  expect(() => save({ producer: { name: 3 } })).toThrow('a string for name');
  expect(() => save({ modelVersion: -1 })).toThrow('for modelVersion');
  expect(() => save({}, [])).toThrow('at least one tensor for fetches');
  expect(() => save({}, [y, y])).toThrow("two outputs are called 'y'");
  expect(() => save({}, graph.operation('w/Assign'))).toThrow("operation 'w/Assign'");
  expect(() => save({ inputs: [x, x] })).toThrow("two inputs are called 'x'");
});

test('a small network is made of the operators that runtimes look for', () => {
  const graph = new Graph({ seed: 1 });
  const { image, y } = graph.asDefault(() => {
    const image = placeholder('float32', [null, 8, 8, 3], { name: 'image' });
    const conv = nn.conv2d(image, 4, 3, { padding: 'SAME', activation: relu });
    const pool = [1, 2, 2, 1];
    const pooled = maxPool(nn.batchNorm(conv, { training: false }), pool, { strides: pool });
    const deep = nn.conv2d(pooled, 4, 3, { padding: 'VALID', strides: 2 });
    const flat = nn.layerNorm(nn.dense(deep.reshape([-1, 4]), 5)).softmax();
    return { image, y: flat };
  });
  const session = new Session(graph);
  session.initializeSync();
  const bytes = onnx.saveSync(graph, { y }, null, { session });
  const { operators } = onnx.infoSync(bytes);
  expect(operators).toMatchObject({ Conv: 2, MaxPool: 1, LayerNormalization: 1, Softmax: 1 });
  expect(operators).not.toHaveProperty('ReduceMean');
  const pixels = ndarray(
    Float32Array.from({ length: 384 }, (_, i) => Math.sin(i)),
    {
      shape: [2, 8, 8, 3],
    },
  );
  const own = session.runSync(y, { feeds: [[image, pixels]] });
  const got = run(onnx.loadSync(bytes), { image: pixels }).y!;
  expect(got.allClose(own, { rtol: 1e-5, atol: 1e-6 })).toBe(true);
});

test('a model that was loaded is saved with its names and dims', () => {
  const { graph, x, y, session } = layer();
  const shapes = { x: ['batch', 3] };
  const model = onnx.loadSync(
    onnx.saveSync(graph, { y }, null, { session, inputs: { x }, shapes }),
  );
  const own = Object.fromEntries(model.signature.inputs.map(({ name, shape }) => [name, shape]));
  const options = { inputs: model.inputs, shapes: own };
  const again = onnx.loadSync(onnx.saveSync(model.graph, model.outputs, null, options));
  expect(again.signature).toEqual(model.signature);
  expect(run(again, { x: [[1, 1, 1]] }).y!.toArray()).toEqual([[9, 12]]);
});
