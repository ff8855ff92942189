import { ndarray } from 'tensorwright';
import { side } from '../demo/drawDigits.mjs';

/** The pixel between pixels: linear interpolation, 0 outside of the image. */
function pixelAt(image, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, below] = [x - left, y - top];
  const at = (i, j) => (i < 0 || j < 0 || i >= side || j >= side ? 0 : image[j * side + i]);
  const upper = at(left, top) * (1 - right) + at(left + 1, top) * right;
  const lower = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right;
  return upper * (1 - below) + lower * below;
}

/** The same digit turned, scaled and shifted a little, otherwise in each epoch. */
export function augment({ images, labels }, { random }) {
  const between = (low, high) => low + (high - low) * random();
  const angle = between(-0.2, 0.2);
  const scale = between(0.9, 1.1);
  const [right, down] = [between(-2, 2), between(-2, 2)];
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const middle = (side - 1) / 2;
  const pixels = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [u, v] = [x - middle - right, y - middle - down];
      const from = [cos * u + sin * v + middle, cos * v - sin * u + middle];
      pixels[y * side + x] = pixelAt(images.data, ...from);
    }
  }
  return { images: ndarray(pixels, { shape: images.shape }), labels };
}
