import { constant } from '../../lib/constant.js';
import { type DType, isFloat } from '../../lib/dtype.js';
import { EngineError } from '../../lib/errors.js';
import { Graph } from '../../lib/graph.js';
import { NDArray } from '../../lib/ndArray.js';
import { addOp } from '../../lib/op.js';
import type { Operation } from '../../lib/operation.js';
import { placeholder } from '../../lib/placeholder.js';
import { Session } from '../../lib/session.js';
import type { Shape, StaticShape } from '../../lib/shape.js';
import type { Tensor } from '../../lib/tensor.js';
import type { Variable } from '../../lib/variable.js';
import { plain } from './configurations.js';
import { fraction } from './sample.js';
import { attrsText, valueText } from './written.js';

/** A tensor that later steps may use. */
export interface Entry {
  readonly tensor: Tensor;
  /** As the graph around it computed it once; null in branches and loops. */
  readonly value: NDArray | null;
}

export type Source = Tensor | NDArray;
export type OpInput = Source | readonly Source[] | null;

/** So much relative noise as the dtype's arithmetic may make, with Winograd's algorithm in mind. */
const noise: Partial<Record<DType, number>> = {
  float32: 2e-6,
  float64: 2e-15,
  float16: 2e-3,
  bfloat16: 1.6e-2,
};

const refusals = new Set(['INVALID_ARGUMENT', 'UNIMPLEMENTED', 'OUT_OF_RANGE', 'NOT_FOUND']);
const ownErrors = new Set(['INTERNAL', 'UNKNOWN', 'ABORTED', 'DATA_LOSS']);

/** Errors that say that inputs do not suit an op; all others are faults. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof EngineError) return !ownErrors.has(error.code);
  return error instanceof TypeError && refusals.has(String(Reflect.get(error, 'code') ?? ''));
}

/** After so many elements noise repeats: drawing it is slow. */
const kPeriod = 509;

/** What a step needs more memory for is refused: outer products of large tensors, say. */
const kLargest = 64 << 20;

/** A graph as it is made from a recipe, with what its tensors are worth and how it is written. */
export class Build {
  readonly graph: Graph;
  readonly feeds = new Map<Tensor, NDArray>();
  readonly variables: Variable[] = [];
  readonly operations: Operation[] = [];
  /** What is fetched in any case. */
  readonly wanted: Tensor[] = [];
  /** As lines of TypeScript. */
  readonly lines: string[] = [];
  /** Of the branch or loop that is being built, and what is around it. */
  pool: Entry[] = [];
  readonly #names = new Map<unknown, string>();
  readonly #oracle: Session;
  /** Other noise for other numbers; undefined: none. */
  readonly #noise: number | undefined;
  #inside = 0;
  #made = 0;

  constructor(noiseNumber?: number) {
    this.#noise = noiseNumber;
    this.graph = new Graph({ defaultSession: false, seed: 17 });
    // Noise takes some itself.
    const memoryLimit = noiseNumber === undefined ? kLargest : 4 * kLargest;
    this.#oracle = new Session(this.graph, { ...plain, memoryLimit });
  }

  /** The kinds of ops in it. */
  get types(): readonly string[] {
    return this.graph.operations.map(({ type }) => type);
  }

  get inside(): boolean {
    return this.#inside > 0;
  }

  close(): void {
    this.#oracle[Symbol.dispose]();
  }

  line(text: string): void {
    this.lines.push(`${'  '.repeat(this.#inside)}${text}`);
  }

  /** A new name for what an expression gives. */
  named(thing: object, expression: string, prefix = 't'): void {
    const name = `${prefix}${this.#made++}`;
    this.#names.set(thing, name);
    this.line(`const ${name} = ${expression};`);
  }

  call(thing: object, name: string): void {
    this.#names.set(thing, name);
  }

  text(input: unknown): string {
    if (input === null) return 'null';
    const known = this.#names.get(input);
    if (known !== undefined) return known;
    if (Array.isArray(input)) return `[${input.map((item) => this.text(item)).join(', ')}]`;
    return input instanceof NDArray ? valueText(input) : String(input);
  }

  /** What `make` gives; undefined when the engine refuses its arguments. */
  attempt<R>(make: () => R): R | undefined {
    const [lines, pool] = [this.lines.length, this.pool.length];
    const inside = this.#inside;
    try {
      return make();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.lines.length = lines;
      this.pool.length = pool;
      this.#inside = inside;
      return undefined;
    }
  }

  /** Adds an op; its outputs go to the pool. */
  op(
    type: string,
    inputs: readonly OpInput[],
    attrs: Readonly<Record<string, unknown>> = {},
    controls: readonly Operation[] = [],
  ): Operation | undefined {
    return this.attempt(() => {
      const operands = inputs.map((input) => this.#operand(input));
      const op = addOp(type, operands, attrs, { controlInputs: controls });
      const before =
        controls.length === 0 ? '' : `, { controlInputs: [${controls.map((c) => this.text(c))}] }`;
      const given = before === '' && attrsText(attrs) === '{}' ? '' : `, ${attrsText(attrs)}`;
      this.named(op, `addOp('${type}', ${this.text(inputs)}${given}${before})`);
      for (const [i, tensor] of op.outputs.entries()) {
        this.call(tensor, `${this.text(op)}.outputs[${i}]`);
      }
      this.add(op, op.outputs);
      return op;
    });
  }

  /** The only output of an op, with noise when there is to be some. */
  one(
    type: string,
    inputs: readonly OpInput[],
    attrs: Readonly<Record<string, unknown>> = {},
  ): Tensor {
    const op = this.op(type, inputs, attrs);
    const last = this.pool.at(-1);
    if (!op || !last) throw new EngineError('INVALID_ARGUMENT', `${type} does not fit`);
    return last.tensor;
  }

  #operand(input: OpInput): unknown {
    if (input === null) return null;
    if (input instanceof NDArray) return this.constant(input);
    return Array.isArray(input) ? input.map((item) => this.#operand(item)) : input;
  }

  constant(value: NDArray): Tensor {
    return this.#noisy(constant(value, { dtype: value.dtype }), value);
  }

  feed(value: NDArray, shape: StaticShape): Tensor {
    const fed = placeholder(value.dtype, shape);
    this.feeds.set(fed, value);
    this.named(fed, `placeholder('${value.dtype}', ${JSON.stringify(shape)})`, 'x');
    this.line(`feeds.set(${this.text(fed)}, ${valueText(value)});`);
    return this.add(null, [fed])[0] ?? fed;
  }

  /** Puts tensors into the pool, unless they cannot be computed with these feeds. */
  add(op: Operation | null, tensors: readonly Tensor[]): Tensor[] {
    const values = this.#evaluate(op, tensors);
    const added = tensors.map((tensor, i) => {
      const value = values[i] ?? null;
      const own = this.#noisy(tensor, value);
      if (own !== tensor) this.call(own, this.text(tensor));
      return { tensor: own, value };
    });
    if (op) this.operations.push(op);
    this.pool.push(...added.filter(({ tensor }) => tensor.dtype !== 'resource'));
    return added.map(({ tensor }) => tensor);
  }

  /** What tensors are worth with these feeds; raises what running raises. */
  #evaluate(op: Operation | null, tensors: readonly Tensor[]): readonly (NDArray | null)[] {
    if (this.inside) return [];
    const fetched = tensors.filter(({ dtype }) => dtype !== 'resource' && dtype !== 'variant');
    const { feeds } = this;
    if (fetched.length === 0 && op) this.#oracle.runSync(op, { feeds });
    const values = this.#oracle.runSync(fetched, { feeds });
    return tensors.map((tensor) => values[fetched.indexOf(tensor)] ?? null);
  }

  /** Runs an operation in the session that tells what tensors are worth. */
  run(op: Operation): void {
    this.#oracle.runSync(op, { feeds: this.feeds });
  }

  #noisy(tensor: Tensor, value: NDArray | null): Tensor {
    const size = noise[tensor.dtype];
    if (this.#noise === undefined || size === undefined || !isFloat(tensor.dtype)) return tensor;
    // Runs with other sizes of feeds have noise too: one factor along dims that they choose.
    const shape: Shape = value ? (tensor.shape ?? []).map((dim) => dim ?? 1) : [];
    const count = shape.reduce((a, b) => a * b, 1);
    const salt = this.#noise * 1000 + this.#made;
    const few = Math.min(count, kPeriod);
    const some = Float64Array.from(
      { length: few },
      (_, i) => 1 + size * (2 * fraction(i, salt) - 1),
    );
    const factors = Float64Array.from({ length: count }, (_, i) => some[i % kPeriod] ?? 1);
    const factor = constant(factors, { dtype: 'float64', shape });
    const cast = addOp('Cast', [factor], { DstT: tensor.dtype }).outputs;
    const [product] = addOp('Mul', [tensor, ...cast]).outputs;
    return product ?? tensor;
  }

  /** Builds what belongs to a branch or loop: it sees the pool and adds to one of its own. */
  within<R>(build: () => R): R {
    const around = this.pool;
    this.pool = [...around];
    this.#inside += 1;
    try {
      return build();
    } finally {
      this.#inside -= 1;
      this.pool = around;
    }
  }
}
