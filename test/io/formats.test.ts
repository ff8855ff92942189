import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { loadNpySync } from '../../lib/io/npy.js';
import { loadNpzSync } from '../../lib/io/npz.js';
import { loadSafetensorsSync } from '../../lib/io/safetensors.js';
import { sharedFolder } from './shared.js';

const npy = sharedFolder('formats', 'npy');
const safetensors = sharedFolder('formats', 'safetensors');

const inFolder = (folder: string | undefined, name: string, run: (folder: string) => void) => {
  if (folder) test(name, () => run(folder));
  else test.skip(`${name} (the folder of sample files is not beside the checkout)`, () => {});
};

inFolder(npy, 'every sample .npy file reads', (folder) => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.npy'))) {
    const array = loadNpySync(join(folder, name));
    const [, dtype] = /-((?:float|int|complex)\d+)\.npy$/.exec(name) ?? [];
    if (dtype) expect([name, array.dtype]).toEqual([name, dtype]);
    const [, sizes] = /^(\d+(?:x\d+)*)-/.exec(name) ?? [];
    if (sizes) expect(array.shape).toEqual(sizes.split('x').map(Number));
    expect(array.data).toHaveLength(array.size * (dtype?.startsWith('complex') ? 2 : 1));
  }
});

/** The first element, the last one and the sum, as NumPy reads them. */
const samples: readonly (readonly [string, number, number, number])[] = [
  ['10-float16', 181, 156, 969],
  ['10-float32', 86, 49, 841],
  ['10-float64', 234, 206, 1530],
  ['10-int16', 204, 154, 1217],
  ['10-int64', 178, 112, 1152],
  ['10-int8', -109, -96, -135],
  ['4x4x4x4x4-float16', 217, 214, 125587],
  ['4x4x4x4x4-float32', 180, 99, 126643],
  ['4x4x4x4x4-float64', 188, 46, 128087],
  ['4x4x4x4x4-int64', 188, 249, 132121],
  ['4x4x4x4x4-int8', -81, -9, -5089],
  ['65x65-float16', 61, 72, 534198],
  ['65x65-float32', 137, 142, 532546],
  ['65x65-int16', 40, 234, 535469],
  ['candle_test', 0, 9, 45],
];

inFolder(npy, 'sample values are right', (folder) => {
  const read = (name: string) => loadNpySync(join(folder, `${name}.npy`));
  for (const [name, first, last, sum] of samples) {
    const values = Array.from(read(name), Number);
    const total = values.reduce((a, b) => a + b, 0);
    expect([name, values[0], values.at(-1), total]).toEqual([name, first, last, sum]);
  }
  expect(read('10-complex128').at(0)).toEqual({ re: 125, im: -49 });
  expect(read('10-complex64').at(-1)).toEqual({ re: -27, im: -103 });
  expect(read('bool').toArray()).toEqual([true, false]);
  expect(read('unicode').toArray()).toEqual(['123', 'test', 'test2']);
  expect(read('unicode-large').at(-1)).toBe('lorem ipsum dolor sit amet');
  const photo = read('tract_grace_hopper_1x3x224x244');
  expect(photo.shape).toEqual([1, 3, 224, 224]);
  expect(photo.at(0, 2, 223, 223)).toBeCloseTo(-1.490719, 5);
});

inFolder(npy, 'sample .npz files read', (folder) => {
  const { x, x_plus_one: next } = loadNpzSync(join(folder, 'candle_test.npz'));
  expect(Array.from(next!, Number)).toEqual(Array.from(x!, (value) => Number(value) + 1));
  // Its only array is a pickled dict.
  const pickled = join(folder, 'basic_pitch_model_output.npz');
  expect(() => loadNpzSync(pickled)).toThrow('holds Python objects');
});

inFolder(safetensors, 'every sample safetensors file reads', (folder) => {
  for (const name of readdirSync(folder)) {
    const { tensors } = loadSafetensorsSync(join(folder, name));
    expect(Object.keys(tensors).length).toBeGreaterThan(0);
  }
  const { tensors, metadata } = loadSafetensorsSync(join(folder, 'tiny_t5.safetensors'));
  expect(metadata).toEqual({ format: 'pt' });
  expect(Object.values(tensors).every(({ dtype }) => dtype === 'float32')).toBe(true);
  const burn = loadSafetensorsSync(join(folder, 'burn_mnist.safetensors')).tensors;
  expect(burn['conv1.weight']?.shape).toEqual([8, 1, 3, 3]);
  expect(burn['norm1.num_batches_tracked']?.dtype).toBe('int64');
});
