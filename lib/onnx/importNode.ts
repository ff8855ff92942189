import { native } from '../binding.js';
import { constant } from '../constant.js';
import type { DType } from '../dtype.js';
import { EngineError } from '../errors.js';
import type { Graph } from '../graph.js';
import { addOp } from '../op.js';
import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import { Attributes } from './attributes.js';
import { Unsupported } from './context.js';
import type { Importer } from './importer.js';
import { nameIn } from './names.js';
import type { GraphProto, NodeProto } from './proto.js';
import type { Known } from './values.js';

export type Attrs = Readonly<Record<string, unknown>>;

/** An input of an operator that a mapping uses as a step. */
export type Operand = Tensor | readonly number[] | undefined;

/** An operator that is taken apart by the sizes in the file may make so many ops. */
const kMostOps = 10_000;

/** One ONNX node as its mapping sees it: inputs as tensors, attributes by name and type. */
export class ImportNode {
  readonly attrs: Attributes;
  readonly proto: NodeProto;
  /** The opset of the node's domain. */
  readonly opset: number;
  readonly importer: Importer;
  /** The options that give an op the name of this node, if it is to have one. */
  readonly #named: { readonly name?: string };
  #added = 0;

  constructor(importer: Importer, proto: NodeProto, opset: number, name?: string) {
    this.importer = importer;
    this.proto = proto;
    this.opset = opset;
    this.#named = name === undefined ? {} : { name: nameIn(importer.graph, name) };
    this.attrs = new Attributes(proto.attributes, this.where);
  }

  get graph(): Graph {
    return this.importer.graph;
  }

  /** Adds an op on the way to the node's result. Numbers and arrays become constants. */
  op(type: string, inputs: readonly unknown[], attrs: Attrs = {}): Tensor {
    return first(this.#add(type, inputs, attrs, {}));
  }

  /** Adds the op whose output is the node's; it gets the node's name. */
  out(type: string, inputs: readonly unknown[], attrs: Attrs = {}): Tensor {
    return first(this.#add(type, inputs, attrs, this.#named));
  }

  /** As `out`, for an op with several outputs. */
  outs(type: string, inputs: readonly unknown[], attrs: Attrs = {}): readonly Tensor[] {
    return this.#add(type, inputs, attrs, this.#named).outputs;
  }

  #add(
    type: string,
    inputs: readonly unknown[],
    attrs: Attrs,
    options: { readonly name?: string },
  ): Operation {
    const { graph } = this;
    if (!native.hasOp(type)) this.unsupported(`the engine's op ${type}`);
    this.#added += 1;
    if (this.#added > kMostOps) this.unsupported(`sizes that take more than ${kMostOps} steps`);
    return addOp(type, inputs, attrs, { ...options, graph });
  }

  /** As `op`, for an op with several outputs. */
  ops(type: string, inputs: readonly unknown[], attrs: Attrs = {}): readonly Tensor[] {
    return this.#add(type, inputs, attrs, {}).outputs;
  }

  /**
   * What another operator of the standard gives, in its newest version: a step of an operator that
   * the standard defines by others. A list of numbers is an int64 vector; undefined leaves an input
   * out. The attributes may be those of the node itself.
   */
  call(type: string, inputs: readonly Operand[], attrs: Attrs | Attributes = {}): Tensor {
    const [output] = this.importer.apply(this, type, inputs, attrs, 1);
    return output ?? this.unsupported(`the operator ${type}`);
  }

  /** As call, for the first `count` outputs. */
  calls(
    type: string,
    inputs: readonly Operand[],
    attrs: Attrs | Attributes,
    count: number,
  ): readonly (Tensor | undefined)[] {
    return this.importer.apply(this, type, inputs, attrs, count);
  }

  /** The outputs of a subgraph that is computed in place, once. */
  inline(body: GraphProto, inputs: readonly Tensor[]): readonly Tensor[] {
    return this.importer.inlined(this, body, inputs);
  }

  /** A constant of the graph. */
  constant(values: Values, dtype: DType, shape?: readonly number[]): Tensor {
    return constant(values, { dtype, shape, graph: this.graph });
  }

  /** "file: node 'name' (Op)". */
  get where(): string {
    return `${this.importer.file}: node '${this.proto.name}' (${this.proto.opType})`;
  }

  /** The first input. */
  get x(): Tensor {
    return this.input(0);
  }

  input(index: number): Tensor {
    return this.optional(index) ?? this.fail(`input ${index} is missing`);
  }

  optional(index: number): Tensor | undefined {
    const name = this.proto.inputs[index];
    return name ? this.importer.values.tensor(name) : undefined;
  }

  get inputs(): readonly Tensor[] {
    return this.proto.inputs.map((_, index) => this.input(index));
  }

  get inputCount(): number {
    return this.proto.inputs.length;
  }

  /** Whether the node's output of that index is asked for. */
  wants(output: number): boolean {
    return (this.proto.outputs[output] ?? '') !== '';
  }

  get outputCount(): number {
    return this.proto.outputs.length;
  }

  /** The numbers of an input that is a constant of the model. */
  known(index: number): Known | undefined {
    const name = this.proto.inputs[index];
    return name ? this.importer.values.known(name) : undefined;
  }

  /** As known, also of what depends on constants alone; undefined when only a run knows. */
  constantInput(index: number): readonly number[] | undefined {
    const known = this.known(index) ?? this.importer.context.evaluator.evaluate(this.input(index));
    return known?.values;
  }

  /** As constantInput, for what the mapping cannot do without. */
  needKnown(index: number, what: string): readonly number[] {
    return this.constantInput(index) ?? this.unsupported(`${what} that the model does not fix`);
  }

  rank(x: Tensor = this.x): number {
    return x.rank ?? this.unsupported('an input of unknown rank');
  }

  /** A possibly negative axis as one from 0 to rank - 1. */
  axis(axis: number, rank: number = this.rank()): number {
    if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
    return this.fail(`axis ${axis} is out of range for rank ${rank}`);
  }

  /** For what ONNX allows and the engine cannot do. */
  unsupported(what: string): never {
    throw new Unsupported(what);
  }

  /** For what ONNX does not allow. */
  fail(what: string): never {
    throw new EngineError('INVALID_ARGUMENT', `${this.where}: ${what}`);
  }
}

function first(op: Operation): Tensor {
  const [tensor] = op.outputs;
  if (tensor) return tensor;
  throw new EngineError('INTERNAL', `${op.type} has no output`);
}
