import { type GraphHandle, native } from '../../binding.js';
import { type DType, dtypeFromCode, elementSize, isNumeric, viewOf } from '../../dtype.js';
import type { Graph } from '../../graph.js';
import type { RawTensor } from '../../graphdef/tensors.js';
import { sizeOf } from '../../shape.js';
import type { Sliced } from '../../sliced.js';
import { Unsupported } from '../context.js';
import { type ExportContext, kLargestKnown, NeedsOpset } from './context.js';
import { lostEffects } from './controls.js';
import { ExportNode } from './exportNode.js';
import { entryOf } from './ops/index.js';
import { reached } from './reach.js';
import { isNoForm } from './table.js';
import { type GraphSpec, type TensorData, Value } from './value.js';

/** Turns the nodes of one graph, main or part of an op, into ONNX nodes. */
export class Exporter {
  readonly context: ExportContext;
  readonly handle: GraphHandle;
  readonly spec: GraphSpec;
  /** The graph of the user, undefined for one that is part of an op. */
  readonly #graph: Graph | undefined;
  /** Goes before the names of the nodes. */
  readonly prefix: string;
  readonly #values = new Map<string, Value>();
  readonly #uses = new Map<string, number>();
  readonly #lost = new Set<number>();
  /** Nodes that depend on constants alone. */
  readonly #fixed = new Set<number>();
  readonly #parameters: readonly Value[];

  constructor(
    context: ExportContext,
    source: Graph | GraphHandle,
    spec: GraphSpec,
    prefix = '',
    parameters: readonly Value[] = [],
  ) {
    this.context = context;
    this.spec = spec;
    this.#graph = 'handle' in source ? source : undefined;
    this.handle = 'handle' in source ? source.handle : source;
    this.prefix = prefix;
    this.#parameters = parameters;
  }

  define(id: number, index: number, value: Value): void {
    this.#values.set(`${id}:${index}`, value);
  }

  /** The value of a tensor whose node has been exported; undefined when it could not be. */
  value(id: number, index: number): Value | undefined {
    return this.#values.get(`${id}:${index}`);
  }

  /** Exports all nodes that these tensors need and that are not defined. */
  *nodes(pairs: readonly number[]): Sliced<void> {
    const isDefined = (id: number, index: number) => this.#values.has(`${id}:${index}`);
    const ids = reached(this.handle, pairs, isDefined);
    this.#count(pairs);
    for (const id of ids) this.#count(native.nodeInputs(this.handle, id));
    if (!this.context.ignoresControls) {
      this.context.problems.push(...lostEffects(this.handle, ids, this.prefix));
    }
    for (const id of ids) {
      this.#node(id);
      yield;
    }
  }

  #count(pairs: readonly number[]): void {
    for (let i = 0; i < pairs.length; i += 2) {
      const key = `${pairs[i]}:${pairs[i + 1]}`;
      this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    }
  }

  /** Whether an input of a node is read by nothing else. */
  isOnlyUse(id: number, input: number): boolean {
    const [from, index] = native.nodeInputs(this.handle, id).slice(2 * input, 2 * input + 2);
    return this.#uses.get(`${from}:${index}`) === 1;
  }

  /** Exports a subgraph with these values as its parameters; gives its results. */
  inside(
    source: GraphHandle,
    spec: GraphSpec,
    prefix: string,
    parameters: readonly Value[],
  ): readonly Value[] {
    const inner = new Exporter(this.context, source, spec, `${prefix}/`, parameters);
    const results = native.graphResults(source);
    for (const _ of inner.nodes(results));
    const values: Value[] = [];
    for (let i = 0; i < results.length; i += 2) {
      const value = inner.value(results[i]!, results[i + 1]!);
      if (!value) throw new Unsupported('a graph inside it');
      values.push(value);
    }
    return values;
  }

  parameter(index: number): Value {
    const value = this.#parameters[index];
    if (value) return value;
    throw new Unsupported(`parameter ${index} being left out`);
  }

  subgraph(id: number, attr: string): GraphHandle {
    const entries = native.nodeAttrs(this.handle, id);
    return entries[entries.indexOf(attr) + 2] as GraphHandle;
  }

  /** The value of a Const. */
  literal(id: number): TensorData {
    const entries = native.nodeAttrs(this.handle, id);
    const { dtype, shape, data } = entries[entries.indexOf('value') + 2] as RawTensor;
    if (data instanceof ArrayBuffer) return { dtype, shape, bytes: new Uint8Array(data) };
    return { dtype: 'string', shape, strings: data };
  }

  known(id: number, input: number): readonly number[] | undefined {
    const inputs = native.nodeInputs(this.handle, id);
    const [from = -1, index = 0] = inputs.slice(2 * input, 2 * input + 2);
    if (from < 0) return undefined;
    const data = this.value(from, index)?.data;
    if (data) return numbersOf(data);
    const tensor = this.#graph?.operationAt(from).outputs[index];
    return tensor && this.context.evaluated(tensor, this.#fixed.has(from));
  }

  #node(id: number): void {
    const [type, name, ...codes] = native.describeNode(this.handle, id);
    const entry = entryOf(type);
    try {
      if (!entry) throw new Unsupported('the op has no ONNX form');
      if (isNoForm(entry)) throw new Unsupported(entry.why);
      const inputs = this.#inputs(id, type);
      if (!inputs) return;
      const given = entry(new ExportNode(this, id, inputs));
      const values = given instanceof Value ? [given] : given;
      this.#claim(id, this.prefix + name, codes.map(dtypeFromCode), values);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      const opset = error instanceof NeedsOpset ? error.opset : undefined;
      const node = this.prefix + name;
      this.context.problems.push({ node, op: type, why: error.message, opset });
      this.#lost.add(id);
    }
  }

  /** Undefined, and the node given up, when one of them could not be exported. */
  #inputs(id: number, type: string): readonly (Value | undefined)[] | undefined {
    const pairs = native.nodeInputs(this.handle, id);
    const inputs: (Value | undefined)[] = [];
    let isFixed = isPure(type);
    for (let i = 0; i < pairs.length; i += 2) {
      const from = pairs[i]!;
      if (this.#lost.has(from)) {
        this.#lost.add(id);
        return undefined;
      }
      isFixed &&= from < 0 || this.#fixed.has(from);
      inputs.push(from < 0 ? undefined : this.value(from, pairs[i + 1]!));
    }
    if (isFixed) this.#fixed.add(id);
    return inputs;
  }

  /** Gives the outputs of a node their values, with the shapes and names that the graph knows. */
  #claim(
    id: number,
    name: string,
    dtypes: readonly DType[],
    values: readonly (Value | undefined)[],
  ): void {
    for (const [index, value] of values.entries()) {
      if (!value) continue;
      if (value.dtype !== dtypes[index]) {
        throw new TypeError(`${name}: output ${index} is ${dtypes[index]}, not ${value.dtype}`);
      }
      value.shape ??= native.outputShape(this.handle, id, index);
      if (value.node && value.wish === '') value.wish = index === 0 ? name : `${name}:${index}`;
      this.define(id, index, value);
    }
  }
}

function numbersOf(data: TensorData): readonly number[] | undefined {
  if ('strings' in data || !isNumeric(data.dtype)) return undefined;
  const size = sizeOf(data.shape);
  if (size > kLargestKnown || elementSize(data.dtype) === 0) return undefined;
  const { bytes } = data;
  const copy = bytes.slice();
  return Array.from(viewOf(data.dtype, copy.buffer, 0, size), Number);
}

/** Whether an op gives the same whenever its inputs are the same. */
function isPure(type: string): boolean {
  return type !== 'Placeholder' && type !== 'Parameter' && !native.describeOp(type).stateful;
}
