import type { Cases } from '../case.js';
import { array } from './array.js';
import { conv } from './conv.js';
import { matMul } from './matMul.js';

/** The rows of all ops: one table per family, in a file of its own beside this one. */
export const cases: Readonly<Record<string, Cases>> = { ...array, ...conv, ...matMul };
