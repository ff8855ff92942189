import { type DataOf, type DType, isNumeric, viewOf } from '../dtype.js';
import { EngineError } from '../errors.js';
import { NDArray, ndarray } from '../ndArray.js';

/** The rows that all inputs have in common: the length of their first axis. */
export function rowsOf(inputs: ReadonlyMap<string, NDArray>): number {
  let rows: number | undefined;
  for (const [name, { shape }] of inputs) {
    const [length] = shape;
    if (length === undefined) {
      throw new EngineError('INVALID_ARGUMENT', `Input '${name}' has no axis to take batches from`);
    }
    if (rows !== undefined && rows !== length) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `Input '${name}' has ${length} rows, but the others have ${rows}`,
      );
    }
    rows = length;
  }
  return rows ?? 0;
}

/** The rows from `start` to `end` of each input, as views. */
export function batchOf(
  inputs: ReadonlyMap<string, NDArray>,
  start: number,
  end: number,
): Map<string, NDArray> {
  const batch = new Map<string, NDArray>();
  for (const [name, array] of inputs) batch.set(name, array.slice([start, end]));
  return batch;
}

/** Joins the results of batches along their first axis. */
export function concatenate(name: string, parts: readonly NDArray[]): NDArray {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? ndarray([]);
  const inner = first.shape.slice(1);
  let total = 0;
  for (const { shape } of parts) {
    if (shape.length === 0 || shape.slice(1).join() !== inner.join()) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `Output '${name}' has the shapes [${first.shape.join(', ')}] and [${shape.join(', ')}] in ` +
          'different batches, which cannot be joined',
      );
    }
    total += shape[0]!;
  }
  const size = inner.reduce((a, b) => a * b, total);
  return new NDArray(joined(parts, size), [total, ...inner], first.dtype);
}

function joined(parts: readonly NDArray[], size: number): DataOf<DType> {
  const { dtype } = parts[0]!;
  if (dtype === 'variant') return parts.flatMap(({ data }) => data as DataOf<'variant'>);
  if (!isNumeric(dtype)) return parts.flatMap((part) => [...part.data].map(String));
  const bytes = Buffer.concat(
    parts.map(({ data }) => {
      if (!ArrayBuffer.isView(data)) return Buffer.alloc(0);
      return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    }),
  );
  return viewOf(dtype, bytes.buffer, bytes.byteOffset, size);
}
