import { EngineError } from '../../lib/errors.js';
import { checkSync, loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import {
  type AttributeSpec,
  type GraphSpec,
  kFloat,
  kInt64,
  type ModelSpec,
  modelFile,
  type NodeSpec,
  rawOf,
} from './write.js';

// Files that are made to do harm: each is an EngineError soon, and takes little memory.

const x = { name: 'x', dtype: kFloat, shape: [2, 2] };
const y = { name: 'y' };
const relu = (from: string, to: string): NodeSpec => {
  return { op: 'Relu', inputs: [from], outputs: [to] };
};
const kBool = 9;

function fileOf(graph: GraphSpec, more: Partial<ModelSpec> = {}): Buffer {
  return modelFile({ ...more, graph: { inputs: [x], outputs: [y], ...graph } });
}

/** Milliseconds of all threads: the machine may have other work. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The error of an action, which takes less than 2 s and 256 MB. */
function failureOf(action: () => unknown): EngineError {
  const began = spent();
  const before = process.memoryUsage.rss();
  try {
    action();
  } catch (error) {
    expect(spent() - began).toBeLessThan(2000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(256 << 20);
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const loading = (file: Buffer) => failureOf(() => loadSync(file));

function run(file: Buffer, feeds: Readonly<Record<string, unknown>> = {}) {
  const { graph, inputs, outputs } = loadSync(file);
  using session = new Session(graph, { memoryLimit: 64 << 20, timeout: 500, threads: 1 });
  const pairs = Object.entries(feeds).map(([name, value]) => [inputs[name]!, value as number[]]);
  return session.runSync(outputs, { feeds: pairs as [] });
}

const running = (file: Buffer, feeds: Readonly<Record<string, unknown>> = {}) =>
  failureOf(() => run(file, feeds));

describe('the file', () => {
  test('may be cut off anywhere', () => {
    const initializers = [{ name: 'w', dims: [2, 2], floats: [1, 2, 3, 4] }];
    const nodes = [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }];
    const file = fileOf({ nodes, initializers });
    for (let length = 0; length < file.length; length++) {
      const { code } = loading(file.subarray(0, length));
      expect(['DATA_LOSS', 'INVALID_ARGUMENT']).toContain(code);
    }
  });

  test('may hold messages without end', () => {
    let graph: GraphSpec = { nodes: [relu('x', 'z')], outputs: [{ name: 'z' }] };
    for (let depth = 0; depth < 40; depth++) {
      const attributes = { then_branch: { g: graph }, else_branch: { g: {} } };
      const nodes = [{ op: 'If', inputs: ['c'], outputs: [`y${depth}`], attributes }];
      graph = { nodes, outputs: [{ name: `y${depth}` }] };
    }
    expect(loading(fileOf(graph)).message).toContain('deeper than 100');
  });
});

describe('weights', () => {
  const add: NodeSpec = { op: 'Add', inputs: ['x', 'w'], outputs: ['y'] };
  const withWeight = (tensor: object) =>
    fileOf({ nodes: [add], initializers: [{ name: 'w', dims: [2], ...tensor }] });

  test.each([
    ['a length that is not that of the dims', { raw: new Uint8Array(4) }],
    ['fewer numbers than dims', { floats: [1] }],
    ['more numbers than dims', { floats: [1, 2, 3] }],
    ['dims of 2^60 elements', { dims: [2 ** 30, 2 ** 30], floats: [1] }],
    ['a negative dim', { dims: [-2], floats: [1] }],
    ['an absurd dim beside a zero', { dims: [0, 2 ** 62], floats: [] }],
    ['dims without values', { dims: [2 ** 31] }],
    ['external data of a model in memory', { external: { location: 'w.bin' } }],
  ])('%s', (_, tensor) => {
    expect(['DATA_LOSS', 'FAILED_PRECONDITION']).toContain(loading(withWeight(tensor)).code);
  });

  test('more dims than tensors have', () => {
    const dims = new Array<number>(5000).fill(1);
    expect(loading(withWeight({ dims, floats: [1] })).code).toBe('INVALID_ARGUMENT');
  });
});

describe('inputs', () => {
  test.each([2 ** 53, 2 ** 62])('a dim of %d', (dim) => {
    const inputs = [{ ...x, shape: [dim, 2] }];
    expect(loading(fileOf({ nodes: [relu('x', 'y')], inputs })).code).toBe('DATA_LOSS');
  });

  test('more dims than tensors have', () => {
    const inputs = [{ ...x, shape: new Array<number>(1000).fill(1) }];
    expect(loading(fileOf({ nodes: [relu('x', 'y')], inputs })).code).toBe('INVALID_ARGUMENT');
  });

  test.each([
    ['Reshape', ['x', 's']],
    ['Unsqueeze', ['x', 's']],
    ['Squeeze', ['x', 's']],
    ['Expand', ['x', 's']],
    ['Tile', ['x', 's']],
    ['Slice', ['x', 's', 's']],
    ['Pad', ['x', 's']],
    ['ReduceSum', ['x', 's']],
    ['ConstantOfShape', ['s']],
    ['Resize', ['x', '', '', 's']],
  ])('%s with a list of 2^32 numbers', (op, inputs) => {
    const lists = [x, { name: 's', dtype: kInt64, shape: [2 ** 32] }];
    const file = fileOf({ nodes: [{ op, inputs, outputs: ['y'] }], inputs: lists }, { opset: 18 });
    failureOf(() =>
      run(file, {
        x: [
          [1, 2],
          [3, 4],
        ],
        s: new BigInt64Array(2),
      }),
    );
  });
});

describe('graphs', () => {
  test('a circle', () => {
    const nodes = [relu('b', 'a'), relu('a', 'b'), relu('b', 'y')];
    expect(loading(fileOf({ nodes })).message).toContain('depends on its own output');
  });

  test('values that are made twice', () => {
    const file = fileOf({ nodes: [relu('x', 'y'), relu('x', 'y')] });
    expect(loading(file).message).toContain("two nodes make the value 'y'");
  });

  test('functions that call themselves', () => {
    const call = (from: string, to: string): NodeSpec => {
      return { op: 'F', domain: 'own', inputs: [from], outputs: [to] };
    };
    const body = { domain: 'own', inputs: ['a'], outputs: ['b'] };
    const own = [{ ...body, name: 'F', nodes: [call('a', 'b')] }];
    expect(loading(fileOf({ nodes: [call('x', 'y')] }, { functions: own })).message).toContain(
      'functions call each other deeper than 50',
    );
    const twice = [{ ...body, name: 'F', nodes: [call('a', 'c'), call('c', 'b')] }];
    loading(fileOf({ nodes: [call('x', 'y')] }, { functions: twice }));
  });

  test('functions that call others twice, thirty deep', () => {
    const call = (i: number, from: string, to: string): NodeSpec => {
      return { op: `F${i}`, domain: 'own', inputs: [from], outputs: [to] };
    };
    const functions = Array.from({ length: 30 }, (_, i) => {
      const nodes = i === 29 ? [relu('a', 'b')] : [call(i + 1, 'a', 'c'), call(i + 1, 'c', 'b')];
      return { name: `F${i}`, domain: 'own', inputs: ['a'], outputs: ['b'], nodes };
    });
    const { code } = loading(fileOf({ nodes: [call(0, 'x', 'y')] }, { functions }));
    expect(code).toBe('RESOURCE_EXHAUSTED');
  });

  test('loops in loops, each built anew for its shapes', () => {
    const loop = (depth: number): GraphSpec => {
      const [i, go, s, t] = ['i', 'go', 's', 't'].map((name) => `${name}${depth}`);
      const inner: NodeSpec =
        depth === 12
          ? { op: 'Concat', inputs: [s!, s!], outputs: [t!], attributes: { axis: { i: 0 } } }
          : {
              op: 'Loop',
              inputs: ['', '', s!],
              outputs: [t!],
              attributes: { body: { g: loop(depth + 1) } },
            };
      return {
        nodes: [inner],
        inputs: [
          { name: i!, dtype: kInt64, shape: [] },
          { name: go!, dtype: kBool, shape: [] },
          { name: s!, dtype: kFloat },
        ],
        outputs: [{ name: go! }, { name: t! }],
      };
    };
    const attributes = { body: { g: loop(0) } };
    const node = { op: 'Loop', inputs: ['', '', 'x'], outputs: ['y'], attributes };
    const began = spent();
    loadSync(fileOf({ nodes: [node] }));
    expect(spent() - began).toBeLessThan(2000);
  });

  test('names without end', () => {
    const long = 'n'.repeat(1 << 20);
    const file = fileOf({ nodes: [{ ...relu('x', 'y'), op: long }] });
    expect(checkSync(file).ok).toBe(false);
  });
});

describe('values that grow', () => {
  const vector = (name: string, ...int64s: number[]) => {
    return { name, dtype: kInt64, dims: [int64s.length], int64s };
  };
  const scalar = (name: string, value: number) => {
    return { name, dtype: kInt64, dims: [], int64s: [value] };
  };
  const unsqueeze = (axes: string): NodeSpec => {
    return { op: 'Unsqueeze', inputs: ['x', axes], outputs: ['y'] };
  };

  test('a shape of 2^40 elements', () => {
    const nodes = [{ op: 'ConstantOfShape', inputs: ['s'], outputs: ['y'] }];
    const initializers = [vector('s', 2 ** 20, 2 ** 20)];
    expect(running(fileOf({ nodes, initializers })).code).toBe('RESOURCE_EXHAUSTED');
    const wanted = [{ ...nodes[0]!, outputs: ['axes'] }, unsqueeze('axes')];
    failureOf(() =>
      run(fileOf({ nodes: wanted, initializers }), {
        x: [
          [1, 2],
          [3, 4],
        ],
      }),
    );
  });

  test('a range of 2^40 numbers', () => {
    const initializers = [scalar('from', 0), scalar('to', 2 ** 40), scalar('by', 1)];
    const range = { op: 'Range', inputs: ['from', 'to', 'by'], outputs: ['y'] };
    running(fileOf({ nodes: [range], initializers }));
    const wanted = [{ ...range, outputs: ['axes'] }, unsqueeze('axes')];
    failureOf(() =>
      run(fileOf({ nodes: wanted, initializers }), {
        x: [
          [1, 2],
          [3, 4],
        ],
      }),
    );
  });

  test('doubling, forty times', () => {
    const tile = (i: number): NodeSpec => {
      return { op: 'Tile', inputs: [`v${i}`, 'two'], outputs: [`v${i + 1}`] };
    };
    const nodes = [...Array.from({ length: 40 }, (_, i) => tile(i)), relu('v40', 'y')];
    const initializers = [vector('two', 2), { name: 'v0', dims: [2], floats: [1, 2] }];
    running(fileOf({ nodes, initializers }));
  });

  test('results beyond the memory limit', () => {
    const pads = { ints: [2, 2, 2 ** 32, 2] };
    const attributes: Record<string, AttributeSpec> = { kernel_shape: { ints: [3, 3] }, pads };
    const nodes = [{ op: 'AveragePool', inputs: ['x'], outputs: ['y'], attributes }];
    const inputs = [{ ...x, shape: [1, 1, 4, 4] }];
    const row = [1, 2, 3, 4];
    const { code } = running(fileOf({ nodes, inputs }), { x: [[[row, row, row, row]]] });
    expect(code).toBe('RESOURCE_EXHAUSTED');
  });

  const least = -(2n ** 63n);
  const resizing: AttributeSpec = { s: 'nearest' };
  test.each<[string, string[], number]>([
    ['Tile', ['x', 's'], 2],
    ['Expand', ['x', 's'], 2],
    ['Reshape', ['x', 's'], 2],
    ['ConstantOfShape', ['s'], 2],
    ['Split', ['x', 's'], 1],
    ['Resize', ['x', '', '', 's'], 2],
    ['GatherND', ['x', 's'], 1],
  ])('%s by the least number there is', (op, inputs, count) => {
    const attributes: Record<string, AttributeSpec> = op === 'Resize' ? { mode: resizing } : {};
    const node = { op, inputs, outputs: ['y'], attributes };
    const raw = rawOf(new BigInt64Array(count).fill(least));
    const s = { name: 's', dtype: kInt64, dims: [count], raw };
    const feed = {
      x: [
        [1, 2],
        [3, 4],
      ],
    };
    const used = inputs.includes('x') ? feed : {};
    const given = inputs.includes('x') ? [x] : [];
    const constant = fileOf({ nodes: [node], initializers: [s], inputs: given });
    expect(failureOf(() => run(constant, used)).code).not.toBe('INTERNAL');
    const fed = [...given, { name: 's', dtype: kInt64, shape: [count] }];
    const values = new BigInt64Array(count).fill(least);
    const file = fileOf({ nodes: [node], inputs: fed });
    expect(failureOf(() => run(file, { ...used, s: values })).code).not.toBe('INTERNAL');
  });

  test('pads that cut off more than there is', () => {
    const attributes = { pads: { ints: [1, 2, 1, 2] }, strides: { ints: [3, 2] } };
    const node = { op: 'ConvTranspose', inputs: ['x', 'w'], outputs: ['y'], attributes };
    const w = { name: 'w', dims: [1, 2, 3, 3], floats: new Array<number>(18).fill(1) };
    for (const shape of [
      [1, 1, 3, 1],
      [1, 1, 3, null],
    ]) {
      const file = fileOf({ nodes: [node], initializers: [w], inputs: [{ ...x, shape }] });
      const { code } = failureOf(() => run(file, { x: [[[[1], [1], [1]]]] }));
      expect(code).toBe('INVALID_ARGUMENT');
    }
  });

  test('axes that are no integers', () => {
    const initializers = [{ name: 'a', dims: [1], floats: [0.5] }];
    const inputs = ['x', 'a', 'a', 'a'];
    loading(fileOf({ nodes: [{ op: 'Slice', inputs, outputs: ['y'] }], initializers }));
    loading(
      fileOf({ nodes: [{ op: 'Squeeze', inputs: ['x', 'a'], outputs: ['y'] }], initializers }),
    );
  });

  test('n-grams of two thousand million words', () => {
    const attributes: Record<string, AttributeSpec> = {
      max_gram_length: { i: 2 ** 31 - 1 },
      max_skip_count: { i: 5 },
      min_gram_length: { i: 1 },
      mode: { s: 'TF' },
      ngram_counts: { ints: [0, 2] },
      ngram_indexes: { ints: [0, 1, 2] },
      pool_int64s: { ints: [1, 2, 2, 3] },
    };
    const node = { op: 'TfIdfVectorizer', inputs: ['x'], outputs: ['y'], attributes };
    const inputs = [{ name: 'x', dtype: kInt64, shape: [3] }];
    const began = spent();
    run(fileOf({ nodes: [node], inputs }), { x: new BigInt64Array(3) });
    expect(spent() - began).toBeLessThan(1000);
  });

  test('a loop without end is stopped by the time limit', () => {
    const g: GraphSpec = {
      nodes: [relu('s', 't')],
      inputs: [
        { name: 'i', dtype: kInt64, shape: [] },
        { name: 'go', dtype: kBool, shape: [] },
        { name: 's', dtype: kFloat, shape: [2, 2] },
      ],
      outputs: [{ name: 'go' }, { name: 't' }],
    };
    const attributes = { body: { g } };
    const node = { op: 'Loop', inputs: ['', '', 'x'], outputs: ['y'], attributes };
    const { code } = running(fileOf({ nodes: [node] }), {
      x: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(code).toBe('DEADLINE_EXCEEDED');
  });

  test('an identity matrix of 2^40 elements', () => {
    const inputs = [{ ...x, shape: [2 ** 20, 2 ** 20] }];
    const file = fileOf({ nodes: [{ op: 'EyeLike', inputs: ['x'], outputs: ['y'] }], inputs });
    loadSync(file);
  });
});
