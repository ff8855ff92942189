import type { OpDescription } from '../../lib/binding.js';
import { type DType, isFloat } from '../../lib/dtype.js';
import { NDArray } from '../../lib/ndArray.js';
import { type Shape, type StaticShape, sizeOf } from '../../lib/shape.js';
import { type Cases, isUntested, isValueCase, type ValueCase } from './case.js';
import {
  comparable,
  expectSame,
  filled,
  plain,
  plainOf,
  specials,
  valuesOf,
} from './edgeValues.js';
import {
  allowedDTypes,
  type Instance,
  instanceOf,
  mainTypeAttr,
  preciseDType,
} from './instances.js';
import { attempt, broadcasts, outputsOf } from './runRow.js';

// Edge cases that follow from a row without being written down: the op on size 0, on rank 0, with
// broadcast inputs, with NaN and infinity, and on each dtype, compared with the same op on inputs
// that other rows vouch for. An op that does not take such inputs must refuse them by an error.

export type Kind = 'ordinary' | 'size 0' | 'rank 0' | 'broadcast' | 'NaN or infinity';

/** Undefined when the op does what it should, else why it refuses; throws when it is wrong. */
export type Check = () => string | undefined;

export interface Edge {
  readonly kind: Kind;
  readonly dtype: DType;
  readonly check: Check;
}

/** One op with the row that its edges are made from. */
class EdgeMaker {
  readonly #op: OpDescription;
  readonly #row: ValueCase;
  readonly #dtypes: readonly DType[];

  constructor(op: OpDescription, row: ValueCase) {
    this.#op = op;
    this.#row = row;
    this.#dtypes = allowedDTypes(op);
  }

  /** The row with other values for the inputs that go by the main type attr. */
  #changed(dtype: DType, change: (value: NDArray, i: number) => NDArray): Instance | null {
    const instance =
      instanceOf(this.#op, this.#row, dtype) ?? this.#converted(dtype, this.#dtypeOfRow());
    if (!instance) return null;
    const main = mainTypeAttr(this.#op);
    const inputs = instance.inputs.map((input, i) => {
      if (input === null || this.#op.inputs[i]!.typeAttr !== main) return input;
      return input instanceof NDArray ? change(input, i) : input.map((item) => change(item, i));
    });
    return { dtype, inputs };
  }

  #dtypeOfRow(): DType | undefined {
    const held = (dtype: DType) => instanceOf(this.#op, this.#row, dtype) !== null;
    return (this.#row.dtypes ?? this.#dtypes).find(held);
  }

  /** The row's shapes with plain values, for a dtype that cannot hold the row's own. */
  #converted(dtype: DType, from: DType | undefined): Instance | null {
    const instance = from && instanceOf(this.#op, this.#row, from);
    if (!instance || this.#row.inputs.some((input) => input instanceof NDArray)) return null;
    const main = mainTypeAttr(this.#op);
    const to = (value: NDArray) => filled(value.shape, dtype, plainOf(dtype), 0);
    const inputs = instance.inputs.map((input, i) => {
      if (input === null || this.#op.inputs[i]!.typeAttr !== main) return input;
      return input instanceof NDArray ? to(input) : input.map(to);
    });
    return { dtype, inputs };
  }

  #run(instance: Instance, shapeOf?: (value: NDArray) => StaticShape) {
    return attempt(() => outputsOf(this.#op, this.#row, instance, shapeOf));
  }

  /** Unless a is refused, the outputs must agree that are to be compared. */
  #compare(
    a: Instance,
    b: Instance,
    follows: (a: NDArray, b: NDArray) => boolean = () => true,
  ): string | undefined {
    const got = this.#run(a);
    if ('refused' in got) return got.refused;
    const wanted = this.#run(b);
    if ('refused' in wanted) return undefined;
    const pairs = got.done.map((x, i) => [x, wanted.done[i]!] as const);
    const alike = pairs.filter(([x, y]) => follows(x, y));
    expectSame(
      alike.map(([x]) => x),
      alike.map(([, y]) => y),
      [a.dtype!, b.dtype!],
    );
    return undefined;
  }

  /** The row with inputs of the first one's shape emptied. */
  emptied(dtype: DType): Instance | null {
    const first = this.#row.inputs.length === 0 ? null : this.#firstShape(dtype);
    if (first === null) return null;
    return this.#changed(dtype, (value) => {
      const same = value.shape.join() === first.join();
      if (!same && value.shape.length > 0) return value;
      return filled([0, ...value.shape.slice(1)], dtype, plain, 0);
    });
  }

  /** The row with one element in each input; rows of size 0 stay that. */
  narrowed(dtype: DType): Instance | null {
    if (this.#row.shapes) return null;
    return this.#changed(dtype, (value) => {
      const [first] = Array.from(value, Number);
      return first === undefined
        ? value
        : filled(
            value.shape.map(() => 1),
            dtype,
            [first],
            0,
          );
    });
  }

  /** [2, 1] with [1, 3]. */
  spread(dtype: DType): Instance | null {
    if (!this.#broadcasts(dtype)) return null;
    const of = (shape: Shape, values: readonly number[]) => filled(shape, dtype, values, 0);
    return { dtype, inputs: [of([2, 1], [1.7, 0.3]), of([1, 3], [0.45, 1.55, 0.62])] };
  }

  /** Size 0: known and unknown shapes give the same shapes, and nothing is read. */
  #sizeZero(dtype: DType): Edge | null {
    const instance = this.emptied(dtype);
    if (!instance) return null;
    const check = () => {
      const known = this.#run(instance, (value) => value.shape);
      const unknown = this.#run(instance);
      if ('refused' in known) return known.refused;
      if ('refused' in unknown) throw new Error(`only with unknown shapes: ${unknown.refused}`);
      expectSame(unknown.done, known.done, [dtype]);
      for (const [i, { shape }] of known.done.entries()) {
        if (shape.join() === unknown.done[i]!.shape.join()) continue;
        throw new Error(`output ${i}: [${shape}] or [${unknown.done[i]!.shape}]`);
      }
      return undefined;
    };
    return { kind: 'size 0', dtype, check };
  }

  #firstShape(dtype: DType): Shape | null {
    let shape: Shape | null = null;
    this.#changed(dtype, (value) => {
      shape ??= value.shape;
      return value;
    });
    return shape;
  }

  /** Rank 0 does what a dim of 1 does. */
  #rankZero(dtype: DType): Edge | null {
    const shaped = (shape: Shape) =>
      this.#changed(dtype, (value, i) => filled(shape, dtype, valuesOf(value, plain), i));
    const [scalar, one] = [shaped([]), shaped([1])];
    if (!scalar || !one) return null;
    const follows = (a: NDArray, b: NDArray) =>
      !this.#row.showsRank && a.shape.length + 1 === b.shape.length;
    const check = () => this.#compare(scalar, one, follows);
    return { kind: 'rank 0', dtype, check };
  }

  /** [2, 1] with [1, 3] does what [2, 3] with the values repeated does. */
  #broadcast(dtype: DType): Edge | null {
    if (!this.#broadcasts(dtype)) return null;
    const of = (shape: Shape, values: readonly number[]) => filled(shape, dtype, values, 0);
    const small = [of([2, 1], [3, 1]), of([1, 3], [1, 2, 1])];
    const large = [of([2, 3], [3, 3, 3, 1, 1, 1]), of([2, 3], [1, 2, 1, 1, 2, 1])];
    const [a, b] = [
      { dtype, inputs: small },
      { dtype, inputs: large },
    ];
    return { kind: 'broadcast', dtype, check: () => this.#compare(a, b) };
  }

  #broadcasts(dtype: DType): boolean {
    const op = this.#op;
    const main = mainTypeAttr(op);
    const alike = op.inputs.every((arg) => arg.typeAttr === main && arg.numberAttr === '');
    return op.inputs.length === 2 && alike && broadcasts(op, this.#row, dtype);
  }

  /** The same values in another dtype give the same, as far as both can hold it. */
  #values(kind: Kind, dtype: DType, numbers: readonly number[] = plainOf(dtype)): Edge | null {
    if (this.#row.showsDType) return null;
    const other = this.#dtypes.find((d) => d !== dtype && comparable(d, dtype));
    const of = (d: DType) => this.#changed(d, (value, i) => filled(value.shape, d, numbers, i));
    const a = of(dtype);
    const b = other && of(other);
    if (!a || !b) return null;
    return { kind, dtype, check: () => this.#compare(a, b) };
  }

  edges(): Edge[] {
    return this.#dtypes.flatMap((dtype) => {
      const found = [
        this.#values('ordinary', dtype),
        this.#sizeZero(dtype),
        this.#rankZero(dtype),
        this.#broadcast(dtype),
        isFloat(dtype) ? this.#values('NaN or infinity', dtype, specials) : null,
      ];
      return found.filter((edge) => edge !== null);
    });
  }
}

const maker = (op: OpDescription, row: ValueCase) =>
  [new EdgeMaker(op, row), preciseDType(op, row)] as const;

/** Other shapes for the inputs of a row, for its gradient; null where there are none. */
export const reshaped = {
  'gradient on size 0': (op: OpDescription, row: ValueCase) => {
    const [edges, dtype] = maker(op, row);
    return edges.emptied(dtype);
  },
  'gradient on size 1': (op: OpDescription, row: ValueCase) => {
    const [edges, dtype] = maker(op, row);
    return ofDistributions.includes(op.name) ? null : edges.narrowed(dtype);
  },
  broadcast: (op: OpDescription, row: ValueCase) => {
    const [edges, dtype] = maker(op, row);
    return edges.spread(dtype);
  },
} as const;

/** Their gradient holds for labels that sum to 1, which those of a single class need not. */
const ofDistributions = ['SoftmaxCrossEntropyWithLogits'];

function sizeOfRow(op: OpDescription, row: ValueCase): number {
  const instance = instanceOf(op, row, (row.dtypes ?? allowedDTypes(op))[0] ?? null);
  const inputs = instance?.inputs.flat().filter((input) => input !== null) ?? [];
  return Math.max(0, ...inputs.map(({ shape }) => sizeOf(shape)));
}

/** The edges of an op: one of a kind and dtype, from the row with the largest inputs that has it. */
export function edgesOf(op: OpDescription, rows: Cases): Edge[] {
  if (isUntested(rows) || op.stateful || mainTypeAttr(op) === undefined) return [];
  const found = new Map<string, Edge>();
  const sized = rows.filter(isValueCase).map((row) => ({ row, size: sizeOfRow(op, row) }));
  for (const { row } of sized.filter(({ size }) => size < 5000).sort((a, b) => b.size - a.size)) {
    for (const edge of new EdgeMaker(op, row).edges()) {
      const key = `${edge.kind} ${edge.dtype}`;
      if (!found.has(key)) found.set(key, edge);
    }
  }
  return [...found.values()];
}
