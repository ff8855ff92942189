import type { Cases } from '../case.js';
import { array } from './array.js';
import { conv } from './conv.js';
import { convGradient } from './convGradient.js';
import { einsumRows } from './einsum.js';
import { matMul } from './matMul.js';
import { pool } from './pool.js';

/** The rows of all ops: one table per family, in a file of its own beside this one. */
export const cases: Readonly<Record<string, Cases>> = {
  ...array,
  ...conv,
  ...convGradient,
  ...einsumRows,
  ...matMul,
  ...pool,
};
