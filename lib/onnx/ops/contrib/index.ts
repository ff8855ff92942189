import type { Family, Mapping } from '../../mapping.js';
import { contribActivations } from './activation.js';
import { contribAttentions } from './attention.js';
import { contribConvolutions } from './conv.js';
import { contribNorms } from './norm.js';
import { contribProducts } from './product.js';
import { contribQuantized } from './quantized.js';

/** An operator that the standard took over as it was. */
const asStandard =
  (type: string): Mapping =>
  (n) =>
    n.calls(
      type,
      n.proto.inputs.map((_, i) => n.optional(i)),
      n.attrs,
      n.outputCount,
    );

/** Operators of com.microsoft that exported and optimized models hold. */
export const contrib: Family = {
  ...contribActivations,
  ...contribAttentions,
  ...contribConvolutions,
  ...contribNorms,
  ...contribProducts,
  ...contribQuantized,
  ExpandDims: (n) => n.out('ExpandDims', [n.x, n.input(1)]),
  GatherND: asStandard('GatherND'),
  GridSample: asStandard('GridSample'),
  Pad: asStandard('Pad'),
  Range: asStandard('Range'),
  Trilu: asStandard('Trilu'),
};
