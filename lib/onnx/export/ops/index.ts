import type { OpName } from '../../../generated/opName.js';
import type { ExportEntry, ExportFamily } from '../table.js';
import { activations } from './activation.js';
import { array } from './array.js';
import { control } from './control.js';
import { convolutions } from './conv.js';
import { divisions } from './division.js';
import { gathers } from './gather.js';
import { images } from './image.js';
import { lookups } from './lookup.js';
import { math } from './math.js';
import { ml } from './ml.js';
import { norms } from './norm.js';
import { pools } from './pool.js';
import { quantizations } from './quant.js';
import { randoms } from './random.js';
import { reductions } from './reduce.js';
import { recurrents } from './rnn.js';
import { sequences } from './sequence.js';
import { slices } from './slice.js';
import { tensorLists } from './tensorList.js';
import { texts } from './text.js';
import { training } from './training.js';

/** What each op is in ONNX, or why it is nothing there; an op without an entry does not compile. */
export const exportTable: Readonly<Record<OpName, ExportEntry>> = {
  ...activations,
  ...array,
  ...control,
  ...convolutions,
  ...divisions,
  ...gathers,
  ...images,
  ...lookups,
  ...math,
  ...ml,
  ...norms,
  ...pools,
  ...quantizations,
  ...randoms,
  ...recurrents,
  ...reductions,
  ...sequences,
  ...slices,
  ...tensorLists,
  ...texts,
  ...training,
};

const entries: ExportFamily = exportTable;

/** Undefined for an op that the package does not know. */
export function entryOf(op: string): ExportEntry | undefined {
  return Object.hasOwn(entries, op) ? entries[op] : undefined;
}
