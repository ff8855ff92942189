import { checkSync, loadSync } from '../../lib/onnx/index.js';
import { failureOf, fileOf, kBool, loading, relu, run, spent, x } from './hostile.js';
import { type GraphSpec, kFloat, kInt64, type NodeSpec } from './write.js';

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

  test('operators that are taken apart by sizes of the file', () => {
    const theta = { name: 'theta', dtype: kFloat, shape: [2, 2, 1_000_000] };
    const size = { name: 'size', dtype: kInt64, shape: [4] };
    const grid = { op: 'AffineGrid', inputs: ['theta', 'size'], outputs: ['y'] };
    const { message } = loading(fileOf({ nodes: [grid], inputs: [theta, size] }, { opset: 20 }));
    expect(message).toContain('theta has shape [2, 2, 1000000], expected [N, 2, 3] or [N, 3, 4]');

    const rois = { name: 'rois', dtype: kFloat, shape: [1, 5] };
    const attributes = { pooled_shape: { ints: [1000, 1000] } };
    const pool = { op: 'MaxRoiPool', inputs: ['x', 'rois'], outputs: ['y'], attributes };
    const image = { ...x, shape: [1, 1, 4, 4] };
    expect(loading(fileOf({ nodes: [pool], inputs: [image, rois] })).message).toContain(
      'sizes that take more than 10000 steps',
    );
  });

  test('strides without end', () => {
    const w = { name: 'w', dims: [1, 1, 1, 1], floats: [1] };
    const attributes = { strides: { ints: [1, 2 ** 40] }, output_shape: { ints: [2, 2] } };
    const node = { op: 'ConvTranspose', inputs: ['x', 'w'], outputs: ['y'], attributes };
    const inputs = [{ ...x, shape: [1, 1, 2, 2] }];
    const { message } = loading(fileOf({ nodes: [node], inputs, initializers: [w] }));
    expect(message).toContain('the product of the strides is');
  });

  test('groups of channels of a vector', () => {
    const inputs = [
      { ...x, shape: [2] },
      { name: 's', dtype: kFloat, shape: [2] },
    ];
    const attributes = { num_groups: { i: 1 } };
    const node = { op: 'GroupNormalization', inputs: ['x', 's', 's'], outputs: ['y'], attributes };
    const { message } = loading(fileOf({ nodes: [node], inputs }, { opset: 21 }));
    expect(message).toContain('X has rank 1, expected at least 2');
  });
});
