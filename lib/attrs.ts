import type { OpDescription } from './binding.js';
import { isDType } from './dtype.js';
import { invalidArgument } from './errors.js';

/** What every op takes besides its own options. */
const common = ['name', 'device', 'controlInputs', 'graph'];

/** Throws for an option that the op does not have: a name that is misspelt would do nothing. */
export function checkOptions(type: string, options: unknown, keys: readonly string[]): void {
  checkKeys(type, options, keys, common);
}

/** The same for any object of options. */
export function checkKeys(
  place: string,
  options: unknown,
  keys: readonly string[],
  common: readonly string[] = [],
): void {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument(`the options of ${place}`, 'an object', options);
  }
  for (const key in options) {
    if (keys.includes(key) || common.includes(key)) continue;
    const known = [...keys, ...common].join(', ');
    throw invalidArgument(
      `the options of ${place}`,
      `one of ${known}`,
      key,
      'ERR_INVALID_ARG_VALUE',
    );
  }
}

interface Kind {
  readonly expected: string;
  readonly plural: string;
  readonly holds: (value: unknown) => boolean;
}

const isInteger = (value: unknown) => typeof value === 'bigint' || Number.isInteger(value);
const isShape = (value: unknown) => value === null || Array.isArray(value);

const kinds: Readonly<Record<string, Kind>> = {
  int: { expected: 'an integer', plural: 'integers', holds: isInteger },
  float: { expected: 'a number', plural: 'numbers', holds: (v) => typeof v === 'number' },
  bool: { expected: 'a boolean', plural: 'booleans', holds: (v) => typeof v === 'boolean' },
  string: { expected: 'a string', plural: 'strings', holds: (v) => typeof v === 'string' },
  type: { expected: 'a dtype', plural: 'dtypes', holds: isDType },
  shape: { expected: 'a shape', plural: 'shapes', holds: isShape },
};

/** Throws for an attr that is not of the kind that the op declares. */
export function checkAttrs(op: OpDescription, given: Readonly<Record<string, unknown>>): void {
  for (const { name, kind } of op.attrs) {
    const value = given[name];
    if (value === undefined) continue;
    const isList = kind.startsWith('list(');
    const one = kinds[isList ? kind.slice(5, -1) : kind];
    if (!one) continue;
    if (!isList && !one.holds(value))
      throw invalidArgument(`${name} of ${op.name}`, one.expected, value);
    if (!isList || (Array.isArray(value) && value.every(one.holds))) continue;
    throw invalidArgument(`${name} of ${op.name}`, `a list of ${one.plural}`, value);
  }
}
