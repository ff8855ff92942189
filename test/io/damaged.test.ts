import { EngineError } from '../../lib/errors.js';
import { formatNpy, parseNpy } from '../../lib/io/npy.js';
import { formatSafetensors, parseSafetensors } from '../../lib/io/safetensors.js';
import { ndarray } from '../../lib/ndArray.js';

/** Repeatable numbers in [0, count). */
function numbers(seed: number): (count: number) => number {
  let state = seed;
  return (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

const marks = "0123456789,()'[]{}:<>|-\\";

/** The file with some bytes changed, repeated or cut off, mostly in its header. */
function damaged(file: Buffer, next: (count: number) => number): Buffer {
  let bytes = Buffer.from(file);
  for (let left = 1 + next(5); left > 0; left--) {
    const at = next(next(4) > 0 ? Math.min(bytes.length, 160) : bytes.length);
    const kind = next(10);
    if (kind < 4) bytes[at] = next(256);
    else if (kind < 8) bytes[at] = marks.charCodeAt(next(marks.length));
    else if (kind < 9) bytes = bytes.subarray(0, at + 1);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - 5))]);
  }
  return bytes;
}

const matrix = ndarray([
  [1, 2, 3],
  [4, 5, 6],
]);
const files: readonly (readonly [string, Buffer, (bytes: Buffer) => unknown])[] = [
  ['npy', formatNpy(matrix), parseNpy],
  ['npy of strings', formatNpy(['a', 'bc']), parseNpy],
  ['safetensors', formatSafetensors({ matrix, ids: [1n, 2n] }), parseSafetensors],
];

test.each(files)('a damaged %s file reads or is an EngineError', (_, file, parse) => {
  const next = numbers(7);
  let refused = 0;
  for (let i = 0; i < 5000; i++) {
    try {
      parse(damaged(file, next));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(1000);
});
