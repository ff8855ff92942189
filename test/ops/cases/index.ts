import type { OpName } from '../../../lib/index.js';
import type { Case, Cases } from '../case.js';
import { activation } from './activation.js';
import { activationGrad } from './activationGrad.js';
import { arithmetic } from './arithmetic.js';
import { array } from './array.js';
import { batchNorm } from './batchNorm.js';
import { bitwise } from './bitwise.js';
import { cast } from './cast.js';
import { cholesky } from './cholesky.js';
import { comparison } from './comparison.js';
import { conv } from './conv.js';
import { convGradient } from './convGradient.js';
import { ctc } from './ctc.js';
import { division } from './division.js';
import { einsumRows } from './einsum.js';
import { exponential } from './exponential.js';
import { flow } from './flow.js';
import { gradientImages } from './gradientImages.js';
import { gradientShapes } from './gradientShapes.js';
import { gradientWindows } from './gradientWindows.js';
import { groupNorm } from './groupNorm.js';
import { hyperbolic } from './hyperbolic.js';
import { internal } from './internal.js';
import { logical } from './logical.js';
import { matMul } from './matMul.js';
import { modulo } from './modulo.js';
import { normalize } from './normalize.js';
import { pool } from './pool.js';
import { power } from './power.js';
import { quantized } from './quantized.js';
import { quantizedConv } from './quantizedConv.js';
import { quantizedProduct } from './quantizedProduct.js';
import { recurrentRows } from './recurrent.js';
import { reduce } from './reduce.js';
import { regions } from './regions.js';
import { resample } from './resample.js';
import { rounding } from './rounding.js';
import { safeDivision } from './safeDivision.js';
import { scan } from './scan.js';
import { segments } from './segments.js';
import { select } from './select.js';
import { softmax } from './softmax.js';
import { spectrum } from './spectrum.js';
import { tensorLists } from './tensorList.js';
import { text } from './text.js';
import { trigonometric } from './trigonometric.js';
import { unary } from './unary.js';

/** One table per family, in a file of its own beside this one. */
const tables: Readonly<Record<OpName, Cases>> = {
  ...batchNorm,
  ...groupNorm,
  ...normalize,
  ...activation,
  ...activationGrad,
  ...arithmetic,
  ...array,
  ...bitwise,
  ...cast,
  ...cholesky,
  ...comparison,
  ...conv,
  ...convGradient,
  ...ctc,
  ...division,
  ...einsumRows,
  ...exponential,
  ...hyperbolic,
  ...internal,
  ...logical,
  ...flow,
  ...matMul,
  ...modulo,
  ...pool,
  ...power,
  ...quantized,
  ...quantizedProduct,
  ...quantizedConv,
  ...resample,
  ...regions,
  ...rounding,
  ...safeDivision,
  ...scan,
  ...segments,
  ...select,
  ...softmax,
  ...spectrum,
  ...tensorLists,
  ...text,
  ...trigonometric,
  ...unary,
  ...recurrentRows,
  ...reduce,
};

const added: Readonly<Record<string, readonly Case[] | undefined>> = {
  ...gradientShapes,
  ...gradientWindows,
  ...gradientImages,
};

/** A table with the rows that only check its gradient. */
function withGradients(name: string, rows: Cases): Cases {
  return 'elsewhere' in rows ? rows : [...rows, ...(added[name] ?? [])];
}

/** The rows of all ops. An op without rows is an error of the compiler. */
export const cases: Readonly<Record<string, Cases>> = Object.fromEntries(
  Object.entries(tables).map(([name, rows]) => [name, withGradients(name, rows)]),
);
