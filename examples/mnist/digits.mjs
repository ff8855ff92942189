import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ndarray } from 'tensorwright';
import { drawDigits, side } from '../demo/drawDigits.mjs';

/** What follows the header of an idx file (yann.lecun.com/exdb/mnist) of bytes. */
function idxBytes(path, dims) {
  const bytes = gunzipSync(readFileSync(path));
  if (bytes.readUInt32BE(0) !== 0x800 + dims) throw new Error(`${path} is no idx file of bytes`);
  return bytes.subarray(4 + 4 * dims);
}

function readDigits(folder) {
  const pixels = idxBytes(join(folder, 't10k-images-idx3-ubyte.gz'), 3);
  const labels = idxBytes(join(folder, 't10k-labels-idx1-ubyte.gz'), 1);
  return {
    images: Float32Array.from(pixels, (byte) => byte / 255),
    labels: Int32Array.from(labels),
  };
}

/**
 * `total` digits, a fifth of them to test: the handwritten ones of MNIST when the folder has them
 * (t10k-images-idx3-ubyte.gz and its labels), else drawn ones.
 */
export function loadDigits(folder, total) {
  const real = existsSync(join(folder, 't10k-images-idx3-ubyte.gz'));
  const { images, labels } = real ? readDigits(folder) : drawDigits(total, 1);
  const part = (from, to) => ({
    images: ndarray(images.subarray(from * side * side, to * side * side), {
      shape: [to - from, side, side, 1],
    }),
    labels: ndarray(labels.subarray(from, to)),
  });
  const count = Math.round(0.8 * total);
  return { real, train: part(0, count), test: part(count, total) };
}
