import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  add,
  addOp,
  argMax,
  cast,
  concat,
  constant,
  Graph,
  identity,
  lookup,
  maxPool,
  mean,
  ndarray,
  neg,
  onnx,
  placeholder,
  randomUniform,
  Session,
  scan,
  sum,
  type Tensor,
  train,
  variable,
} from '../../lib/index.js';
import { kFloat, modelFile, type NodeSpec, type TensorSpec } from '../onnx/write.js';

// Each mistake in the tables of docs/errors.md, made once. The message there is what comes, with
// "..." for what differs from machine to machine.
interface Row {
  readonly mistake: string;
  readonly code: string;
  readonly message: string;
}

const rows: readonly Row[] = [
  ...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| (.+?) \| `(\w+)` \| `(.+)` \|$/gm),
].map(([, mistake, code, message]) => ({ mistake: mistake!, code: code!, message: message! }));

interface Scene {
  readonly graph: Graph;
  readonly session: Session;
  readonly x: Tensor<'float32'>;
  readonly counts: Tensor<'int32'>;
  readonly total: Tensor;
  readonly other: Tensor<'float32'>;
}

/** A model of one node, or with one weight. */
function modelWith(node: Partial<NodeSpec>, initializers: TensorSpec[] = []): Buffer {
  const nodes = [{ op: 'Relu', name: 'a', inputs: ['x'], outputs: ['y'], ...node }];
  const inputs = [{ name: 'x', dtype: kFloat, shape: [1] }];
  return modelFile({ graph: { nodes, inputs, outputs: [{ name: 'y' }], initializers } });
}

/** Saves a vector, lets `spoil` change the file or the graph, and restores it. */
async function restoreAfter(spoil: (path: string) => Graph | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'errors-'));
  const path = join(folder, 'last.safetensors');
  try {
    await using saved = new Session(withVector([2]));
    saved.initializeSync();
    saved.saveSync(path);
    await using session = new Session(spoil(path) ?? withVector([2]));
    await session.restore(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function withVector(shape: readonly number[], name = 'weights'): Graph {
  const graph = new Graph();
  graph.asDefault(() => variable(ndarray(new Float32Array(shape[0]!)), { name }));
  return graph;
}

function words(keys: readonly string[]) {
  const values = keys.map((_, i) => i);
  const filled = new lookup.KeyValueTensorInitializer(keys, values);
  return new lookup.StaticHashTable(filled, -1, { name: 'words' });
}

function flipLastByte(path: string): undefined {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(path, bytes);
}

const mistakes: Readonly<Record<string, (scene: Scene) => unknown>> = {
  'dtype that the op does not take': () =>
    addOp('Mean', [placeholder('string', [2]), [0]], {}, { name: 'average' }),
  'shape that the op does not take': ({ x }) => sum(x, [5], { name: 'total' }),
  'unknown op': ({ x }) => addOp('NoSuchOp', [x]),
  'tensors of two graphs': ({ x, other }) => addOp('Assert', [other, [x]]),
  'op added to a finalized graph': ({ graph, x }) => {
    graph.finalize();
    return identity(x);
  },
  'unknown dtype name': () => Reflect.apply(placeholder, undefined, ['float31', [1]]),
  'option that the op does not have': ({ x }) =>
    Reflect.apply(sum, undefined, [x, [1], { axs: 0 }]),
  'attribute of a wrong type': () =>
    Reflect.apply(maxPool, undefined, [placeholder('float32', [1, 4, 4, 1]), 3]),
  'negative dim': () => placeholder('float32', [-1]),
  'tensor of a loop used outside': ({ x }) => {
    let inside = constant([0, 0, 0]);
    scan((a, row) => (inside = add(a, row)), x, inside, { name: 'sums' });
    return neg(inside);
  },
  'state of a scan that changes its shape': ({ x }) =>
    scan((a, row) => concat([a, row], 0), x, constant([0, 0, 0]), { name: 'sums' }),
  "keys of another dtype than the table's": ({ counts }) =>
    Reflect.apply(words(['a']).lookup, words(['a']), [counts]),
  'table without content': ({ session }) => session.run(words(['a']).size()),
  'key of a table with two values': ({ session }) => session.run(words(['a', 'a']).initializer),
  'missing feed': ({ session, total }) => session.run(total),
  'feed of a wrong shape': ({ session, total, x }) =>
    session.run(total, { feeds: new Map([[x, [[1, 2]]]]) }),
  'feed of a wrong dtype': ({ session, counts }) =>
    session.run(counts, { feeds: new Map([[counts, [1.5, 2]]]) }),
  'feed that is no value': ({ session, counts }) =>
    Reflect.apply(session.run, session, [counts, { feeds: new Map([[counts, null]]) }]),
  'feed of an unknown name': ({ session, total }) => session.run(total, { feeds: { nothing: 1 } }),
  'fetch of an unknown name': ({ session }) => session.run('nothing:0'),
  "fetch of another graph's tensor": ({ session, other }) => session.run(other),
  'variable without a value': ({ session }) =>
    session.run(variable(ndarray([1, 2]), { name: 'v' })),
  "more memory than the session's limit": ({ graph }) => {
    using session = new Session(graph, { memoryLimit: 2 ** 20 });
    return session.runSync(randomUniform([4096, 4096], { name: 'big' }));
  },
  'closed session': async ({ session, total, x }) => {
    await session.close();
    return session.run(total, { feeds: new Map([[x, [[1, 2, 3]]]]) });
  },
  'aborted run': ({ session, total, x }) =>
    session.run(total, { feeds: new Map([[x, [[1, 2, 3]]]]), signal: AbortSignal.abort() }),
  'run that takes longer than its timeout': ({ session }) =>
    session.run(sum(randomUniform([4096, 4096]), [0]), { timeout: 1e-6 }),
  'truncated model file': () => onnx.load(modelWith({}).subarray(0, 20)),
  'operator that is not supported': () => onnx.load(modelWith({ op: 'Foo' })),
  'node of a model that makes no sense': () => onnx.load(modelWith({ inputs: ['q'] })),
  'model file that is not there': () => onnx.load('no/such.onnx'),
  'external data of a model in memory': () =>
    onnx.load(modelWith({}, [{ name: 'w', dims: [1], external: { location: 'w.bin' } }])),
  'no thread at all': ({ graph }) => new Session(graph, { threads: 0 }),
  'loss of a dtype without gradients': ({ counts }) => train.sgd(0.1).minimize(sum(counts)),
  'nothing to train': ({ x }) => train.sgd(0.1).minimize(sum(x)),
  'loss behind an op without a gradient': () => {
    const scores = variable([1, 2], { name: 'scores' });
    const best = argMax(scores, -1, { name: 'best' });
    return train.sgd(0.1).minimize(cast(best, 'float32'));
  },
  'checkpoint that is not there': ({ session }) => {
    variable(1, { name: 'slope' });
    return session.restore('no/such.safetensors');
  },
  'damaged checkpoint': () => restoreAfter(flipLastByte),
  'file that is no checkpoint': () =>
    restoreAfter((path) => void writeFileSync(path, 'weights, long and many')),
  'checkpoint without a variable of the graph': () => restoreAfter(() => withVector([2], 'others')),
  'checkpoint of another shape': () => restoreAfter(() => withVector([3])),
};

async function errorOf(mistake: string): Promise<unknown> {
  const other = placeholder('float32', [3], { graph: new Graph(), name: 'other' });
  const graph = new Graph();
  return graph.asDefault(async () => {
    const x = placeholder('float32', [null, 3], { name: 'x' });
    const counts = placeholder('int32', [2], { name: 'counts' });
    const total = mean(x, [0]);
    const session = new Session(graph);
    try {
      await mistakes[mistake]!({ graph, session, x, counts, total, other });
    } catch (error) {
      return error;
    } finally {
      await session.close();
    }
    return undefined;
  });
}

test('the table and the mistakes made here are the same', () => {
  expect(rows.map(({ mistake }) => mistake).sort()).toEqual(Object.keys(mistakes).sort());
});

test.each(rows)('$mistake', async ({ mistake, code, message }) => {
  const error = await errorOf(mistake);
  expect(error).toMatchObject({
    name: code.startsWith('ERR_') ? 'TypeError' : 'EngineError',
    code,
  });
  const parts = message.split('...').map((part) => part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  expect(String(Reflect.get(Object(error), 'message'))).toMatch(
    new RegExp(`^${parts.join('.*')}$`, 's'),
  );
});
