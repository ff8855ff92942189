import { inferDType, toValue } from '../../lib/convert.js';
import type { DType } from '../../lib/dtype.js';
import { bfloat16Bits, bfloat16Value, float16Bits, float16Value } from '../../lib/half.js';
import { ndarray } from '../../lib/ndArray.js';

const error = (value: unknown, dtype: DType) => {
  try {
    toValue(value, dtype, 'x');
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

test('a typed array of the dtype is not copied, nor is an NDArray', () => {
  const data = new Float32Array(6);
  expect(toValue(data, 'float32', 'x').data).toBe(data);
  expect(toValue(ndarray(data, { shape: [2, 3] }), 'float32', 'x')).toMatchObject({
    shape: [2, 3],
  });
  expect(toValue(ndarray(data), 'float32', 'x').data).toBe(data);
});

test('flat memory takes the shape that is expected of it', () => {
  const data = new Float32Array(6);
  expect(toValue(data, 'float32', 'x', [null, 3]).shape).toEqual([2, 3]);
  expect(toValue(data, 'float32', 'x', [6, 1]).shape).toEqual([6, 1]);
  expect(toValue(data, 'float32', 'x', [null]).shape).toEqual([6]);
  expect(toValue(data, 'float32', 'x', [null, null]).shape).toEqual([6]);
  expect(toValue(data, 'float32', 'x', [null, 4]).shape).toEqual([6]);
  expect(toValue(data.buffer, 'float32', 'x', [3, null]).shape).toEqual([3, 2]);
  expect(toValue([1, 2, 3, 4], 'float32', 'x', [2, 2]).shape).toEqual([4]);
});

test('buffers hold the bytes of the dtype', () => {
  const bytes = Buffer.from(Float32Array.of(1.5, -2).buffer);
  expect(toValue(bytes, 'float32', 'x').data).toEqual(Float32Array.of(1.5, -2));
  const odd = Buffer.concat([Buffer.from([0]), bytes]).subarray(1);
  expect(toValue(odd, 'float32', 'x').data).toEqual(Float32Array.of(1.5, -2));
  const shared = new SharedArrayBuffer(8);
  expect(toValue(shared, 'int64', 'x').data).toEqual(BigInt64Array.of(0n));
  expect(toValue(Buffer.from([0, 1]), 'bool', 'x').data).toEqual(Uint8Array.of(0, 1));
  expect(String(error(bytes.subarray(0, 5), 'float32'))).toMatch(/multiple of 4 bytes.*5 bytes/);
  expect(error(Buffer.from([2]), 'bool')).toBeInstanceOf(TypeError);
  expect(error(bytes, 'string')).toBeInstanceOf(TypeError);
});

test('other dtypes are converted when nothing is lost', () => {
  expect(toValue(Uint8Array.of(255), 'float32', 'x').data).toEqual(Float32Array.of(255));
  expect(toValue(Int16Array.of(-7), 'int64', 'x').data).toEqual(BigInt64Array.of(-7n));
  expect(toValue(Float64Array.of(0.1), 'float32', 'x').data).toEqual(Float32Array.of(0.1));
  expect(toValue(Float32Array.of(3), 'uint8', 'x').data).toEqual(Uint8Array.of(3));
  expect(toValue(BigInt64Array.of(5n), 'int32', 'x').data).toEqual(Int32Array.of(5));
  expect(toValue(Uint8Array.of(0, 1), 'bool', 'x').data).toEqual(Uint8Array.of(0, 1));
  expect(toValue(2 ** 53, 'int64', 'x').data).toEqual(BigInt64Array.of(2n ** 53n));
  expect(toValue([true, 0], 'bool', 'x').data).toEqual(Uint8Array.of(1, 0));
  expect(toValue(1, 'complex64', 'x').data).toEqual(Float32Array.of(1, 0));
  expect(toValue(ndarray([1, 2], { dtype: 'bfloat16' }), 'float64', 'x').data).toEqual(
    Float64Array.of(1, 2),
  );
});

test.each<[unknown, DType, string]>([
  [[1, 300], 'uint8', 'Expected an integer in [0, 255] (uint8) for x[1] but received 300'],
  [[[1], [0.5]], 'int32', 'for x[1][0] but received 0.5'],
  [Float32Array.of(0, Number.NaN), 'int8', 'for x[1] but received NaN'],
  [-1, 'uint64', 'for x but received -1'],
  [2 ** 63, 'int64', 'for x but received 9223372036854776000'],
  [0.5, 'int64', 'for x but received 0.5'],
  [Int32Array.of(0, 16777217), 'float32', 'for x[1] but received 16777217'],
  [[2n ** 53n + 1n], 'float64', 'for x[0] but received 9007199254740993n'],
  [[2], 'bool', 'Expected a boolean, 0 or 1 (bool) for x[0] but received 2'],
  [[1, null], 'float32', 'Expected a number (float32) for x[1] but received null'],
  [[[1], undefined], 'float32', 'for x[1] but received undefined'],
  [undefined, 'float32', 'for x but received undefined'],
  [new Array(2), 'float32', 'for x[0] but received undefined'],
  [['a', 1], 'string', 'Expected a string (string) for x[1] but received 1'],
  [['1'], 'float32', "for x[0] but received '1'"],
  [{}, 'float32', 'for x but received {}'],
  [{ re: 1, im: 1 }, 'float32', 'for x but received { re: 1, im: 1 }'],
  [new DataView(new ArrayBuffer(3)), 'int16', 'Expected a multiple of 2 bytes (int16) for x'],
  [new Float32Array(3), 'complex64', 'Expected pairs of real and imaginary parts (complex64)'],
])('%p as %s names the place', (value, dtype, message) => {
  expect(error(value, dtype)).toBeInstanceOf(TypeError);
  expect(String(error(value, dtype))).toContain(message);
});

test.each<[unknown, string]>([
  [
    [
      [1, 2, 3],
      [4, 5],
    ],
    'x[0] has 3 elements, x[1] has 2 elements',
  ],
  [[[1], 2], 'x[0] has 1 elements, x[1] has no elements'],
  [[1, [2]], 'x[0] has no elements, x[1] has 1 elements'],
  [[[], [1]], 'x[0] has 0 elements, x[1] has 1 elements'],
  [
    [
      [[1], [2]],
      [[3], [4, 5]],
    ],
    'x[0][0] has 1 elements, x[1][1] has 2 elements',
  ],
  [[new Float32Array(2), new Float32Array(3)], 'x[0] has 2 elements, x[1] has 3 elements'],
  [[ndarray([1, 2]), ndarray([[1, 2]])], 'x[0] has 2 elements, x[1] has the shape [1, 2]'],
])('ragged %p gives both lengths', (value, message) => {
  expect(error(value, 'float32')).toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: `Can't convert non-rectangular array to Tensor: Argument must be a dense tensor, but ${message}`,
  });
});

test('typed arrays and NDArrays are rows and parts of nested arrays', () => {
  expect(toValue([Float32Array.of(1, 2), [3, 4]], 'float32', 'x')).toMatchObject({
    shape: [2, 2],
    data: Float32Array.of(1, 2, 3, 4),
  });
  expect(toValue([Uint8Array.of(1), Uint8Array.of(0)], 'bool', 'x').shape).toEqual([2, 1]);
  expect(toValue([ndarray([[1, 2]]), ndarray([[3n, 4n]])], 'int32', 'x')).toMatchObject({
    shape: [2, 1, 2],
    data: Int32Array.of(1, 2, 3, 4),
  });
  expect(toValue([Float32Array.of(1, 2)], 'complex64', 'x').shape).toEqual([1, 1]);
  expect(toValue([ndarray(['a']), ['b']], 'string', 'x').data).toEqual(['a', 'b']);
  expect(toValue([Uint16Array.of(0x3f80)], 'bfloat16', 'x').data[0]).toBe(0x3f80);
});

test('dtypes that nobody gave', () => {
  expect(inferDType([[1.5]], 'x')).toBe('float32');
  expect(inferDType([1n], 'x')).toBe('int64');
  expect(inferDType(true, 'x')).toBe('bool');
  expect(inferDType([new Uint8Array(1)], 'x')).toBe('uint8');
  expect(inferDType(ndarray([1], { dtype: 'float16' }), 'x')).toBe('float16');
  expect(() => inferDType([[null]], 'x')).toThrow('for x[0][0] but received null');
  expect(() => inferDType(new ArrayBuffer(1), 'x')).toThrow(TypeError);
});

test('float16 bits', () => {
  const cases: [number, number][] = [
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [65504, 0x7bff],
    [65519.99, 0x7bff],
    [65520, 0x7c00],
    [1e300, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -24, 1],
    [2 ** -25, 0],
    [2 ** -25 * 1.0001, 1],
    [2 ** -14, 0x400],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
    // Rounding to float32 first would give 0x3c00.
    [1 + 2 ** -11 + 2 ** -40, 0x3c01],
  ];
  for (const [value, bits] of cases) expect([value, float16Bits(value)]).toEqual([value, bits]);
  expect(float16Value(float16Bits(Number.NaN))).toBeNaN();
});

test('every 16-bit float survives', () => {
  let wrong = 0;
  for (let bits = 0; bits < 65536; bits++) {
    const [half, brain] = [float16Value(bits), bfloat16Value(bits)];
    if (!Number.isNaN(half) && float16Bits(half) !== bits) wrong++;
    if (!Number.isNaN(brain) && bfloat16Bits(brain) !== bits) wrong++;
  }
  expect(wrong).toBe(0);
  expect(bfloat16Bits(3.4e38)).toBe(0x7f80);
  expect(bfloat16Bits(2 ** -133)).toBe(1);
});

test('a clamped array is bytes', () => {
  const clamped = new Uint8ClampedArray([1, 255]);
  expect(toValue(clamped, 'uint8', 'x').data).toEqual(new Uint8Array([1, 255]));
  expect(toValue(clamped, 'float32', 'x').data).toEqual(new Float32Array([1, 255]));
  expect(ndarray(clamped)).toMatchObject({ dtype: 'uint8', shape: [2] });
});

test('memory that is gone is no empty array', () => {
  const given = [new Float32Array(3), new DataView(new ArrayBuffer(4)), ndarray([1, 2]).data];
  const array = ndarray(given[2]!);
  for (const view of given) structuredClone(null, { transfer: [view.buffer as ArrayBuffer] });
  for (const value of [...given, array]) {
    expect(() => toValue(value, 'float32', 'x')).toThrow(
      /^Expected memory that is not detached for x but received/,
    );
  }
  expect(toValue(new Float32Array(0), 'float32', 'x').shape).toEqual([0]);
  expect(toValue(new DataView(new ArrayBuffer(0)), 'float32', 'x').shape).toEqual([0]);
});
