import type { Family } from '../mapping.js';
import { activations } from './activation.js';
import { array } from './array.js';
import { blocks } from './blocks.js';
import { control } from './control.js';
import { convolutions } from './conv.js';
import { gathers } from './gather.js';
import { math } from './math.js';
import { norms } from './norm.js';
import { pads } from './pad.js';
import { pools } from './pool.js';
import { randoms } from './random.js';
import { reductions } from './reduce.js';
import { resizes } from './resize.js';
import { recurrent } from './rnn.js';
import { slices } from './slice.js';

const standard: Family = {
  ...activations,
  ...array,
  ...blocks,
  ...control,
  ...convolutions,
  ...gathers,
  ...math,
  ...norms,
  ...pads,
  ...pools,
  ...randoms,
  ...recurrent,
  ...reductions,
  ...resizes,
  ...slices,
};

/** The mappings of each domain; the standard's own is "". */
export const domains: Readonly<Record<string, Family>> = { '': standard };
