import { EngineError } from '../errors.js';
import type { Sliced } from '../sliced.js';
import type { AttributeProto, GraphProto, NodeProto } from './proto.js';

/**
 * The nodes in an order in which each comes after what it reads. Files list them so already, but
 * not all of them; a cycle or a value that is made twice is an error. Constants may be
 * repeated, as some optimizers leave them.
 */
export function* sortNodes(graph: GraphProto, where: string): Sliced<readonly NodeProto[]> {
  const maker = new Map<string, number>();
  for (const [index, node] of graph.nodes.entries()) {
    for (const output of node.outputs) {
      if (output === '') continue;
      const isAgain = maker.has(output) && node.opType !== 'Constant';
      if (isAgain) throw invalid(`${where}: two nodes make the value '${output}'`);
      maker.set(output, index);
    }
  }
  const waiting = new Int32Array(graph.nodes.length);
  const readers = new Map<number, number[]>();
  const ready: number[] = [];
  let inOrder = true;
  for (const [index, node] of graph.nodes.entries()) {
    yield;
    const before = new Set<number>();
    for (const name of valuesRead(node)) {
      const from = maker.get(name);
      if (from !== undefined) before.add(from);
    }
    waiting[index] = before.size;
    if (before.size === 0) ready.push(index);
    for (const from of before) {
      if (from >= index) inOrder = false;
      const list = readers.get(from);
      if (list) list.push(index);
      else readers.set(from, [index]);
    }
  }
  if (inOrder) return graph.nodes;
  const sorted: NodeProto[] = [];
  for (let at = 0; at < ready.length; at++) {
    const index = ready[at]!;
    sorted.push(graph.nodes[index]!);
    for (const reader of readers.get(index) ?? []) {
      waiting[reader]!--;
      if (waiting[reader] === 0) ready.push(reader);
    }
  }
  if (sorted.length === graph.nodes.length) return sorted;
  const stuck = graph.nodes[waiting.findIndex((count) => count > 0)];
  throw invalid(`${where}: node '${stuck?.name}' (${stuck?.opType}) depends on its own output`);
}

/** The values that a node reads, also those that its subgraphs take from outside. */
export function* valuesRead(node: NodeProto): Generator<string> {
  yield* node.inputs;
  for (const attribute of node.attributes.values()) {
    for (const graph of graphsOf(attribute)) yield* capturedValues(graph);
  }
}

export function graphsOf(attribute: AttributeProto): readonly GraphProto[] {
  return attribute.g ? [attribute.g] : attribute.graphs;
}

/** Names that a subgraph reads and does not make. */
export function capturedValues(graph: GraphProto): Set<string> {
  const own = new Set<string>(graph.inputs.map((input) => input.name));
  for (const tensor of graph.initializers) own.add(tensor.name);
  for (const { values } of graph.sparseInitializers) if (values) own.add(values.name);
  for (const node of graph.nodes) for (const output of node.outputs) own.add(output);
  const captured = new Set<string>();
  for (const node of graph.nodes) {
    for (const name of valuesRead(node)) if (name !== '' && !own.has(name)) captured.add(name);
  }
  for (const { name } of graph.outputs) if (!own.has(name)) captured.add(name);
  return captured;
}

function invalid(message: string): EngineError {
  return new EngineError('INVALID_ARGUMENT', message);
}
