import type { DType } from '../../lib/dtype.js';
import type { NDArray } from '../../lib/ndArray.js';
import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { type ExportCase, exportCases, savedCase } from './exportCases.js';

/** How far results may be off where an op becomes several operators. */
const tolerances: Partial<Record<DType, number>> = {
  float32: 1e-5,
  float64: 1e-9,
  float16: 4e-3,
  bfloat16: 3e-2,
};

/** Rows that do not come back the same, and why. */
const different: Readonly<Record<string, string>> = {
  'FusedBatchNorm 1': 'statistics of the batch are for training',
  'FusedBatchNormV2 1': 'statistics of the batch are for training',
  'FusedBatchNorm 3': 'statistics of the batch are for training',
  'FusedBatchNormV2 3': 'statistics of the batch are for training',
  'FusedBatchNormV3 1': 'statistics of the batch are for training',
  'FusedBatchNormV3 3': 'statistics of the batch are for training',
  'Gelu 1': 'in parts, -Infinity times 0 is NaN',
  'GeluTanh 1': 'in parts, -Infinity times 0 is NaN',
  'MatrixBandPart 3': 'the engine chooses between strings in no op',
  'TreeEnsemble 1': 'one tree counted twice is refused when it is loaded',
  'Unique 1': 'all NaN are one value in ONNX',
  'UniqueV2 2': 'all NaN are one value in ONNX',
};

/** ONNX has attributes of float32 alone, so these are rounded for float64. */
const rounded = new Set(['HardSigmoid', 'LRN', 'LeakyRelu', 'LSTM', 'GRU', 'RNN']);

function difference(expected: NDArray, got: NDArray, { op, tolerance }: ExportCase) {
  const form = ({ dtype, shape }: NDArray) => `${dtype} [${shape}]`;
  if (form(expected) !== form(got)) return `expected ${form(expected)}, got ${form(got)}`;
  const texts = [expected, got].map(({ data }) =>
    JSON.stringify(data, (_, x) => (typeof x === 'bigint' ? `${x}` : x)),
  );
  if (texts[0] === texts[1]) return undefined;
  const t = (rounded.has(op) ? 1e-5 : (tolerances[expected.dtype] ?? 0)) * tolerance;
  const isClose =
    expected.dtype in tolerances && got.allClose(expected, { rtol: t, atol: t, equalNaN: true });
  return isClose ? undefined : `expected ${expected}\ngot ${got}`;
}

function check(one: ExportCase): void {
  const { bytes, values, results } = savedCase(one);
  const { graph, inputs, outputs } = loadSync(bytes);
  using session = new Session(graph);
  const feeds = Object.values(inputs).map((x, i) => [x, values[i]!] as const);
  const got = session.runSync(outputs, { feeds });
  for (const [name, expected] of Object.entries(results)) {
    const wrong = difference(expected, got[name]!, one);
    if (wrong) throw new Error(`${name}: ${wrong}`);
  }
}

/** Of each op the first rows, for few dtypes. */
function* chosen(): Generator<ExportCase> {
  const counts = new Map<string, number>();
  for (const one of exportCases()) {
    const key = `${one.op} ${one.row}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    if (one.row < 3 && count < (one.row === 0 ? 2 : 1) && !(key in different)) yield one;
  }
}

const byOp = new Map<string, ExportCase[]>();
for (const one of chosen()) byOp.set(one.op, [...(byOp.get(one.op) ?? []), one]);

test.each([...byOp])('%s comes back from a file', (_, list) => {
  for (const one of list) {
    try {
      check(one);
    } catch (error) {
      throw new Error(`row ${one.row}, ${one.dtype}`, { cause: error });
    }
  }
});
