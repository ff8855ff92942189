import { inspect } from 'node:util';

import { ndarray } from '../../lib/ndArray.js';

const shows = (text: string, ...args: Parameters<typeof ndarray>) =>
  expect(inspect(ndarray(...args))).toBe(text);

test('scalars and rows', () => {
  shows('NDArray float32 [] 3.5', 3.5);
  shows('NDArray int64 [3] [-1,  0, 10]', [-1n, 0n, 10n]);
  shows('NDArray bool [2] [ true, false]', [true, false]);
  shows("NDArray string [2] ['a', 'it\\'s']".replace("'it\\'s'", '"it\'s"'), ['a', "it's"]);
  shows('NDArray float32 [0] []', []);
  shows('NDArray complex64 [2] [1.+2.5j, 0.-1.j ]', [
    { re: 1, im: 2.5 },
    { re: 0, im: -1 },
  ]);
});

test('points stand below each other', () => {
  const text = 'NDArray float32 [2, 3]\n[[ 1.  ,  2.5 ,  0.25],\n [-4.  ,  5.  ,  6.  ]]';
  shows(text, [
    [1, 2.5, 0.25],
    [-4, 5, 6],
  ]);
  shows('NDArray float32 [2, 1, 1]\n[[[1.]],\n\n [[2.]]]', [[[1]], [[2]]]);
});

test('numbers are as short as their dtype allows', () => {
  shows('NDArray float32 [2] [0.1 , 0.25]', [0.1, 0.25]);
  shows('NDArray float64 [1] [0.33333333]', [1 / 3], { dtype: 'float64' });
  shows('NDArray float16 [1] [0.1]', [0.1], { dtype: 'float16' });
  shows('NDArray bfloat16 [1] [3.14]', [3.14], { dtype: 'bfloat16' });
  shows('NDArray float32 [3] [1.00e+10, 1.25e-05,      nan]', [1e10, 1.25e-5, Number.NaN]);
  shows('NDArray float32 [3] [inf,  1.,  0.]', [Infinity, 1, 0]);
});

test('large arrays show the ends of their axes', () => {
  const text = inspect(ndarray(new Int32Array(2000), { shape: [1000, 2] }));
  expect(text.split('\n')).toHaveLength(8);
  expect(text).toContain(' [0, 0],\n ...,\n [0, 0],');
  expect(inspect(ndarray(new Float32Array(1001)))).toBe(
    'NDArray float32 [1001] [0., 0., 0., ..., 0., 0., 0.]',
  );
});

test('long rows are broken', () => {
  const lines = inspect(ndarray(Int32Array.from({ length: 100 }, (_, i) => i))).split('\n');
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) expect(line.length).toBeLessThan(100);
});

test('exponents and signs of zero stand as NumPy writes them', () => {
  shows('NDArray float32 [2] [1.e-05, 1.e+00]', [1e-5, 1]);
  shows('NDArray float64 [1] [1.e+20]', [1e20], { dtype: 'float64' });
  shows('NDArray float32 [2] [-0.,  0.]', [-0, 0]);
  shows('NDArray float32 [2] [ 1.e+20, -0.e+00]', [1e20, -0]);
});
