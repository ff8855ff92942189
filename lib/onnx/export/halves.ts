import type { Value } from './value.js';

/** Operators that before this opset, if ever, have no bfloat16. */
const kSince: Readonly<Record<string, number>> = Object.fromEntries([
  ['Acos', 22],
  ['Acosh', 22],
  ['ArgMax', 13],
  ['Asin', 22],
  ['Asinh', 22],
  ['Atan', 22],
  ['Atanh', 22],
  ['AveragePool', 22],
  ['Col2Im', 13],
  ['Conv', 22],
  ['ConvTranspose', 22],
  ['Cos', 22],
  ['Cosh', 22],
  ['CumProd', 99],
  ['CumSum', 14],
  ['Det', 22],
  ['Einsum', 99],
  ['Elu', 22],
  ['GRU', 22],
  ['HardSigmoid', 22],
  ['HardSwish', 22],
  ['InstanceNormalization', 22],
  ['IsInf', 20],
  ['LSTM', 22],
  ['LeakyRelu', 16],
  ['MaxPool', 22],
  ['Mish', 22],
  ['RNN', 22],
  ['Range', 99],
  ['Round', 22],
  ['Selu', 22],
  ['Sin', 22],
  ['Sinh', 22],
  ['Softplus', 22],
  ['Softsign', 22],
  ['Tan', 22],
  ['TopK', 24],
]);

/** Whether an operator's inputs of bfloat16 have to become float32 to be allowed. */
export function lacksBfloat16(
  type: string,
  opset: number,
  inputs: readonly (Value | undefined)[],
): boolean {
  return opset < (kSince[type] ?? 0) && inputs.some((x) => x?.dtype === 'bfloat16');
}
