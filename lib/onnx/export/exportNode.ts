import { type GraphHandle, native } from '../../binding.js';
import { toValue } from '../../convert.js';
import { type DType, dtypeFromCode, isDType } from '../../dtype.js';
import type { StaticShape } from '../../shape.js';
import type { Values } from '../../value.js';
import { Unsupported } from '../context.js';
import { dataTypeNumber } from '../dataTypes.js';
import { NeedsOpset } from './context.js';
import type { Exporter } from './exporter.js';
import { lacksBfloat16 } from './halves.js';
import { type Attributes, type Contents, type GraphSpec, type TensorData, Value } from './value.js';

export interface Made {
  /** Default: that of the first input. */
  readonly dtype?: DType | undefined;
  readonly shape?: StaticShape | undefined;
  readonly domain?: string | undefined;
  readonly contents?: Contents | undefined;
}

/** One node of the graph as its entry in the export table sees it. */
export class ExportNode {
  readonly exporter: Exporter;
  readonly id: number;
  readonly type: string;
  readonly name: string;
  /** Undefined: an optional input that is left out, or one that could not be exported. */
  readonly inputs: readonly (Value | undefined)[];

  /** The graph that its nodes go to. */
  readonly #spec: GraphSpec;

  constructor(
    exporter: Exporter,
    id: number,
    inputs: readonly (Value | undefined)[],
    spec: GraphSpec = exporter.spec,
  ) {
    const [type, name] = native.describeNode(exporter.handle, id);
    this.exporter = exporter;
    this.id = id;
    this.type = type;
    this.name = exporter.prefix + name;
    this.inputs = inputs;
    this.#spec = spec;
  }

  /** The same node, adding to a graph inside. */
  at(spec: GraphSpec): ExportNode {
    return new ExportNode(this.exporter, this.id, this.inputs, spec);
  }

  get opset(): number {
    return this.exporter.context.opset;
  }

  /** The first input. */
  get x(): Value {
    return this.input(0);
  }

  input(index: number): Value {
    return this.inputs[index] ?? this.unsupported(`input ${index} being left out`);
  }

  /** All inputs, of an op that has no optional ones. */
  get all(): readonly Value[] {
    return this.inputs.map((_, index) => this.input(index));
  }

  /** The numbers of an input that does not depend on what is fed. */
  known(index: number): readonly number[] | undefined {
    return this.exporter.known(this.id, index);
  }

  need(index: number, what: string): readonly number[] {
    return this.known(index) ?? this.unsupported(`${what} that only a run knows`);
  }

  get outputs(): readonly DType[] {
    const [, , ...codes] = native.describeNode(this.exporter.handle, this.id);
    return codes.map(dtypeFromCode);
  }

  outputShape(index = 0): StaticShape {
    return native.outputShape(this.exporter.handle, this.id, index);
  }

  /** Dims of an input, or an error when its rank is not known. */
  dims(index = 0): readonly (number | null)[] {
    return this.input(index).shape ?? this.unsupported('an input of unknown rank');
  }

  rank(index = 0): number {
    return this.dims(index).length;
  }

  /** A possibly negative axis as one from 0 on. */
  axis(axis: number, rank?: number): number {
    return axis < 0 ? axis + (rank ?? this.rank()) : axis;
  }

  /** An attr, or its default; undefined when there is neither. */
  attr(name: string): unknown {
    const { handle } = this.exporter;
    const given = native.nodeAttr(handle, this.id, name);
    if (given !== undefined) return given;
    return native.describeOp(this.type).attrs.find((attr) => attr.name === name)?.defaultValue;
  }

  int(name: string): number {
    return Number(this.attr(name));
  }

  ints(name: string): readonly number[] {
    const list = this.attr(name);
    return Array.isArray(list) ? list.map(Number) : [];
  }

  flag(name: string): boolean {
    return this.attr(name) === true;
  }

  text(name: string): string {
    return String(this.attr(name) ?? '');
  }

  texts(name: string): readonly string[] {
    const list = this.attr(name);
    return Array.isArray(list) ? list.map(String) : [];
  }

  dtype(name: string): DType {
    const dtype = this.attr(name);
    return isDType(dtype) ? dtype : this.unsupported(`no dtype ${name}`);
  }

  graph(name: string): GraphHandle {
    return this.exporter.subgraph(this.id, name);
  }

  /** Adds a node with one output. */
  op(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes = {},
    made: Made = {},
  ): Value {
    return this.ops(type, inputs, attributes, [made])[0]!;
  }

  /** Adds a node; `made` has an entry for each of its outputs. */
  ops(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    made: readonly Made[],
  ): readonly Value[] {
    if (lacksBfloat16(type, this.opset, inputs))
      return this.#asFloats(type, inputs, attributes, made);
    const given = inputs.findLastIndex((input) => input !== undefined) + 1;
    const domain = made[0]?.domain ?? '';
    const node = this.#spec.add(type, inputs.slice(0, given), attributes, this.name, domain);
    for (const { dtype = inputs[0]?.dtype ?? 'float32', shape, contents } of made) {
      const value = new Value(dtype, shape, node);
      value.contents = contents;
      node.outputs.push(value);
    }
    return node.outputs;
  }

  /** The same by way of float32, which is how the engine computes in bfloat16 too. */
  #asFloats(
    type: string,
    inputs: readonly (Value | undefined)[],
    attributes: Attributes,
    made: readonly Made[],
  ): readonly Value[] {
    const moved = (x: Value, from: DType, to: DType) =>
      x.dtype === from ? this.op('Cast', [x], { to: dataTypeNumber(to) }, { dtype: to }) : x;
    const wide = inputs.map((x) => x && moved(x, 'bfloat16', 'float32'));
    const isHalf = made.map(({ dtype = inputs[0]?.dtype }) => dtype === 'bfloat16');
    const outputs = made.map((one, i) => (isHalf[i] ? { ...one, dtype: 'float32' as const } : one));
    const results = this.ops(type, wide, attributes, outputs);
    return results.map((y, i) => (isHalf[i] ? moved(y, 'float32', 'bfloat16') : y));
  }

  /** A constant, shared by all that need the same. */
  constant(values: Values, dtype: DType, shape?: readonly number[]): Value {
    const { data, shape: own } = toValue(values, dtype, 'constant');
    const { context } = this.exporter;
    const given = shape ?? own;
    if (ArrayBuffer.isView(data)) {
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      return context.shared({ dtype, shape: given, bytes }, `${this.name}/constant`);
    }
    const strings = Array.isArray(data) ? data.map(String) : [];
    const value: TensorData = { dtype: 'string', shape: given, strings };
    return context.shared(value, `${this.name}/constant`);
  }

  /** An int64 vector. */
  vector(values: readonly number[]): Value {
    return this.constant([...values], 'int64', [values.length]);
  }

  useDomain(domain: string, version: number): void {
    const { domains } = this.exporter.context;
    domains.set(domain, Math.max(version, domains.get(domain) ?? 0));
  }

  /** For what an opset before `version` cannot say. */
  since(version: number, what: string): void {
    if (this.opset < version) throw new NeedsOpset(version, what);
  }

  unsupported(what: string): never {
    throw new Unsupported(what);
  }
}
