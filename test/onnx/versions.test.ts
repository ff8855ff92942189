import type { DataOf } from '../../lib/dtype.js';
import { NDArray, ndarray } from '../../lib/ndArray.js';
import { dtypeOfDataType } from '../../lib/onnx/dataTypes.js';
import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import type { Values } from '../../lib/value.js';
import { type Given, modelOf, outputCount, type VersionCase } from './versions/case.js';
import { versionCases } from './versions/index.js';

function arrayOf({ type, shape, data }: Given): NDArray {
  const dtype = dtypeOfDataType(type)!;
  if (dtype === 'string') return ndarray(data.map(String), { shape: [...shape], dtype });
  const isWide = dtype === 'int64' || dtype === 'uint64';
  const numbers = data.map((value) => (isWide ? BigInt(value) : Number(value)));
  return ndarray(numbers, { shape: [...shape], dtype });
}

/** A value as it is fed; a map as the list of its keys and values. */
function fedOf(given: Given): Values {
  return given.keys ? [arrayOf(given.keys), arrayOf(given)] : arrayOf(given);
}

function run(one: VersionCase, version: number, free = false): NDArray[] {
  const model = loadSync(modelOf(one, version, outputCount(one), free));
  using session = new Session(model.graph);
  const feeds = one.inputs.flatMap((input, i) => {
    const tensor = model.inputs[`i${i}`];
    return input && tensor ? [[tensor, fedOf(input)] as const] : [];
  });
  return session.runSync(Object.values(model.outputs), { feeds });
}

/** Nested lists; lists of values become lists of theirs, and a map those of its keys and values. */
function plain(array: NDArray): unknown {
  if (array.dtype === 'float16') {
    return new NDArray(array.toFloat32(), array.shape, 'float32').toArray();
  }
  if (array.dtype !== 'variant') return array.toArray();
  const lists = (array.data as DataOf<'variant'>).map((list) =>
    list?.map(({ data, shape, dtype }) => plain(new NDArray(data, shape, dtype))),
  );
  return array.shape.length === 0 ? lists[0] : lists;
}

/** Nested lists as numbers, to be compared within a tolerance. */
function expectNear(actual: unknown, expected: unknown): void {
  if (Array.isArray(expected)) {
    expect(actual).toHaveLength(expected.length);
    const list: readonly unknown[] = Array.isArray(actual) ? actual : [];
    for (const [i, value] of expected.entries()) expectNear(list[i], value);
  } else if (typeof expected === 'string') expect(actual).toBe(expected);
  else expect(Number(actual)).toBeCloseTo(Number(expected), 4);
}

function isShape(value: unknown): value is { readonly shape: readonly number[] } {
  return typeof value === 'object' && value !== null && 'shape' in value;
}

const rows = versionCases.flatMap((one) =>
  one.versions.map((version) => [`${one.domain ?? ''}${one.op}`, version, one] as const),
);

test.each(rows)('%s of opset %i', (_, version, one) => {
  const results = run(one, version);
  if (typeof one.outputs === 'number') {
    const reference = run(
      { ...one, attributes: one.reference ?? one.attributes ?? {} },
      one.outputs,
    );
    for (const [i, result] of results.entries()) {
      expectNear(plain(result), reference[i] && plain(reference[i]));
    }
    return;
  }
  for (const [i, expected] of one.outputs.entries()) {
    if (isShape(expected)) expect(results[i]?.shape).toEqual(expected.shape);
    else expectNear(plain(results[i]!), expected);
  }
});

/** What needs to know dims to be imported at all. */
const needs: Readonly<Record<string, string>> = {
  Scan: 'the batch, which opset 8 walks row by row',
};
const isFree = (one: VersionCase, version: number) =>
  version === one.versions.at(-1) && !(one.op in needs && (one.op !== 'Scan' || version === 8));
const free = rows.filter(([, version, one]) => isFree(one, version));

test.each(free)('%s of opset %i, with dims that only the run knows', (_, version, one) => {
  const [known, unknown] = [run(one, version), run(one, version, true)];
  expect(unknown.map(({ shape }) => shape)).toEqual(known.map(({ shape }) => shape));
  if (typeof one.outputs !== 'number' && one.outputs.some(isShape)) return;
  for (const [i, value] of known.entries()) expectNear(plain(unknown[i]!), plain(value));
});
