import { sizeOf } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import { Unsupported } from '../context.js';
import type { Evaluator } from '../evaluator.js';
import { type GraphSpec, type TensorData, Value } from './value.js';

/** Larger constants are not looked at. */
export const kLargestKnown = 4096;

/** An op that cannot be exported, and why. */
export interface Problem {
  readonly node: string;
  readonly op: string;
  readonly why: string;
  /** The opset that would have it. */
  readonly opset?: number | undefined;
}

/** Something that a later opset can say. */
export class NeedsOpset extends Unsupported {
  readonly opset: number;

  constructor(opset: number, what: string) {
    super(`${what} needs opset ${opset}`);
    this.opset = opset;
  }
}

/** What all parts of one graph share while it is exported. */
export class ExportContext {
  readonly opset: number;
  readonly main: GraphSpec;
  readonly evaluator: Evaluator;
  /** Whether effects that nodes wait for may be left out. */
  readonly ignoresControls: boolean;
  readonly problems: Problem[] = [];
  readonly constants: Value[] = [];
  /** Handles of variables to their values. */
  readonly variables = new Map<Value, Value>();
  /** Operator sets besides the standard's own. */
  readonly domains = new Map<string, number>();
  readonly #evaluated = new Map<Tensor, readonly number[] | undefined>();
  readonly #shared = new Map<string, Value>();

  constructor(opset: number, main: GraphSpec, evaluator: Evaluator, ignoresControls: boolean) {
    this.opset = opset;
    this.main = main;
    this.evaluator = evaluator;
    this.ignoresControls = ignoresControls;
  }

  /** The numbers of a small tensor of the user's graph, if it depends on constants alone. */
  evaluated(tensor: Tensor, isFixed: boolean): readonly number[] | undefined {
    const { shape } = tensor;
    const dims = shape?.map((dim) => dim ?? 1);
    if (dims && sizeOf(dims) > kLargestKnown) return undefined;
    if (this.#evaluated.has(tensor)) return this.#evaluated.get(tensor);
    const values = isFixed ? this.evaluator.evaluate(tensor)?.values : undefined;
    this.#evaluated.set(tensor, values);
    return values;
  }

  /** A constant of the main graph, which all graphs inside see. */
  constant(data: TensorData, wish: string): Value {
    const value = new Value(data.dtype, data.shape, undefined, data);
    value.wish = wish;
    this.constants.push(value);
    return value;
  }

  /** A small constant that is one for all who need the same. */
  shared(data: TensorData, wish: string): Value {
    const content = 'strings' in data ? JSON.stringify(data.strings) : Buffer.from(data.bytes);
    const key = `${data.dtype} ${data.shape} ${content.toString('base64')}`;
    const known = this.#shared.get(key);
    if (known) return known;
    const value = this.constant(data, wish);
    this.#shared.set(key, value);
    return value;
  }
}
