import { constant } from '../constant.js';
import { EngineError } from '../errors.js';
import type { Graph } from '../graph.js';
import { placeholder } from '../placeholder.js';
import { runAtOnce, type Sliced } from '../sliced.js';
import { Tensor } from '../tensor.js';
import { Attributes } from './attributes.js';
import { Consequence, type ImportContext, Unsupported } from './context.js';
import { examine, refuseAttribute, report, unknownOp, versionsOf } from './examine.js';
import { bodyOf, placeOfCall } from './functions.js';
import { type Attrs, ImportNode, type Operand } from './importNode.js';
import { mappingFor } from './mapping.js';
import { opsetMap, type ValueInfo, valueInfo } from './model.js';
import { opName } from './names.js';
import type { FunctionProto, GraphProto, NodeProto, TensorProto } from './proto.js';
import { graphsOf, sortNodes, valuesRead } from './sortNodes.js';
import { sparseTensor } from './sparse.js';
import { tensorValue } from './tensorValue.js';
import { Values } from './values.js';
import { attributesOf } from './writeAttributes.js';

/** The opset in which mappings use operators as steps. */
const kNewestOpset = 27;

/** Functions that call each other deeper are taken for a circle. */
const kDeepestCall = 50;

/** The type of a value that no op could be made for, as far as the file says it. */
type Declared = (name: string) => ValueInfo | undefined;

/** Turns the nodes of one ONNX graph, main, function or subgraph, into ops. */
export class Importer {
  readonly context: ImportContext;
  readonly values: Values;

  constructor(context: ImportContext, outer?: Values) {
    this.context = context;
    this.values = new Values(context, outer);
  }

  get graph(): Graph {
    return this.context.graph;
  }

  get file(): string {
    return this.context.file;
  }

  /** An importer for a subgraph, which sees the values of this graph. */
  inside(context: ImportContext): Importer {
    return new Importer(context, this.values);
  }

  /** Decodes an initializer. */
  *initializer(proto: TensorProto): Sliced<void> {
    try {
      this.values.literal(proto.name, yield* tensorValue(proto, this.file));
      yield* this.values.stage(proto.name);
    } catch (error) {
      this.#note(error, { node: proto.name, op: 'initializer' });
      this.values.lose(proto.name);
    }
  }

  /** Adds the ops of the sparse initializers. */
  sparse({ sparseInitializers }: GraphProto): void {
    for (const sparse of sparseInitializers) {
      const name = sparse.values?.name ?? '';
      try {
        this.values.define(name, sparseTensor(sparse, this.graph, this.file));
      } catch (error) {
        this.#note(error, { node: name, op: 'initializer' });
        this.values.lose(name);
      }
    }
  }

  /** Adds the ops of all nodes. */
  *nodes(graph: GraphProto): Sliced<void> {
    if (this.context.weights === 'placeholders') {
      const declared = new Map([...graph.valueInfo, ...graph.outputs].map((v) => [v.name, v]));
      this.#declared = (name) => {
        const found = declared.get(name);
        return found && valueInfo(found);
      };
    }
    for (const node of yield* sortNodes(graph, this.file)) {
      if (this.context.arrived) yield* this.arrived(valuesRead(node));
      yield* this.#node(node);
      this.context.onNode();
      yield;
    }
  }

  /** Waits for those of the values that are still being read from a file. */
  *arrived(names: Iterable<string>): Sliced<void> {
    for (const name of names) {
      const stored = this.values.stored(name);
      if (stored && !stored.block) yield this.context.arrived?.(stored);
    }
  }

  /** The tensor of an output of the graph, undefined when it needs what is not supported. */
  output(name: string): Tensor | undefined {
    if (this.values.isLost(name)) return undefined;
    try {
      return this.values.tensor(name);
    } catch (error) {
      throw this.#located(error, { node: name, op: 'output' });
    }
  }

  /** Maps an operator of the standard as a step of the mapping of another. */
  apply(
    n: ImportNode,
    opType: string,
    inputs: readonly Operand[],
    attrs: Attrs | Attributes,
    count: number,
  ): readonly (Tensor | undefined)[] {
    const names = inputs.map((input) => {
      if (input === undefined) return '';
      const name = `\0${this.#steps++}`;
      if (input instanceof Tensor) this.values.define(name, input);
      else this.#defineNumbers(name, input);
      return name;
    });
    const outputs = Array.from({ length: count }, () => `\0${this.#steps++}`);
    const attributes = attrs instanceof Attributes ? attrs.all : attributesOf(attrs);
    const { name } = n.proto;
    const proto = { name, opType, domain: '', inputs: names, outputs, attributes };
    const versions = versionsOf(proto);
    const mapping = versions && mappingFor(versions, kNewestOpset);
    if (!mapping) throw new Unsupported(`the operator ${opType}`);
    const result = mapping(new ImportNode(this, proto, kNewestOpset));
    return result instanceof Tensor ? [result] : result;
  }

  #steps = 0;

  /** The node that is being mapped. */
  #current: NodeProto | undefined;

  /** Where a subgraph of the node that is being mapped lies, for reports. */
  placeOf(body: GraphProto): readonly string[] {
    const { name = '', attributes } = this.#current ?? {};
    const attribute = [...(attributes?.values() ?? [])].find((a) => graphsOf(a).includes(body));
    return [...this.context.within, `${attribute?.name ?? 'a subgraph'} of '${name}'`];
  }

  #defineNumbers(name: string, values: readonly number[]): void {
    const shape = [values.length];
    const tensor = constant([...values], { dtype: 'int64', shape, graph: this.graph });
    this.values.define(name, tensor, { dtype: 'int64', shape, values });
  }

  /** Adds the ops of a subgraph to this graph, its inputs being the tensors given. */
  inlined(n: ImportNode, body: GraphProto, inputs: readonly Tensor[]): readonly Tensor[] {
    const prefix = `${this.#nameOf(n.proto)}/`;
    const within = this.placeOf(body);
    const inner = new Importer({ ...this.context, prefix, within, onNode: () => {} }, this.values);
    for (const [index, input] of body.inputs.entries()) {
      const given = inputs[index];
      if (given) inner.values.define(input.name, given);
    }
    for (const tensor of body.initializers) runAtOnce(inner.initializer(tensor));
    inner.sparse(body);
    runAtOnce(inner.nodes(body));
    return body.outputs.map(({ name }) => {
      if (inner.values.isLost(name)) throw new Consequence(`the value '${name}' of a subgraph`);
      return inner.values.tensor(name);
    });
  }

  *#node(node: NodeProto): Sliced<void> {
    this.context.left.nodes -= 1;
    if (this.context.left.nodes < 0) {
      const text = `${this.file}: functions and subgraphs make more nodes than can be meant`;
      throw new EngineError('RESOURCE_EXHAUSTED', text);
    }
    const fn = this.context.functions.get(`${node.domain}:${node.opType}`);
    if (node.inputs.some((name) => name !== '' && this.values.isLost(name))) {
      for (const output of node.outputs) this.#lose(output);
      // What is wrong with the node itself is to be reported all the same.
      examine(node, this.context);
      return;
    }
    try {
      const outputs = fn ? yield* this.#call(fn, node) : this.#map(node);
      for (const [index, name] of node.outputs.entries()) {
        const tensor = outputs[index];
        if (this.values.isLiteral(name)) yield* this.values.stage(name);
        if (name === '' || this.values.isLiteral(name)) continue;
        if (!tensor) throw new (fn ? Consequence : Unsupported)(`output ${index}`);
        this.values.define(name, tensor);
      }
    } catch (error) {
      this.#note(error, { node: node.name || (node.outputs[0] ?? ''), op: node.opType });
      for (const output of node.outputs) this.#lose(output);
    }
  }

  #declared: Declared = () => undefined;

  /** Gives up on a value; one that is only looked at may stand for what the file says of it. */
  #lose(name: string): void {
    const { dtype, shape } = this.#declared(name) ?? {};
    if (dtype === undefined || dtype === 'variant' || !shape) {
      this.values.lose(name);
      return;
    }
    const dims = shape.map((dim) => (Number.isSafeInteger(dim) ? Number(dim) : null));
    this.values.define(name, placeholder(dtype, dims, { graph: this.graph }));
  }

  #map(node: NodeProto): readonly (Tensor | undefined)[] {
    const opset = this.context.opsets.get(node.domain) ?? 1;
    const versions = versionsOf(node);
    const mapping = versions && mappingFor(versions, opset);
    if (!mapping) throw new Unsupported(unknownOp(node, this.context));
    const name = this.#nameOf(node);
    const n = new ImportNode(this, node, opset, name);
    this.#current = node;
    const result = this.graph.nameScope(`${name}/`, () => mapping(n));
    for (const attribute of n.attrs.unread) refuseAttribute(node, attribute);
    return result instanceof Tensor ? [result] : result;
  }

  /** Imports the body of a function of the model in place of the node that calls it. */
  *#call(fn: FunctionProto, node: NodeProto): Sliced<readonly (Tensor | undefined)[]> {
    const depth = this.context.depth + 1;
    if (depth > kDeepestCall) {
      const text = `${this.file}: functions call each other deeper than ${kDeepestCall}`;
      throw new EngineError('INVALID_ARGUMENT', text);
    }
    const prefix = `${this.#nameOf(node)}/`;
    const opsets = new Map([...this.context.opsets, ...opsetMap(fn.opsetImport)]);
    const { onNode: _, ...shared } = this.context;
    const within = [...shared.within, placeOfCall(fn, node)];
    const inner = new Importer({ ...shared, prefix, opsets, depth, within, onNode: () => {} });
    for (const [index, name] of fn.inputs.entries()) {
      const given = node.inputs[index];
      if (given) inner.values.define(name, this.values.tensor(given), this.values.known(given));
    }
    yield* inner.nodes(bodyOf(fn, node));
    return fn.outputs.map((name) =>
      inner.values.isLost(name) ? undefined : inner.values.tensor(name),
    );
  }

  #nameOf(node: NodeProto): string {
    return this.context.prefix + opName(node.name || (node.outputs[0] ?? ''), node.opType);
  }

  #note(error: unknown, where: { readonly node: string; readonly op: string }): void {
    const unsupported =
      error instanceof Unsupported ||
      (error instanceof EngineError &&
        (error.code === 'UNIMPLEMENTED' || /dtype \w+ is not allowed/.test(error.message)));
    if (!unsupported) throw this.#located(error, where);
    if (error instanceof Consequence) return;
    report(this.context, { ...where, why: error.message });
  }

  /** Adds the node to errors that come from the graph, which knows no files. */
  #located(error: unknown, where: { readonly node: string; readonly op: string }): unknown {
    if (!(error instanceof Error) || error.message.startsWith(this.file)) return error;
    const code = error instanceof EngineError ? error.code : 'INVALID_ARGUMENT';
    const message = `${this.file}: node '${where.node}' (${where.op}): ${error.message}`;
    return new EngineError(code, message, { ...where, cause: error });
  }
}
