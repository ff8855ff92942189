import { type GraphHandle, native } from '../binding.js';
import { EngineError } from '../errors.js';
import { isRegisteredGradient, overrideGradient } from '../gradientOverride.js';
import { Graph } from '../graph.js';
import { addNode } from '../node.js';
import type { Operation } from '../operation.js';
import { formatShape, type StaticShape } from '../shape.js';
import { runAtOnce, type Sliced } from '../sliced.js';
import type { Tensor } from '../tensor.js';
import { Flattener } from './arguments.js';
import { attrsOf, textOf } from './attrs.js';
import { invalid, parseInput, sorted } from './checkDef.js';
import { checkInputs } from './checkInputs.js';
import { dtypeNamed } from './dataTypes.js';
import { isOp } from './opFacts.js';
import type { FunctionDef, GraphDef, NodeDef } from './types.js';

export interface NodeTarget {
  readonly graph: Graph;
  /** "" or ending in "/". */
  readonly prefix: string;
  /** What stands for an input, if it is mapped. */
  readonly mapped: (input: string) => Tensor | Operation | undefined;
}

/** How many nodes there were before functions were copied for their uses. */
interface Written {
  readonly written: number;
}

/** Adds the nodes of a GraphDef to a graph. Errors name the node. */
export function addNodes(def: GraphDef, target: NodeTarget & Written): Map<string, Operation> {
  return runAtOnce(addingNodes(def, target));
}

/** addNodes that gives way now and then. */
export function addingNodes(
  def: GraphDef,
  target: NodeTarget & Written,
): Sliced<Map<string, Operation>> {
  const functions = new Map(
    (def.library?.function ?? []).map((fn) => [fn.signature.name, fn] as const),
  );
  const left = { nodes: kMostNodes + kMostUses * target.written };
  return new Adder(target, { functions, left, around: [] }).addAll(def.node ?? []);
}

/** Branches that hold others twice each grow fast: nodes for each one that is written. */
const kMostNodes = 4000;
const kMostUses = 100;
/** Branches and loops inside of each other. */
const kDeepest = 100;
/** Loops inside of each other whose variables get shapes, for which bodies are made anew. */
const kDeepestShaped = 3;

interface Library {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** How many nodes may still be added, everywhere. */
  readonly left: { nodes: number };
  /** The functions whose bodies are being added. */
  readonly around: readonly string[];
}

class Adder {
  readonly #target: NodeTarget;
  readonly #library: Library;
  readonly #added = new Map<string, Operation>();
  readonly #parameters = new Map<string, Tensor>();

  constructor(target: NodeTarget, library: Library) {
    this.#target = target;
    this.#library = library;
  }

  *addAll(nodes: readonly NodeDef[]): Sliced<Map<string, Operation>> {
    const { mapped } = this.#target;
    const names = new Set(nodes.map(({ name }) => name));
    const sources = (node: NodeDef) =>
      (node.input ?? []).flatMap((input) => (mapped(input) ? [] : this.#nodeOf(input, names)));
    for (const node of sorted(nodes, sources)) {
      this.#added.set(node.name, this.#add(node));
      yield;
    }
    for (const node of nodes) this.#colocate(node);
    return this.#added;
  }

  /** "a" for "a", "a:1", "^a" and, inside functions, "a:output:1". */
  #nodeOf(input: string, names: ReadonlySet<string>): string {
    const plain = parseInput(input).node;
    return names.has(plain) ? plain : plain.replace(/:[^:]*$/, '');
  }

  #add(node: NodeDef): Operation {
    const { graph, prefix } = this.#target;
    this.#library.left.nodes -= 1;
    if (this.#library.left.nodes < 0) {
      throw invalid('The functions of the library hold each other too often');
    }
    const op = native.describeOp(node.op);
    const values: Tensor[] = [];
    const controlInputs: Operation[] = [];
    for (const input of node.input ?? []) {
      const found = this.#find(node, input);
      if ('outputs' in found) controlInputs.push(found);
      else values.push(found);
    }
    const loop = isLoop(node) ? this.#loop(node, values) : undefined;
    const attrs = attrsOf(node, op, (name) =>
      loop && name === loop.name ? loop.body : this.#subgraph(name, node, loop?.shapes),
    );
    checkInputs(node, op, attrs, values, prefix);
    const name = `${prefix}${node.name}`;
    if (native.findNode(graph.handle, name) >= 0) {
      throw invalid(`Node name '${name}' already exists in the Graph`, name);
    }
    const device = node.device || undefined;
    const options = { name: `${name}/`, device, controlInputs };
    const added = addNode(graph, node.op, values, attrs, options);
    const gradient = node.attr?._gradient_op_type?.s;
    if (gradient !== undefined && isRegisteredGradient(textOf(gradient))) {
      overrideGradient(added, textOf(gradient));
    }
    return added;
  }

  #find(node: NodeDef, input: string): Tensor | Operation {
    const known = this.#target.mapped(input) ?? this.#parameters.get(input);
    if (known) return known;
    const { node: name, index } = parseInput(input);
    const op = this.#added.get(name);
    if (op && index < 0) return op;
    const found = op ? op.outputs[index] : this.#inFunction(name, index);
    if (found) return found;
    if (!op) throw invalid(`Node '${node.name}': Unknown input node '${input}'`, node.name);
    throw invalid(
      `Node '${node.name}': Connecting to invalid output ${index} of source node ${name} which ` +
        `has ${op.outputs.length} outputs`,
      node.name,
    );
  }

  /** "a:output:1", where `name` is "a:output". */
  #inFunction(name: string, index: number): Tensor | undefined {
    const match = /^(.*):([^:]+)$/.exec(name);
    const op = match ? this.#added.get(match[1]!) : undefined;
    if (!op) return undefined;
    return op.outputs[new Flattener(op.graph.handle, op.id).flat(match![2]!, index)];
  }

  #colocate(node: NodeDef): void {
    const groups = (node.attr?._class?.list?.s ?? []).map(textOf);
    const others = groups.flatMap((group) => {
      if (!group.startsWith('loc:@')) return [];
      const other = this.#added.get(group.slice(5));
      if (other) return other;
      const name = group.slice(5);
      throw invalid(
        `Node '${node.name}' expects to be colocated with unknown node '${name}'`,
        name,
      );
    });
    if (others.length > 0) this.#added.get(node.name)!.colocate(others);
  }

  /**
   * The body of a loop whose variables keep the shapes of their first values as far as it gives
   * them back: what is known of them makes plans static, and values that can be stacked.
   */
  #loop(node: NodeDef, values: readonly Tensor[]) {
    const name = node.attr?.body?.func?.name;
    if (name === undefined || this.#library.around.length >= kDeepestShaped) return undefined;
    let shapes: readonly StaticShape[] = values.map(({ shape }) => shape);
    for (let tries = 0; tries < 2; tries++) {
      const body = this.#shapedBody(name, node, shapes);
      if (!body) return undefined;
      const after = resultShapes(body);
      const common = shapes.map((shape, i) => commonShape(shape, after[i] ?? null));
      if (shapes.every((shape, i) => formatShape(shape) === formatShape(common[i]!))) {
        return { name, body, shapes };
      }
      shapes = common;
    }
    return undefined;
  }

  /** Undefined where a body does not go with the shapes, or for other faults: told without them. */
  #shapedBody(name: string, node: NodeDef, shapes: readonly StaticShape[]) {
    try {
      return this.#subgraph(name, node, shapes);
    } catch (error) {
      if (error instanceof EngineError) return undefined;
      throw error;
    }
  }

  #subgraph(name: string, node: NodeDef, shapes: readonly StaticShape[] = []) {
    const { functions, around } = this.#library;
    const fn = functions.get(name);
    if (!fn) {
      throw invalid(`Node '${node.name}': function '${name}' is not in the library`, node.name);
    }
    if (around.includes(name) || around.length >= kDeepest) {
      const how = around.includes(name) ? 'holds itself' : `lies in more than ${kDeepest} others`;
      throw invalid(`Node '${node.name}': function '${name}' ${how}`, node.name);
    }
    const graph = new Graph({ defaultSession: false });
    const inside = { ...this.#library, around: [...around, name] };
    const inner = new Adder({ graph, prefix: '', mapped: () => undefined }, inside);
    graph.asDefault(() => inner.#fill(fn, shapes));
    graph.finalize();
    return graph.handle;
  }

  #fill({ signature, nodeDef = [], ret = {} }: FunctionDef, shapes: readonly StaticShape[]): void {
    const { graph } = this.#target;
    for (const [index, { name, type }] of (signature.inputArg ?? []).entries()) {
      const attrs = { index, dtype: dtypeNamed(type), shape: shapes[index] ?? null };
      const op = addNode(graph, 'Parameter', [], attrs, { name: `parameter_${index}/` });
      this.#parameters.set(name, op.outputs[0]!);
    }
    runAtOnce(this.addAll(nodeDef));
    const results: number[] = [];
    for (const { name } of signature.outputArg ?? []) {
      const found = this.#find({ name, op: 'result' }, ret[name] ?? name);
      if ('outputs' in found) throw invalid(`function '${signature.name}' gives no '${name}'`);
      results.push(found.op.id, found.index);
    }
    native.setResults(graph.handle, results);
  }
}

function isLoop({ op }: NodeDef): boolean {
  return op === 'While' || op === 'StatelessWhile';
}

function resultShapes(graph: GraphHandle): StaticShape[] {
  const results = native.graphResults(graph);
  return Array.from({ length: results.length / 2 }, (_, i) =>
    native.outputShape(graph, results[2 * i]!, results[2 * i + 1]!),
  );
}

/** What two shapes have in common: unknown where they differ. */
function commonShape(a: StaticShape, b: StaticShape): StaticShape {
  if (a === null || a.length !== b?.length) return null;
  return a.map((dim, i) => (dim === b[i] ? dim : null));
}

/** Ops that there are not, all at once, each with a node that has it and how many others. */
export function checkSupported(def: GraphDef): void {
  const missing = new Map<string, NodeDef[]>();
  const bodies = (def.library?.function ?? []).flatMap(({ nodeDef = [] }) => nodeDef);
  for (const node of [...(def.node ?? []), ...bodies]) {
    if (isOp(node.op)) continue;
    const found = missing.get(node.op);
    if (found) found.push(node);
    else missing.set(node.op, [node]);
  }
  if (missing.size === 0) return;
  const list = [...missing].map(([op, [first, ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `'${op}' (node '${first!.name}'${more})`;
  });
  throw new EngineError('UNIMPLEMENTED', `Op type not registered: ${list.sort().join(', ')}`);
}
