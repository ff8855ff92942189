import { NDArray } from '../../lib/ndArray.js';
import { loadSync } from '../../lib/onnx/index.js';
import { failureOf, fileOf, kBool, loading, relu, run, running, spent, x } from './hostile.js';
import {
  type AttributeSpec,
  type GraphSpec,
  kFloat,
  kInt64,
  type NodeSpec,
  rawOf,
} from './write.js';

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

  test('the sum of no elements under an absurd dim', () => {
    const attributes = { axes: { ints: [0, 2] }, keepdims: { i: 0 } };
    const node = { op: 'ReduceSum', inputs: ['x'], outputs: ['y'], attributes };
    const inputs = [{ ...x, shape: [2 ** 31 - 1, 2, 0, 1] }];
    const began = spent();
    const empty = new NDArray(new Float32Array(0), [2 ** 31 - 1, 2, 0, 1], 'float32');
    const { y } = run(fileOf({ nodes: [node], inputs }, { opset: 11 }), { x: empty });
    expect(y?.toArray()).toEqual([[0], [0]]);
    expect(spent() - began).toBeLessThan(1000);
  });

  test('an identity matrix of 2^40 elements', () => {
    const inputs = [{ ...x, shape: [2 ** 20, 2 ** 20] }];
    const file = fileOf({ nodes: [{ op: 'EyeLike', inputs: ['x'], outputs: ['y'] }], inputs });
    loadSync(file);
  });
});
