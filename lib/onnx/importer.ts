import { constant } from '../constant.js';
import { type DType, isFloat, isInteger } from '../dtype.js';
import { EngineError } from '../errors.js';
import type { Graph } from '../graph.js';
import { placeholder } from '../placeholder.js';
import { Tensor } from '../tensor.js';
import { variable } from '../variable.js';
import { toNumber } from './attributes.js';
import { ImportNode, type Known, Unsupported } from './importNode.js';
import { mappingFor, type Versions } from './mapping.js';
import { opName } from './names.js';
import { domains } from './ops/index.js';
import type { GraphProto, NodeProto, TensorProto } from './proto.js';
import type { Sliced } from './sliced.js';
import { sortNodes } from './sortNodes.js';
import { arrayOf, type TensorValue, tensorValue } from './tensorValue.js';

/** Constants up to this size are looked at by mappings, for axes, shapes, pads and the like. */
const kLargestKnown = 4096;

/** A node or value that cannot be imported, and why. */
export interface Problem {
  readonly node: string;
  readonly op: string;
  readonly why: string;
}

/** What all graphs of one model share. */
export interface ImportContext {
  readonly file: string;
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: Graph;
  /** Goes before the names of ops: "" or what ends in "/". */
  readonly prefix: string;
  /** What weights become; placeholders cost no memory and serve to look at a model only. */
  readonly weights: 'constants' | 'variables' | 'placeholders';
  readonly problems: Problem[];
  readonly onNode: () => void;
}

/** Turns the nodes of one ONNX graph, main or sub, into ops. */
export class Importer {
  readonly context: ImportContext;
  readonly #outer: Importer | undefined;
  readonly #values = new Map<string, Tensor>();
  readonly #known = new Map<string, Known>();
  readonly #initializers = new Map<string, TensorValue>();
  /** Values that an unsupported node would have made. */
  readonly #lost = new Set<string>();

  constructor(context: ImportContext, outer?: Importer) {
    this.context = context;
    this.#outer = outer;
  }

  get graph(): Graph {
    return this.context.graph;
  }

  get file(): string {
    return this.context.file;
  }

  define(name: string, tensor: Tensor): void {
    this.#values.set(name, tensor);
  }

  /** Decodes an initializer; it becomes a constant or variable when something reads it. */
  *initializer(proto: TensorProto): Sliced<void> {
    try {
      this.literal(proto.name, yield* tensorValue(proto, this.file));
    } catch (error) {
      this.#note(error, { node: proto.name, op: 'initializer' });
      this.#lost.add(proto.name);
    }
  }

  /** Gives a name to a value of the file, as initializers and Constant nodes do. */
  literal(name: string, value: TensorValue): void {
    this.#initializers.set(name, value);
    this.#learn(name, value);
  }

  /** Adds the ops of all nodes. */
  *nodes(graph: GraphProto): Sliced<void> {
    for (const node of yield* sortNodes(graph, this.file)) {
      this.#node(node);
      this.context.onNode();
      yield;
    }
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.#initializers.has(name) || !!this.#outer?.has(name);
  }

  /** The tensor of that name, here or in a graph around this one. */
  value(name: string): Tensor {
    const known = this.#values.get(name);
    if (known) return known;
    const initial = this.#initializers.get(name);
    if (initial) {
      const tensor = this.#weight(name, initial);
      this.#values.set(name, tensor);
      return tensor;
    }
    if (this.#outer) return this.#outer.value(name);
    throw new EngineError('INVALID_ARGUMENT', `${this.file}: nothing makes the value '${name}'`);
  }

  known(name: string): Known | undefined {
    if (this.#known.has(name)) return this.#known.get(name);
    return this.#values.has(name) ? undefined : this.#outer?.known(name);
  }

  /** Gives up on a value; nodes that read it are passed over. */
  lose(name: string): void {
    this.#lost.add(name);
  }

  isLost(name: string): boolean {
    return this.#lost.has(name) || !!this.#outer?.isLost(name);
  }

  /** A constant of the graph; mappings that read it know its numbers. */
  constant(value: TensorValue, name: string): Tensor {
    if (value.dtype === 'string') return constant([...value.strings], this.#options(value, name));
    return constant(arrayOf(value), this.#options(value, name));
  }

  #options(value: TensorValue, name: string) {
    const { dtype, shape } = value;
    return { dtype, shape: [...shape], name, graph: this.graph };
  }

  #weight(name: string, value: TensorValue): Tensor {
    const { prefix, weights, graph } = this.context;
    const asName = prefix + opName(name, 'weight');
    const isWeight = isFloat(value.dtype) && value.shape.length > 0;
    if (!isWeight || weights === 'constants') return this.constant(value, `${asName}/`);
    if (weights === 'placeholders') {
      return placeholder(value.dtype, [...value.shape], { name: `${asName}/`, graph });
    }
    return variable(this.constant(value, `${asName}/initial/`), { name: `${asName}/` }).value;
  }

  #node(node: NodeProto): void {
    if (node.inputs.some((name) => name !== '' && this.isLost(name))) {
      for (const output of node.outputs) this.#lost.add(output);
      // What is wrong with the node itself is to be reported all the same.
      if (!this.#versions(node)) this.#missing(node);
      return;
    }
    try {
      const outputs = this.#map(node);
      for (const [index, name] of node.outputs.entries()) {
        const tensor = outputs[index];
        if (name === '' || this.#initializers.has(name)) continue;
        if (!tensor) throw new Unsupported(`output ${index}`);
        this.#values.set(name, tensor);
      }
    } catch (error) {
      this.#note(error, { node: node.name || (node.outputs[0] ?? ''), op: node.opType });
      for (const output of node.outputs) this.#lost.add(output);
    }
  }

  #versions(node: NodeProto): Versions | undefined {
    const family = domains[node.domain];
    return family && Object.hasOwn(family, node.opType) ? family[node.opType] : undefined;
  }

  #map(node: NodeProto): readonly (Tensor | undefined)[] {
    const opset = this.context.opsets.get(node.domain) ?? 1;
    const versions = this.#versions(node);
    const mapping = versions && mappingFor(versions, opset);
    if (!mapping) throw new Unsupported(this.#unknownOp(node));
    const name = this.context.prefix + opName(node.name || (node.outputs[0] ?? ''), node.opType);
    const n = new ImportNode(this, node, opset, name);
    const result = this.graph.nameScope(`${name}/`, () => mapping(n));
    return result instanceof Tensor ? [result] : result;
  }

  #missing(node: NodeProto): void {
    const why = this.#unknownOp(node);
    this.context.problems.push({ node: node.name, op: node.opType, why });
  }

  #unknownOp(node: NodeProto): string {
    const opset = this.context.opsets.get(node.domain) ?? 1;
    const domain = node.domain === '' ? 'ai.onnx' : node.domain;
    return `the operator of ${domain} opset ${opset}`;
  }

  #note(error: unknown, where: { readonly node: string; readonly op: string }): void {
    const unsupported =
      error instanceof Unsupported ||
      (error instanceof EngineError && error.code === 'UNIMPLEMENTED');
    if (!unsupported) throw this.#located(error, where);
    this.context.problems.push({ ...where, why: error.message });
  }

  /** Adds the node to errors that come from the graph, which knows no files. */
  #located(error: unknown, where: { readonly node: string; readonly op: string }): unknown {
    if (!(error instanceof Error) || error.message.startsWith(this.file)) return error;
    const code = error instanceof EngineError ? error.code : 'INVALID_ARGUMENT';
    const message = `${this.file}: node '${where.node}' (${where.op}): ${error.message}`;
    return new EngineError(code, message, { ...where, cause: error });
  }

  #learn(name: string, value: TensorValue): void {
    if (!isKnowable(value.dtype) || value.dtype === 'string') return;
    const array = arrayOf(value);
    if (array.length > kLargestKnown) return;
    const values: number[] = [];
    for (const entry of array) values.push(typeof entry === 'bigint' ? toNumber(entry) : entry);
    this.#known.set(name, { dtype: value.dtype, shape: value.shape, values });
  }
}

/** Whether the entries of the typed array are the numbers themselves. */
function isKnowable(dtype: DType): boolean {
  return isInteger(dtype) || dtype === 'float32' || dtype === 'float64' || dtype === 'bool';
}
