import { invalidArgument } from '../errors.js';
import { positiveInteger } from './checks.js';

/** A number for all spatial dims alike, or one for each. */
export type Sizes = number | readonly number[];

/** How a window moves over its input. */
export interface WindowOptions {
  /** Default: 1. */
  readonly strides?: Sizes | undefined;
  /** Default: 1. */
  readonly dilations?: Sizes | undefined;
  /** Default: "VALID". */
  readonly padding?: 'SAME' | 'VALID' | 'EXPLICIT' | undefined;
  /** For "EXPLICIT": before and after each spatial dim. */
  readonly explicitPaddings?: readonly number[] | undefined;
}

export const windowKeys = ['strides', 'dilations', 'padding', 'explicitPaddings'] as const;

/** One number for each of `spatial` dims. */
export function sizes(value: Sizes, spatial: number, name: string): number[] {
  const list = typeof value === 'number' ? new Array<number>(spatial).fill(value) : [...value];
  if (list.length !== spatial) throw invalidArgument(name, `${spatial} numbers`, value);
  return list.map((size) => positiveInteger(size, name));
}

/** The attributes of a window, as the ops take them. */
export function windowOf(options: WindowOptions, spatial: number) {
  const { strides = 1, dilations = 1, padding, explicitPaddings } = options;
  return {
    strides: sizes(strides, spatial, 'strides'),
    dilations: sizes(dilations, spatial, 'dilations'),
    padding,
    explicitPaddings,
  };
}
