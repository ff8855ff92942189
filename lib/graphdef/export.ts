import { type GraphHandle, native } from '../binding.js';
import { type DType, dtypeFromCode, isDType } from '../dtype.js';
import { overridesOf } from '../gradientOverride.js';
import type { Graph } from '../graph.js';
import { Flattener } from './arguments.js';
import { dataTypeOf } from './dataTypes.js';
import { type RawTensor, shapeProto, tensorProto } from './tensors.js';
import {
  type AttrValue,
  type FunctionDef,
  type GraphDef,
  kGraphDefVersion,
  type ListValue,
  type NodeDef,
} from './types.js';

export interface ExportOptions {
  /** Adds the static shapes of the outputs, as attr `_output_shapes`. */
  readonly shapes?: boolean | undefined;
  /** Only the operations from this number on. */
  readonly from?: number | undefined;
}

/** A graph as GraphDef; subgraphs become functions of its library. */
export function graphDefOf(graph: Graph, { shapes = false, from = 0 }: ExportOptions): GraphDef {
  const functions: FunctionDef[] = [];
  const exporter = new Exporter(graph.handle, functions, shapes);
  const size = native.graphSize(graph.handle);
  const node: NodeDef[] = [];
  const overrides = overridesOf(graph);
  for (let id = from; id < size; id++) {
    const made = exporter.node(id, (input, index) => (index === 0 ? input : `${input}:${index}`));
    const op = graph.operationAt(id);
    const groups = op.colocatedWith.map(({ name }) => `loc:@${name}`);
    const gradient = overrides.get(op);
    const attr = {
      ...made.attr,
      ...(groups.length > 0 && { _class: { list: { s: groups.map(utf8) } } }),
      ...(gradient !== undefined && { _gradient_op_type: { s: utf8(gradient) } }),
    };
    node.push({ ...made, attr });
  }
  const versions = { producer: kGraphDefVersion, minConsumer: 0 };
  return functions.length > 0
    ? { node, library: { function: functions }, versions }
    : { node, versions };
}

/** How an input is written: by the name of the node and the index of the output. */
type InputName = (node: string, index: number, id: number) => string;

class Exporter {
  readonly #handle: GraphHandle;
  readonly #functions: FunctionDef[];
  readonly #shapes: boolean;

  constructor(handle: GraphHandle, functions: FunctionDef[], shapes: boolean) {
    this.#handle = handle;
    this.#functions = functions;
    this.#shapes = shapes;
  }

  node(id: number, inputName: InputName): NodeDef {
    const handle = this.#handle;
    const [op, name, ...codes] = native.describeNode(handle, id);
    const input: string[] = [];
    const pairs = native.nodeInputs(handle, id);
    for (let i = 0; i < pairs.length; i += 2) {
      const from = pairs[i]!;
      if (from >= 0) input.push(inputName(this.#name(from), pairs[i + 1]!, from));
    }
    for (const control of native.nodeControls(handle, id)) input.push(`^${this.#name(control)}`);
    const attr = this.#attrs(name, id);
    if (this.#shapes) {
      const shape = codes.map((_, i) => shapeProto(native.outputShape(handle, id, i)));
      attr._output_shapes = { list: { shape } };
    }
    return { name, op, input, device: native.nodeDevice(handle, id), attr };
  }

  #name(id: number): string {
    return native.describeNode(this.#handle, id)[1];
  }

  #attrs(node: string, id: number): Record<string, AttrValue> {
    const entries = native.nodeAttrs(this.#handle, id);
    const attrs: Record<string, AttrValue> = {};
    for (let i = 0; i < entries.length; i += 3) {
      const [name, kind, value] = [String(entries[i]), String(entries[i + 1]), entries[i + 2]];
      attrs[name] =
        kind === 'graph'
          ? { func: { name: this.#function(node, name, value) } }
          : attrOf(kind, value);
    }
    return attrs;
  }

  /** Adds the subgraph to the library and gives its name there. */
  #function(node: string, attr: string, subgraph: unknown): string {
    const wished = `${node}_${attr}`.replaceAll(/[^\w]/g, '_');
    let name = wished;
    for (let i = 1; this.#functions.some(({ signature }) => signature.name === name); i++) {
      name = `${wished}_${i}`;
    }
    const place = this.#functions.push({ signature: { name } }) - 1;
    const exporter = new Exporter(subgraph as GraphHandle, this.#functions, this.#shapes);
    this.#functions[place] = exporter.functionDef(name);
    return name;
  }

  functionDef(name: string): FunctionDef {
    const handle = this.#handle;
    const parameters = new Map<number, { name: string; type: string; index: number }>();
    const size = native.graphSize(handle);
    for (let id = 0; id < size; id++) {
      const [op, parameter, code] = native.describeNode(handle, id);
      if (op !== 'Parameter') continue;
      const index = Number(native.nodeAttr(handle, id, 'index'));
      const type = dataTypeOf(dtypeFromCode(code ?? 0));
      parameters.set(id, { name: parameter.replaceAll(/[^\w]/g, '_'), type, index });
    }
    const inputName: InputName = (node, index, id) =>
      parameters.get(id)?.name ?? `${node}:${new Flattener(handle, id).place(index)}`;
    const nodeDef: NodeDef[] = [];
    for (let id = 0; id < size; id++)
      if (!parameters.has(id)) nodeDef.push(this.node(id, inputName));
    const ret: Record<string, string> = {};
    const outputArg: { name: string; type: string }[] = [];
    const results = native.graphResults(handle);
    for (let i = 0; i < results.length; i += 2) {
      const [id, index] = [results[i]!, results[i + 1]!];
      const [, node, ...codes] = native.describeNode(handle, id);
      const key = `result_${i / 2}`;
      ret[key] = inputName(node, index, id);
      outputArg.push({ name: key, type: dataTypeOf(dtypeFromCode(codes[index]!)) });
    }
    const inputs = [...parameters.values()].sort((a, b) => a.index - b.index);
    const inputArg = inputs.map(({ name: parameter, type }) => ({ name: parameter, type }));
    return { signature: { name, inputArg, outputArg }, nodeDef, ret };
  }
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text);
}

function attrOf(kind: string, value: unknown): AttrValue {
  if (kind.startsWith('list(')) return { list: listOf(kind.slice(5, -1), value as unknown[]) };
  if (kind === 'tensor') return { tensor: tensorProto(value as RawTensor) };
  if (kind === 'string') return { s: utf8(String(value)) };
  if (kind === 'int') return { i: value as number | bigint };
  if (kind === 'float') return { f: floatOf(value) };
  if (kind === 'bool') return { b: Boolean(value) };
  if (kind === 'type') return { type: typeOf(value) };
  return { shape: shapeProto(value as (number | null)[] | null) };
}

function listOf(kind: string, values: readonly unknown[]): ListValue {
  if (kind === 'string') return { s: values.map((value) => utf8(String(value))) };
  if (kind === 'int') return { i: values as (number | bigint)[] };
  if (kind === 'float') return { f: values.map(floatOf) };
  if (kind === 'type') return { type: values.map(typeOf) };
  return { shape: values.map((value) => shapeProto(value as (number | null)[] | null)) };
}

function typeOf(value: unknown): string {
  const dtype: DType = isDType(value) ? value : 'float32';
  return dataTypeOf(dtype);
}

/** JSON has no words for what is not finite. */
function floatOf(value: unknown): number | string {
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}
