import { EngineError } from '../../lib/errors.js';
import type { ModelProto } from '../../lib/onnx/proto.js';
import { readModel } from '../../lib/onnx/readModel.js';
import { arrayOf, tensorValue } from '../../lib/onnx/tensorValue.js';
import { runAtOnce } from '../../lib/sliced.js';
import {
  type GraphSpec,
  kFloat,
  kInt32,
  kInt64,
  kString,
  modelFile,
  rawOf,
  type TensorSpec,
} from './write.js';

const decode = (bytes: Uint8Array): ModelProto => runAtOnce(readModel(bytes, 'm.onnx'));

function decodedValue(tensor: TensorSpec) {
  const model = decode(modelFile({ graph: { initializers: [{ name: 'w', ...tensor }] } }));
  const [proto] = model.graph?.initializers ?? [];
  return runAtOnce(tensorValue(proto!, 'm.onnx'));
}

function numbersOf(tensor: TensorSpec) {
  const value = decodedValue(tensor);
  return value.dtype === 'string' ? value.strings : [...arrayOf(value)];
}

function failureOf(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const graph: GraphSpec = {
  name: 'g',
  inputs: [{ name: 'x', dtype: kFloat, shape: [2, 'batch', null] }],
  outputs: [{ name: 'y' }],
  nodes: [
    {
      op: 'Slice',
      name: 'cut',
      inputs: ['x', ''],
      outputs: ['y'],
      attributes: {
        ends: { ints: [2 ** 62, -1, 3] },
        alpha: { f: 0.5 },
        mode: { s: 'linear' },
        body: { g: { name: 'inner', nodes: [{ op: 'Relu', inputs: ['a'], outputs: ['b'] }] } },
      },
    },
  ],
};

describe('decoding', () => {
  test('reads nodes, attributes, subgraphs and values', () => {
    const model = decode(
      modelFile({ opset: 13, domains: { 'a.b': 2 }, graph, metadata: { k: 'v' } }),
    );
    expect(model.opsetImport).toEqual([
      { domain: '', version: 13 },
      { domain: 'a.b', version: 2 },
    ]);
    expect(model.metadata.get('k')).toBe('v');
    expect(model.graph?.inputs[0]?.type).toMatchObject({
      elementType: 1,
      shape: [2, 'batch', null],
    });
    expect(model.graph?.outputs[0]?.type?.shape).toBeUndefined();
    const [node] = model.graph?.nodes ?? [];
    expect(node).toMatchObject({ opType: 'Slice', name: 'cut', inputs: ['x', ''], outputs: ['y'] });
    expect(node?.attributes.get('ends')?.ints).toEqual([2n ** 62n, -1n, 3n]);
    expect(node?.attributes.get('alpha')?.f).toBe(0.5);
    expect(Buffer.from(node?.attributes.get('mode')?.s ?? []).toString()).toBe('linear');
    expect(node?.attributes.get('body')?.g?.nodes[0]?.opType).toBe('Relu');
  });

  test('reads values from each field', () => {
    expect(numbersOf({ dims: [2], floats: [1.5, -2] })).toEqual([1.5, -2]);
    expect(numbersOf({ dims: [2], raw: rawOf(Float32Array.of(3, 4)) })).toEqual([3, 4]);
    expect(numbersOf({ dims: [3], dtype: kInt32, int32s: [1, -1, 70000] })).toEqual([1, -1, 70000]);
    expect(numbersOf({ dims: [2], dtype: 3, int32s: [-128, 127] })).toEqual([-128, 127]);
    expect(numbersOf({ dims: [2], dtype: kInt64, int64s: [-5, 2 ** 40] })).toEqual([
      -5n,
      2n ** 40n,
    ]);
    expect(numbersOf({ dims: [], dtype: kString, strings: ['\u00e4'] })).toEqual(['\u00e4']);
    expect(numbersOf({ dims: [0, 3], floats: [] })).toEqual([]);
  });

  test('keeps raw data as a view into the file', () => {
    const file = modelFile({ graph: { initializers: [{ dims: [1], raw: new Uint8Array(4) }] } });
    expect(decode(file).graph?.initializers[0]?.rawData?.buffer).toBe(file.buffer);
  });
});

describe('damaged files', () => {
  test('each cut is an error that names file and byte, or leaves a shorter model', () => {
    const file = modelFile({ graph: { ...graph, initializers: [{ dims: [2], floats: [1, 2] }] } });
    for (let length = 0; length < file.length; length++) {
      const cut = file.subarray(0, length);
      try {
        decode(cut);
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
        expect(error).toMatchObject({ code: 'DATA_LOSS' });
        expect(String(error)).toContain('m.onnx: byte ');
      }
    }
  });

  test('flipped bytes give a model or an EngineError', () => {
    const file = modelFile({ graph: { ...graph, initializers: [{ dims: [2], floats: [1, 2] }] } });
    for (let at = 0; at < file.length; at++) {
      for (const bit of [1, 8, 0x80, 0xff]) {
        const bytes = Buffer.from(file);
        bytes[at]! ^= bit;
        try {
          const model = decode(bytes);
          for (const tensor of model.graph?.initializers ?? []) {
            runAtOnce(tensorValue(tensor, 'm.onnx'));
          }
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }
    }
  });

  test('a length past the end names the message', () => {
    // Field 7 (graph) of 5 bytes, in it field 1 (node) that claims 100.
    const bytes = Uint8Array.of(0x3a, 5, 0x0a, 100, 0, 0, 0);
    const error = failureOf(() => decode(bytes));
    expect(error.code).toBe('DATA_LOSS');
    expect(error.message).toBe(
      'm.onnx: byte 4, in graph: field 1 says 100 bytes, but 3 are left; ' +
        'the file is damaged or is no ONNX model',
    );
  });

  test('messages nested without end are refused', () => {
    let inner = Buffer.alloc(0);
    const wrap = (field: number) => {
      const head = [(field << 3) | 2];
      for (let n = inner.length; ; n = Math.floor(n / 128)) {
        head.push(n > 127 ? (n % 128) + 128 : n);
        if (n <= 127) break;
      }
      inner = Buffer.concat([Uint8Array.from(head), inner]);
    };
    for (let i = 0; i < 2000; i++) for (const field of [6, 5, 1]) wrap(field);
    wrap(7);
    const error = failureOf(() => decode(inner));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain('deeper than 100');
  });

  test.each([
    ['too few values', { dims: [3], floats: [1, 2] }, '8 bytes of values, expected 12'],
    ['absurd dims', { dims: [2 ** 31, 2 ** 31], floats: [1] }, 'are no shape'],
    ['a negative dim', { dims: [-1], floats: [] }, 'are no shape'],
    ['a huge dim beside a zero', { dims: [2 ** 62, 0], floats: [] }, 'too large'],
    ['missing strings', { dims: [2], dtype: kString, strings: ['a'] }, '1 strings, expected 2'],
  ])('%s', (_, tensor, sentence) => {
    const error = failureOf(() => decodedValue(tensor));
    expect(error.code).toBe('DATA_LOSS');
    expect(error.message).toContain("m.onnx: tensor 'w'");
    expect(error.message).toContain(sentence);
  });

  test('a data type without a dtype is named', () => {
    const error = failureOf(() => decodedValue({ dims: [1], dtype: 99, raw: Uint8Array.of(1) }));
    expect(error).toMatchObject({ code: 'UNIMPLEMENTED' });
    expect(error.message).toContain('data type 99');
  });

  test('text is refused', () => {
    expect(failureOf(() => decode(Buffer.from('{"a": 1}'))).code).toBe('DATA_LOSS');
  });
});
