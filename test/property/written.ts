import { isComplex } from '../../lib/dtype.js';
import { NDArray } from '../../lib/ndArray.js';

/** Longer values are not written out: `sample` makes them. */
const kLongest = 64;

function numberText(x: unknown): string {
  if (typeof x === 'bigint') return `${x}n`;
  if (typeof x === 'string') return JSON.stringify(x);
  return Object.is(x, -0) ? '-0' : String(x);
}

/** An array as an expression of TypeScript. */
export function arrayText(value: NDArray): string {
  const { data, shape, dtype } = value;
  if (data.length > kLongest) return `sample([${shape}], '${dtype}')`;
  const list = Array.from(data, numberText).join(', ');
  const wide = isComplex(dtype) ? ' /* re, im */' : '';
  return `array([${list}]${wide}, [${shape}], '${dtype}')`;
}

export function valueText(value: unknown): string {
  if (value instanceof NDArray) return arrayText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? String(value));
}

export function attrsText(attrs: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(attrs).filter(([, value]) => value !== undefined);
  const list = given.map(([name, value]) => `${name}: ${valueText(value)}`);
  return list.length === 0 ? '{}' : `{ ${list.join(', ')} }`;
}
