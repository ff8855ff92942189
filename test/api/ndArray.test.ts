import { inspect } from 'node:util';

import { NDArray, ndarray } from '../../lib/ndArray.js';

const cube = () =>
  ndarray(
    Float32Array.from({ length: 24 }, (_, i) => i),
    { shape: [2, 3, 4] },
  );

test('an array knows its dtype, shape and elements', () => {
  const a = ndarray([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const data: Float32Array = a.data;
  expect(data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  expect(a).toMatchObject({ dtype: 'float32', shape: [2, 3], rank: 2, size: 6, strides: [3, 1] });
  expect(a.byteLength).toBe(24);
  expect(NDArray.from([[1n]]).data).toEqual(BigInt64Array.of(1n));
  expect(ndarray(7, { dtype: 'int8', shape: [2, 2] }).data).toEqual(Int8Array.of(7, 7, 7, 7));
  expect(ndarray([], { dtype: 'int32' }).shape).toEqual([0]);
  expect(ndarray([[], []]).shape).toEqual([2, 0]);
  expect(() => ndarray([1, 2, 3], { shape: [2, 2] })).toThrow('cannot reshape 3 elements');
});

test('a typed array of the dtype is kept, not copied', () => {
  const data = new Float32Array(4);
  expect(ndarray(data).data).toBe(data);
  expect(ndarray(data, { shape: [2, 2] }).reshape([-1]).data).toBe(data);
  expect(ndarray(data).copy().data).not.toBe(data);
});

test('single elements', () => {
  const a = cube();
  expect(a.at(1, 2, 3)).toBe(23);
  expect(a.at(-1, 0, -2)).toBe(14);
  expect(ndarray(5).item()).toBe(5);
  expect(ndarray([true]).item()).toBe(true);
  expect(ndarray([[2n ** 60n]]).item()).toBe(2n ** 60n);
  expect(ndarray([{ re: 1, im: -2 }]).item()).toEqual({ re: 1, im: -2 });
  expect(() => a.item()).toThrow('Expected an array of one element for item() but received');
  expect(() => a.at(0, 3, 0)).toThrow('index 3 is out of range for axis 1 with 3 elements');
  expect(() => a.at(0)).toThrow('Expected 3 indices for indices but received [ 0 ]');
  expect(() => a.at(0, 0.5, 0)).toThrow('Expected an integer for the index of axis 1');
});

test('slices are views where they lie in one piece, else copies', () => {
  const a = cube();
  const row = a.slice(1);
  expect(row.shape).toEqual([3, 4]);
  row.data[0] = -1;
  expect(a.at(1, 0, 0)).toBe(-1);
  expect(a.slice([1], [1, 3]).data.buffer).toBe(a.data.buffer);
  expect(a.slice('...', 0).toArray()).toEqual([
    [0, 4, 8],
    [-1, 16, 20],
  ]);
  expect(a.slice(0, [null, null, -2], [-2]).toArray()).toEqual([
    [10, 11],
    [2, 3],
  ]);
  expect(a.slice(0, null, [3, null, -1]).at(0, 0)).toBe(3);
  expect(a.slice(0, [5, 9]).shape).toEqual([0, 4]);
  expect(a.slice().data).toBe(a.data);
  expect(a.slice(0, 0, 0).shape).toEqual([]);
  expect(ndarray(['a', 'b', 'c']).slice([1]).toArray()).toEqual(['b', 'c']);
  expect(() => a.slice(0, 0, 0, 0)).toThrow('at most 3 ranges');
  expect(() => a.slice([0, 1, 0])).toThrow('not 0');
  expect([...a.rows()].map((r) => r.shape)).toEqual([
    [3, 4],
    [3, 4],
  ]);
});

test('complex slices keep pairs together', () => {
  const z = ndarray(Float32Array.of(1, 2, 3, 4, 5, 6), { dtype: 'complex64' }).slice([1]);
  expect(z.toArray()).toEqual([
    { re: 3, im: 4 },
    { re: 5, im: 6 },
  ]);
  expect(z.shape).toEqual([2]);
});

test('transpose and reshape', () => {
  const a = ndarray([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(a.transpose().toArray()).toEqual([
    [1, 4],
    [2, 5],
    [3, 6],
  ]);
  expect(cube().transpose([2, 0, 1]).shape).toEqual([4, 2, 3]);
  expect(() => a.transpose([0, 0])).toThrow('a permutation of 2 axes');
  expect(a.reshape([3, -1]).shape).toEqual([3, 2]);
});

test('half precision is read as numbers', () => {
  const half = ndarray([1, 0.1, -65504, Infinity, Number.NaN], { dtype: 'float16' });
  expect(half.toArray()).toEqual([1, 0.0999755859375, -65504, Infinity, Number.NaN]);
  expect(half.toFloat32()).toEqual(Float32Array.from(half));
  const brain = ndarray([1, 3.140625, 1e38, -0], { dtype: 'bfloat16' });
  expect(brain.data[0]).toBe(0x3f80);
  expect(brain.toFloat32()[1]).toBe(3.140625);
  expect(Object.is(brain.at(3), -0)).toBe(true);
  expect(ndarray([1n, 2n]).toFloat32()).toEqual(Float32Array.of(1, 2));
  expect(() => ndarray(['a']).toFloat32()).toThrow('an array of real numbers');
});

test('iteration, JSON and comparison', () => {
  expect([...ndarray([[true], [false]])]).toEqual([true, false]);
  expect(JSON.stringify(ndarray([1.5, Number.NaN, Infinity]))).toBe(
    '{"dtype":"float32","shape":[3],"data":[1.5,"NaN","Infinity"]}',
  );
  expect(JSON.stringify(ndarray([1n, 2n ** 60n]).toJSON().data)).toBe('[1,"1152921504606846976"]');
  const a = ndarray([1, 2, Number.NaN]);
  expect(a.equals(a.copy())).toBe(true);
  expect(a.equals(ndarray([1, 2, 3]))).toBe(false);
  expect(a.allClose([1, 2 + 1e-6, Number.NaN])).toBe(false);
  expect(a.allClose([1, 2 + 1e-6, Number.NaN], { equalNaN: true })).toBe(true);
  expect(a.allClose([1, 2.1, Number.NaN], { equalNaN: true })).toBe(false);
  expect(ndarray([1, 2]).allClose([[1, 2]])).toBe(false);
  expect(ndarray([{ re: 1, im: 1 }]).allClose([{ re: 1, im: 1.1 }], { atol: 0.2 })).toBe(true);
});

test('a disposed array gives its lease back once and is of no use', () => {
  let released = 0;
  const lease = { release: () => void released++ };
  const a = new NDArray(Float32Array.of(1, 2), [2], 'float32', lease);
  const view = a.slice([1]);
  expect(view.lease).toBe(lease);
  a.dispose();
  a[Symbol.dispose]();
  expect(released).toBe(1);
  expect(a.disposed && view.disposed).toBe(true);
  expect(() => a.data).toThrow('the NDArray was disposed');
  expect(inspect(a)).toBe('NDArray float32 [2] (disposed)');
});
