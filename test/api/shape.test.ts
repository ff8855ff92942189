import {
  checkAxis,
  checkShape,
  checkStaticShape,
  fitsStatic,
  formatShape,
  inferReshape,
  sameShape,
  sizeOf,
  stridesOf,
} from '../../lib/shape.js';

test('shapes are written with ? for what is unknown', () => {
  expect(formatShape([2, null, 3])).toBe('[2, ?, 3]');
  expect(formatShape([])).toBe('[]');
  expect(formatShape(null)).toBe('unknown rank');
});

test('only non-negative integers are a shape', () => {
  expect(checkShape([2, 0])).toEqual([2, 0]);
  expect(checkShape(Int32Array.of(4))).toEqual([4]);
  for (const bad of [[-1], [1.5], ['2'], [null], 3, [2 ** 60], undefined]) {
    expect(() => checkShape(bad)).toThrow('Expected a shape of non-negative integers for shape');
  }
  expect(checkStaticShape([null, 3])).toEqual([null, 3]);
  expect(checkStaticShape(null)).toBeNull();
  expect(() => checkStaticShape([-1])).toThrow(TypeError);
});

test('sizes are checked for overflow', () => {
  expect(sizeOf([])).toBe(1);
  expect(sizeOf([2, 3, 4])).toBe(24);
  expect(sizeOf([2 ** 40, 2 ** 40, 0])).toBe(0);
  expect(() => sizeOf([2 ** 40, 2 ** 40])).toThrow('more than');
  expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
});

test('a shape fits the static one that it was promised', () => {
  expect(fitsStatic([5, 3], [null, 3])).toBe(true);
  expect(fitsStatic([5, 3], null)).toBe(true);
  expect(fitsStatic([5], [null, 3])).toBe(false);
  expect(fitsStatic([5, 4], [null, 3])).toBe(false);
  expect(sameShape([1, 2], [1, 2])).toBe(true);
  expect(sameShape([1, 2], [2, 1])).toBe(false);
});

test('axes count from either end', () => {
  expect(checkAxis(-1, 3)).toBe(2);
  expect(checkAxis(0, 3)).toBe(0);
  expect(() => checkAxis(3, 3)).toThrow('Expected an axis in [-3, 3) for axis but received 3');
  expect(() => checkAxis(0.5, 3)).toThrow(TypeError);
});

test('reshape infers one dim', () => {
  expect(inferReshape([2, -1], 12)).toEqual([2, 6]);
  expect(inferReshape([3, 4], 12)).toEqual([3, 4]);
  expect(inferReshape([-1], 0)).toEqual([0]);
  for (const bad of [[5, -1], [5], [0, -1]]) {
    expect(() => inferReshape(bad, 12)).toThrow(/cannot reshape 12 elements/);
  }
  expect(() => inferReshape([-1, -1], 12)).toThrow(TypeError);
});
