import { invalidArgument } from '../../errors.js';
import type { EventImage } from '../../io/events.js';
import { formatPng } from '../../io/png.js';
import type { NDArray } from '../../ndArray.js';

/** An image [height, width] or [height, width, channels] as PNG. */
export async function imageOf(pixels: NDArray): Promise<EventImage> {
  const [height = 0, width = 0, channels = 1] = pixels.shape;
  const fits = (pixels.rank === 2 || pixels.rank === 3) && channels >= 1 && channels <= 4;
  if (!fits || height === 0 || width === 0) {
    const expected = 'an array of shape [height, width] or [height, width, 1 to 4]';
    throw invalidArgument('image', expected, pixels);
  }
  const image = { width, height, channels };
  return { ...image, png: await formatPng({ ...image, data: bytesOf(pixels) }) };
}

/** uint8 as it is; floats from 0 to 1, what lies beyond becomes black or white. */
function bytesOf(pixels: NDArray): Uint8Array {
  const { data, dtype } = pixels;
  if (dtype === 'uint8' && data instanceof Uint8Array) return data;
  if (dtype !== 'float32' && dtype !== 'float16' && dtype !== 'bfloat16') {
    throw invalidArgument('image', 'uint8 values, or float32 values from 0 to 1', dtype);
  }
  // A Uint8ClampedArray rounds, and takes NaN for 0.
  return new Uint8Array(Uint8ClampedArray.from(pixels.toFloat32(), (x) => x * 255).buffer);
}
