import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family, Mapping } from '../mapping.js';
import { wide } from './attention.js';
import { castTo, dtypeOfNumber } from './numbers.js';
import { dimTensor } from './shapes.js';

function float(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'float64', []);
}

/** The numbers from 0 to below an integer scalar, as float64. */
function counted(n: ImportNode, size: Tensor): Tensor {
  const int64 = (value: number) => n.constant(value, 'int64', []);
  const end = castTo(n, n.op('Reshape', [size, []]), 'int64');
  return castTo(n, n.op('Range', [int64(0), end, int64(1)]), 'float64');
}

/**
 * A sum of cosines over one period, which ends with the window or one step after it. Float64
 * throughout: what is just below a whole number would fall to the one before as an integer.
 */
function cosineWindow(weights: readonly number[]): Mapping {
  return (n) => {
    const size = castTo(n, n.op('Reshape', [n.x, []]), 'float64');
    const period = n.attrs.flag('periodic', true) ? size : n.op('Sub', [size, float(n, 1)]);
    const step = n.op('DivNoNan', [float(n, 2 * Math.PI), period]);
    const angles = n.op('Mul', [counted(n, n.x), step]);
    const terms = weights.slice(1).map((weight, i) => {
      const multiple = n.op('Mul', [angles, float(n, i + 1)]);
      return n.op('Mul', [n.op('Cos', [multiple]), float(n, weight)]);
    });
    const flat = n.op('AddV2', [n.op('ZerosLike', [angles]), float(n, weights[0] ?? 0)]);
    // The constant last: 0.5 + 0.08 + 0.42 is 1.
    const window = [...terms, flat].reduce((sum, term) => n.op('AddV2', [sum, term]));
    const dtype = dtypeOfNumber(n, n.attrs.int('output_datatype', 1));
    return n.out('Cast', [window], { DstT: dtype });
  };
}

/** Places on the mel scale, 2595 log10(1 + hertz / 700), in hertz. */
function melPlaces(n: ImportNode): Tensor {
  const scalar = (i: number) => castTo(n, n.op('Reshape', [n.input(i), []]), 'float64');
  const mel = (hertz: Tensor) => {
    const ratio = n.op('AddV2', [n.op('RealDiv', [hertz, float(n, 700)]), float(n, 1)]);
    return n.op('Mul', [n.op('Log', [ratio]), float(n, 2595 / Math.LN10)]);
  };
  const [low, high] = [mel(scalar(3)), mel(scalar(4))];
  const edges = n.op('AddV2', [scalar(0), float(n, 2)]);
  const step = n.op('RealDiv', [n.op('Sub', [high, low]), edges]);
  const count = counted(n, n.op('Cast', [edges], { DstT: 'int64' }));
  const places = n.op('AddV2', [n.op('Mul', [count, step]), low]);
  const power = n.op('Exp', [n.op('Mul', [places, float(n, Math.LN10 / 2595)])]);
  return n.op('Mul', [n.op('Sub', [power, float(n, 1)]), float(n, 700)]);
}

/** Triangles over the bins of a spectrum, one column per mel bin. */
function melWeightMatrix(n: ImportNode): Tensor {
  const length = castTo(n, n.op('Reshape', [n.input(1), []]), 'float64');
  const rate = castTo(n, n.op('Reshape', [n.input(2), []]), 'float64');
  const scaled = n.op('Mul', [melPlaces(n), n.op('AddV2', [length, float(n, 1)])]);
  const bins = n.op('Floor', [n.op('RealDiv', [scaled, rate])]);
  const part = (begin: number, end: number) =>
    n.op('StridedSlice', [bins, [begin], [end], [1]], { end_mask: end === 0 ? 1 : 0 });
  const [lower, centre, higher] = [part(0, -2), part(1, -1), part(2, 0)];
  const half = n.op('Floor', [n.op('RealDiv', [length, float(n, 2)])]);
  const rows = n.op('ExpandDims', [
    counted(n, n.op('Cast', [n.op('AddV2', [half, float(n, 1)])], { DstT: 'int64' })),
    1,
  ]);
  const between = (a: Tensor, b: Tensor, includesEnd: boolean) =>
    n.op('LogicalAnd', [
      n.op('GreaterEqual', [rows, a]),
      n.op(includesEnd ? 'LessEqual' : 'Less', [rows, b]),
    ]);
  const ratio = (a: Tensor, b: Tensor, c: Tensor, d: Tensor) =>
    n.op('DivNoNan', [n.op('Sub', [a, b]), n.op('Sub', [c, d])]);
  const peak = n.op('Cast', [n.op('Equal', [rows, centre])], { DstT: 'float64' });
  const rising = n.op('SelectV2', [
    n.op('Equal', [centre, lower]),
    peak,
    ratio(rows, lower, centre, lower),
  ]);
  const zero = float(n, 0);
  const left = n.op('SelectV2', [between(lower, centre, true), rising, zero]);
  const falling = ratio(higher, rows, higher, centre);
  const weights = n.op('SelectV2', [between(centre, higher, false), falling, left]);
  const dtype = dtypeOfNumber(n, n.attrs.int('output_datatype', 1));
  return n.out('Cast', [weights], { DstT: dtype });
}

/** A real or complex signal [batch, length, 1 or 2] along an axis. */
function dft(n: ImportNode, x: Tensor, length: Tensor | null, axis: Tensor): Tensor {
  const attrs = { inverse: n.attrs.flag('inverse'), onesided: n.attrs.flag('onesided') };
  const y = n.op('DFT', [wide(n, x), length, axis], attrs);
  return n.out('Cast', [y], { DstT: x.dtype });
}

function scalarInput(n: ImportNode, index: number): Tensor | null {
  const given = n.optional(index);
  return given ? castTo(n, n.op('Reshape', [given, []]), 'int64') : null;
}

function int64(n: ImportNode, value: number): Tensor {
  return n.constant(value, 'int64', []);
}

/** The transform of windows that follow each other by a step. */
function stft(n: ImportNode): Tensor {
  const signal = n.rank() === 2 ? n.op('ExpandDims', [n.x, 2]) : n.x;
  const window = n.optional(2);
  const step = scalarInput(n, 1) ?? n.fail('input 1 is missing');
  const given = scalarInput(n, 3);
  const length = given ?? (window ? dimTensor(n, window, 0) : n.fail('there is no frame length'));
  const total = dimTensor(n, signal, 1);
  const rest = n.op('FloorDiv', [n.op('Sub', [total, length]), step]);
  const count = n.op('AddV2', [rest, int64(n, 1)]);
  const starts = n.op('Mul', [n.op('Range', [int64(n, 0), count, int64(n, 1)]), step]);
  const inside = n.op('Range', [int64(n, 0), length, int64(n, 1)]);
  const places = n.op('AddV2', [n.op('ExpandDims', [starts, 1]), inside]);
  const frames = n.op('GatherV2', [signal, places, 1]);
  const shaped = window && n.op('Reshape', [castTo(n, window, n.x.dtype), [1, 1, -1, 1]]);
  const weighed = shaped ? n.op('Mul', [frames, shaped]) : frames;
  const attrs = { onesided: n.attrs.flag('onesided', true) };
  const y = n.op('DFT', [wide(n, weighed), null, int64(n, 2)], attrs);
  return n.out('Cast', [y], { DstT: n.x.dtype });
}

export const signals: Family = {
  BlackmanWindow: cosineWindow([0.42, -0.5, 0.08]),
  DFT: {
    17: (n) => dft(n, n.x, scalarInput(n, 1), int64(n, n.attrs.int('axis', 1))),
    20: (n) => dft(n, n.x, scalarInput(n, 1), scalarInput(n, 2) ?? int64(n, -2)),
  },
  HammingWindow: cosineWindow([25 / 46, -21 / 46]),
  HannWindow: cosineWindow([0.5, -0.5]),
  MelWeightMatrix: melWeightMatrix,
  STFT: stft,
};
