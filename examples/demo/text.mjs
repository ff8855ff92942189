import { side } from './drawDigits.mjs';

const shades = ' .:-=+*#%@';

/** An image as text, two characters for each pixel. */
export function imageText(pixels) {
  const shadeOf = (value) => shades[Math.min(9, Math.floor(value * 10))].repeat(2);
  return Array.from({ length: side }, (_, y) =>
    Array.from(pixels.subarray(y * side, (y + 1) * side), shadeOf)
      .join('')
      .trimEnd(),
  ).join('\n');
}

/** Calls between steps of long work: a bar on a terminal, else nothing. */
export function progressOf(title, stream = process.stderr) {
  let drawn = -1;
  return (done, total, note = '') => {
    const filled = Math.floor((40 * done) / total);
    if (!stream.isTTY || (filled === drawn && done < total)) return;
    drawn = filled;
    const bar = '#'.repeat(filled).padEnd(40, '.');
    stream.write(`\r${title} [${bar}] ${done} of ${total} ${note}${done === total ? '\n' : ''}`);
  };
}

/** How often each digit (down) was taken for each (across). */
export function confusionText(labels, predictions) {
  const counts = Array.from({ length: 10 }, () => new Array(10).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][predictions[i]]++;
  const row = (title, cells) =>
    `${title} |${cells.map((cell) => String(cell).padStart(5)).join('')}`;
  return [
    'confusion: the digit drawn (down), the digit seen (across)',
    row('  ', [...counts.keys()]),
    `---+${'-'.repeat(50)}`,
    ...counts.map((cells, digit) =>
      row(
        String(digit).padStart(2),
        cells.map((n) => n || '.'),
      ),
    ),
  ].join('\n');
}
