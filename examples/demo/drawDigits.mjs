import { glyphs } from './glyphs.mjs';
import { randomOf } from './random.mjs';

export const side = 28;

/** A random place, size, slant and rotation, as a function from the unit square to pixels. */
function randomPlacing({ between }) {
  const angle = between(-0.25, 0.25);
  const slant = between(-0.25, 0.25);
  const [width, height] = [between(13, 21), between(16, 22)];
  const [centerX, centerY] = [between(11.5, 16.5), between(11.5, 16.5)];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return ([x, y]) => {
    const right = (x - 0.5 + slant * (0.5 - y)) * width;
    const down = (y - 0.5) * height;
    return [centerX + cos * right - sin * down, centerY + sin * right + cos * down];
  };
}

function distance(x, y, [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}

/** Draws the line from a to b: full inside the pen's radius, fading over one pixel. */
function drawLine(pixels, a, b, radius, ink) {
  const reach = radius + 1;
  const low = (u, v) => Math.max(0, Math.floor(Math.min(u, v) - reach));
  const high = (u, v) => Math.min(side - 1, Math.ceil(Math.max(u, v) + reach));
  for (let y = low(a[1], b[1]); y <= high(a[1], b[1]); y++) {
    for (let x = low(a[0], b[0]); x <= high(a[0], b[0]); x++) {
      const cover = Math.min(1, Math.max(0, reach - distance(x, y, a, b)));
      const at = y * side + x;
      pixels[at] = Math.max(pixels[at], cover * ink);
    }
  }
}

function drawDigit(pixels, digit, random) {
  const { between, integer, normal } = random;
  const place = randomPlacing(random);
  const tremble = between(0, 0.4);
  const radius = between(0.4, 1.5);
  const ink = between(0.7, 1);
  for (const stroke of glyphs[digit][integer(glyphs[digit].length)]) {
    const points = stroke.map((point) => place(point).map((v) => v + tremble * normal()));
    for (let i = 1; i < points.length; i++) drawLine(pixels, points[i - 1], points[i], radius, ink);
  }
  const noise = between(0.02, 0.15);
  for (let i = 0; i < pixels.length; i++) {
    pixels[i] = Math.min(1, Math.max(0, pixels[i] + noise * normal()));
  }
}

/** `count` images of digits, as float32 [count, 28, 28, 1] in [0, 1], and what they show. */
export function drawDigits(count, seed) {
  const random = randomOf(seed);
  const images = new Float32Array(count * side * side);
  const labels = Int32Array.from({ length: count }, () => random.integer(10));
  for (let i = 0; i < count; i++) {
    const pixels = images.subarray(i * side * side, (i + 1) * side * side);
    drawDigit(pixels, labels[i], random);
  }
  return { images, labels };
}
