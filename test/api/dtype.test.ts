import {
  allocate,
  checkDType,
  dtypeCode,
  dtypeFromCode,
  dtypeOfArray,
  dtypes,
  elementSize,
  holds,
  isComplex,
  isFloat,
  isInteger,
  isNumeric,
  isSigned,
  viewOf,
} from '../../lib/dtype.js';

test('codes run from 1 to 28 in the order of the native table', () => {
  expect(dtypes.map(dtypeCode)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
  for (const dtype of dtypes) expect(dtypeFromCode(dtypeCode(dtype))).toBe(dtype);
  expect(dtypeCode('bfloat16')).toBe(4);
  expect(dtypeCode('bool')).toBe(13);
  expect(() => dtypeFromCode(29)).toThrow('Expected a dtype code from 1 to 28 for code');
});

test('element sizes are those of the memory', () => {
  for (const dtype of dtypes.filter(isNumeric)) {
    const data = allocate(dtype, 6);
    expect(data.byteLength).toBe(6 * elementSize(dtype));
    expect(holds(dtype, data)).toBe(true);
    expect(viewOf(dtype, new ArrayBuffer(64), 16, 2).byteLength).toBe(2 * elementSize(dtype));
  }
  expect(allocate('string', 2)).toEqual(['', '']);
  expect(elementSize('string')).toBe(0);
  expect(() => allocate('resource', 1)).toThrow(TypeError);
});

test('predicates', () => {
  expect(dtypes.filter(isFloat)).toEqual(['float32', 'float64', 'float16', 'bfloat16']);
  expect(dtypes.filter(isInteger)).toHaveLength(8);
  expect(dtypes.filter(isComplex)).toEqual(['complex64', 'complex128']);
  expect(isSigned('uint8')).toBe(false);
  expect(isSigned('complex64')).toBe(true);
});

test('a name that is no dtype is refused with the list of those there are', () => {
  expect(checkDType('int8', 'dtype')).toBe('int8');
  expect(() => checkDType('float', 'dtype')).toThrow(/^Expected a dtype \(float32, .*'float'$/);
  expect(() => checkDType('toString', 'dtype')).toThrow(TypeError);
});

test('the dtype of a typed array', () => {
  expect(dtypeOfArray(new BigUint64Array(1))).toBe('uint64');
  expect(dtypeOfArray(Buffer.alloc(1))).toBe('uint8');
  expect(dtypeOfArray(new Uint8ClampedArray(1))).toBe('uint8');
  expect(dtypeOfArray(new DataView(new ArrayBuffer(1)))).toBeUndefined();
  expect(holds('float32', new Float64Array(1))).toBe(false);
  expect(holds('float16', new Uint16Array(1))).toBe(true);
});
