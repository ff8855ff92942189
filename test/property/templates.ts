import { native, type OpDescription } from '../../lib/binding.js';
import { type DType, isNarrow } from '../../lib/dtype.js';
import { sizeOf } from '../../lib/shape.js';
import { isUntested, isValueCase, type ValueCase } from '../ops/case.js';
import { cases } from '../ops/cases/index.js';
import { allowedDTypes, type Instance, instanceOf } from '../ops/instances.js';

/** An op with inputs for which its table says what comes out. */
export interface Template {
  readonly op: OpDescription;
  readonly row: ValueCase;
  readonly instance: Instance;
}

interface Entry {
  readonly op: OpDescription;
  readonly rows: readonly ValueCase[];
  readonly dtypes: readonly (DType | null)[];
}

/** Larger rows are there for kernels, and take time here. */
const kLargest = 800;

function sizeOfInstance({ inputs }: Instance): number {
  const arrays = inputs.flat().filter((input) => input !== null);
  return Math.max(0, ...arrays.map(({ shape }) => sizeOf(shape)));
}

const entries: readonly Entry[] = native.listOps().flatMap((op): Entry[] => {
  const table = Object.entries(cases).find(([name]) => name === op.name)?.[1];
  if (table === undefined || isUntested(table)) return [];
  const rows = table.filter(isValueCase);
  const allowed = allowedDTypes(op);
  const own = rows.flatMap(({ dtypes }) => dtypes ?? []);
  const dtypes = [...new Set([...allowed, ...own])].filter((dtype) => !isNarrow(dtype));
  return rows.length === 0 ? [] : [{ op, rows, dtypes: dtypes.length === 0 ? [null] : dtypes }];
});

const known = new Map<string, readonly Template[]>();

function templatesOf({ op, rows }: Entry, dtype: DType | null): readonly Template[] {
  const key = `${op.name} ${dtype}`;
  let found = known.get(key);
  if (!found) {
    const serving = rows.filter(({ dtypes }) => !dtypes || !dtype || dtypes.includes(dtype));
    found = serving.flatMap((row) => {
      const instance = instanceOf(op, row, dtype);
      return instance && sizeOfInstance(instance) <= kLargest ? [{ op, row, instance }] : [];
    });
    known.set(key, found);
  }
  return found;
}

interface Chooser {
  of<T>(list: readonly T[]): T | undefined;
}

const takers = new Map<DType, readonly Entry[]>();

/** A row of any op. */
export function anyTemplate(choose: Chooser): Template | undefined {
  const entry = choose.of(entries);
  if (!entry) return undefined;
  const dtype = choose.of(entry.dtypes) ?? null;
  return choose.of(templatesOf(entry, dtype));
}

/** A row of an op that reads the dtype. */
export function templateFor(dtype: DType, choose: Chooser): Template | undefined {
  let list = takers.get(dtype);
  if (!list) {
    list = entries.filter((entry) => entry.dtypes.includes(dtype) && entry.op.inputs.length > 0);
    takers.set(dtype, list);
  }
  const entry = choose.of(list);
  return entry && choose.of(templatesOf(entry, dtype));
}
