/** The kinds of cells that scripts/op-matrix.mjs and scripts/gradient-matrix.mjs look for. */
export type Kind =
  | 'ordinary'
  | 'size 0'
  | 'rank 0'
  | 'broadcast'
  | 'NaN or infinity'
  | 'gradient'
  | 'gradient on size 0'
  | 'gradient on size 1'
  | 'second derivative';

/** Why a cell of op x kind has no case, for all dtypes of the op. */
export const emptyCells: Readonly<Record<string, Partial<Readonly<Record<Kind, string>>>>> = {
  Bitcast: {
    ordinary: 'it moves bits: its rows have one dtype for each pair of sizes',
    'NaN or infinity': 'it moves bits and looks at none',
  },
  CheckNumerics: { 'NaN or infinity': 'refused when it runs; its error rows say so' },
  DenseCtcLoss: { 'second derivative': 'its sums over alignments are differentiated once' },
  GridSample: { 'second derivative': 'places and images are differentiated once' },
  GRU: { 'second derivative': 'recurrent cells are differentiated once' },
  LSTM: { 'second derivative': 'recurrent cells are differentiated once' },
  RoiAlign: { 'second derivative': 'places and images are differentiated once' },
  RNN: { 'second derivative': 'recurrent cells are differentiated once' },
  Fill: {
    'gradient on size 0': 'the value is a scalar',
    'gradient on size 1': 'the value is a scalar',
  },
};
