import { type ArgDescription, native, type OpDescription } from '../../lib/binding.js';
import { toValue } from '../../lib/convert.js';
import {
  type DType,
  dtypeFromCode,
  isComplex,
  isDType,
  isFloat,
  isInteger,
  isNarrow,
} from '../../lib/dtype.js';
import { NDArray } from '../../lib/ndArray.js';
import { placeholder } from '../../lib/placeholder.js';
import type { Shape, StaticShape } from '../../lib/shape.js';
import type { Tensor } from '../../lib/tensor.js';
import { isValue, type Values } from '../../lib/value.js';
import type { ErrorCase, Input, ValueCase } from './case.js';

/** A row of the table for one dtype: the values that its inputs are fed. */
export interface Instance {
  readonly dtype: DType | null;
  readonly inputs: readonly (NDArray | readonly NDArray[] | null)[];
}

/**
 * The type attr that a row runs through: of those that inputs, else outputs, go by the one that
 * allows the most dtypes, since that of indices and shapes allows few.
 */
export function mainTypeAttr(op: OpDescription): string | undefined {
  const named = (args: readonly ArgDescription[]) =>
    args.map(({ typeAttr }) => typeAttr).filter((name) => name !== '');
  const count = (name: string) => op.attrs.find((attr) => attr.name === name)?.dtypes.length ?? 0;
  const ofInputs = named(op.inputs);
  const candidates = ofInputs.length > 0 ? ofInputs : named(op.outputs).slice(0, 1);
  return candidates.reduce<string | undefined>(
    (best, name) => (best === undefined || count(name) > count(best) ? name : best),
    undefined,
  );
}

export function allowedDTypes(op: OpDescription): readonly DType[] {
  const attr = op.attrs.find(({ name }) => name === mainTypeAttr(op));
  const allowed = attr?.dtypes.map(dtypeFromCode) ?? [];
  // Narrow dtypes and variants have rows that name them; ops that move bytes treat all of one size
  // alike.
  return allowed.filter((dtype) => dtype !== 'resource' && dtype !== 'variant' && !isNarrow(dtype));
}

function isList(input: Input): input is { readonly list: readonly Values[] } {
  return typeof input === 'object' && input !== null && 'list' in input;
}

/** The dtype of input i when the main attr is `dtype`. */
export function dtypeOfInput(
  op: OpDescription,
  i: number,
  row: { readonly types?: Readonly<Record<string, DType>> },
  dtype: DType | null,
): DType {
  const arg = op.inputs[i]!;
  if (arg.dtype) return dtypeFromCode(arg.dtype);
  const chosen = row.types?.[arg.typeAttr];
  if (chosen) return chosen;
  if (arg.typeAttr === mainTypeAttr(op) && dtype) return dtype;
  const attr = op.attrs.find(({ name }) => name === arg.typeAttr);
  if (isDType(attr?.defaultValue)) return attr.defaultValue;
  const allowed = attr?.dtypes.map(dtypeFromCode) ?? [];
  return allowed.find((d) => d === 'int32') ?? allowed[0] ?? 'float32';
}

function feedOf(value: Values, dtype: DType, shape: StaticShape | undefined): NDArray {
  if (isValue(value)) return new NDArray<DType>(value.data, value.shape, value.dtype);
  const { data, shape: own } = toValue(value, dtype, 'input');
  return new NDArray<DType>(data, shape ? shape.map((dim) => dim ?? 0) : own, dtype);
}

/** The row for one dtype, null when the dtype cannot hold its values. */
export function instanceOf(
  op: OpDescription,
  row: ValueCase | ErrorCase,
  dtype: DType | null,
): Instance | null {
  const shapes = 'shapes' in row ? row.shapes?.inputs : undefined;
  try {
    const inputs = row.inputs.map((input, i) => {
      if (input === null) return null;
      const own = dtypeOfInput(op, i, row, dtype);
      if (isList(input)) return input.list.map((value) => feedOf(value, own, undefined));
      return feedOf(input, own, shapes?.[i]);
    });
    if ('outputs' in row && dtype && isInteger(dtype) && !fitsOutputs(op, row, dtype)) return null;
    return { dtype, inputs };
  } catch {
    return null;
  }
}

function fitsOutputs(op: OpDescription, row: ValueCase, dtype: DType): boolean {
  return row.outputs.every((output, i) => {
    const arg = op.outputs[i];
    if (output === null || arg?.typeAttr !== mainTypeAttr(op)) return true;
    try {
      toValue(output, dtype, 'output');
      return true;
    } catch {
      return false;
    }
  });
}

/** The dtype that differences are taken in: float64 where the op and the row allow it. */
export function preciseDType(op: OpDescription, row: ValueCase): DType {
  const allowed = row.dtypes ?? allowedDTypes(op);
  return allowed.includes('float64') ? 'float64' : 'float32';
}

/** Whether the row checks the gradient by input i, counted among all tensors given. */
export function isDifferentiated(row: ValueCase, dtype: DType, i: number): boolean {
  return isFloat(dtype) && (!Array.isArray(row.gradient) || row.gradient.includes(i));
}

export function differentiatedShapes(op: OpDescription, row: ValueCase): Shape[] {
  const instance = instanceOf(op, row, preciseDType(op, row));
  const inputs = instance?.inputs.flat().filter((input) => input !== null) ?? [];
  return inputs.filter(({ dtype }, i) => isDifferentiated(row, dtype, i)).map(({ shape }) => shape);
}

/** The row for every dtype that it serves. Those that it names itself must all serve. */
export function instancesOf(op: OpDescription, row: ValueCase | ErrorCase): Instance[] {
  const allowed = row.dtypes ?? allowedDTypes(op);
  if (allowed.length === 0) {
    const only = instanceOf(op, row, null);
    if (!only) throw new Error(`${op.name}: the values of a row do not fit`);
    return [only];
  }
  const found = allowed.map((dtype) => instanceOf(op, row, dtype));
  if (row.dtypes && found.includes(null)) {
    throw new Error(`${op.name}: no ${row.dtypes[found.indexOf(null)]} holds the values of a row`);
  }
  const instances = found.filter((instance) => instance !== null);
  if (instances.length === 0) throw new Error(`${op.name}: no dtype holds the values of a row`);
  return instances;
}

/** Placeholders for the inputs, and what to feed them. */
export function feedsOf(
  instance: Instance,
  shapeOf: (value: NDArray) => StaticShape,
): { readonly operands: unknown[]; readonly feeds: Map<Tensor, NDArray> } {
  const feeds = new Map<Tensor, NDArray>();
  const fed = (value: NDArray): Tensor => {
    const tensor = placeholder(value.dtype, shapeOf(value));
    feeds.set(tensor, value);
    return tensor;
  };
  const operands = instance.inputs.map((input) => {
    if (input === null) return null;
    return input instanceof NDArray ? fed(input) : input.map(fed);
  });
  return { operands, feeds };
}

/** The row's attrs, and the main dtype where no input says it. */
export function attrsOf(
  op: OpDescription,
  row: { readonly attrs?: Readonly<Record<string, unknown>>; readonly types?: object },
  dtype: DType | null,
): Record<string, unknown> {
  const main = mainTypeAttr(op);
  const byInput = op.inputs.some(({ typeAttr }) => typeAttr === main);
  const own = main && dtype && !byInput ? { [main]: dtype } : {};
  return { ...own, ...row.types, ...row.attrs };
}

const tolerances: Partial<Record<DType, number>> = {
  float32: 1e-5,
  float64: 1e-12,
  float16: 4e-3,
  bfloat16: 3e-2,
  complex64: 1e-5,
  complex128: 1e-12,
};

/** Why the result is not as expected, or undefined. */
export function difference(
  result: NDArray,
  expected: Values,
  shape: StaticShape | undefined,
  tolerance: number,
): string | undefined {
  const { dtype } = result;
  const wide = isComplex(dtype) ? 'complex128' : isFloat(dtype) ? 'float64' : dtype;
  if (isNarrow(dtype) && isValue(expected)) return sameBits(result, expected);
  const { data, shape: own } = toValue(expected, wide, 'expected');
  const wanted = new NDArray<DType>(data, shape ? shape.map((dim) => dim ?? 0) : own, wide);
  const t = (tolerances[dtype] ?? 0) * tolerance;
  if (result.allClose(wanted, { rtol: t, atol: t, equalNaN: true })) return undefined;
  return `expected ${wanted}\nreceived ${result}`;
}

function sameBits(result: NDArray, expected: { readonly data: unknown }): string | undefined {
  const [bits, wanted] = [String(result.data), String(expected.data)];
  return bits === wanted ? undefined : `expected bits ${wanted}\nreceived ${bits}`;
}

export function describeOp(name: string): OpDescription {
  return native.describeOp(name);
}
