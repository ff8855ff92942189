/** "=====>    ": how far something is, from 0 to 1. */
export function bar(part: number, columns: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, part)) * columns);
  return `${'='.repeat(filled)}${filled < columns ? '>' : ''}`.padEnd(columns);
}

/** A number in few characters: 12, 3.4k, 5.6M. */
export function compact(value: number): string {
  const steps: readonly (readonly [number, string])[] = [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ];
  for (const [size, letter] of steps) if (value >= size) return (value / size).toFixed(1) + letter;
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(2);
}
