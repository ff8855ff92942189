import { type ArgDescription, native, type OpDescription } from '../binding.js';
import { type DType, dtypeFromCode, isDType } from '../dtype.js';
import { EngineError } from '../errors.js';
import { isRegisteredGradient, overrideGradient } from '../gradientOverride.js';
import { Graph } from '../graph.js';
import { addNode } from '../node.js';
import { runAtOnce, type Sliced } from '../onnx/sliced.js';
import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';
import { countOf, Flattener } from './arguments.js';
import { attrsOf, textOf } from './attrs.js';
import { invalid, parseInput, sorted } from './checkDef.js';
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

/** Adds the nodes of a GraphDef to a graph. Errors name the node. */
export function addNodes(def: GraphDef, target: NodeTarget): Map<string, Operation> {
  return runAtOnce(addingNodes(def, target));
}

/** addNodes that gives way now and then. */
export function addingNodes(def: GraphDef, target: NodeTarget): Sliced<Map<string, Operation>> {
  const functions = new Map(
    (def.library?.function ?? []).map((fn) => [fn.signature.name, fn] as const),
  );
  const bodies = [...functions.values()].flatMap(({ nodeDef = [] }) => nodeDef);
  const left = { nodes: kMostNodes + kMostUses * ((def.node?.length ?? 0) + bodies.length) };
  return new Adder(target, { functions, left, around: [] }).addAll(def.node ?? []);
}

/** Branches that hold others twice each grow fast: nodes for each one that is written. */
const kMostNodes = 4000;
const kMostUses = 100;
/** Branches and loops inside of each other. */
const kDeepest = 100;

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
    const attrs = attrsOf(node, op, (name) => this.#subgraph(name, node));
    const values: Tensor[] = [];
    const controlInputs: Operation[] = [];
    for (const input of node.input ?? []) {
      const found = this.#find(node, input);
      if ('outputs' in found) controlInputs.push(found);
      else values.push(found);
    }
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

  #subgraph(name: string, node: NodeDef) {
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
    graph.asDefault(() => inner.#fill(fn));
    graph.finalize();
    return graph.handle;
  }

  #fill({ signature, nodeDef = [], ret = {} }: FunctionDef): void {
    const { graph } = this.#target;
    for (const [index, { name, type }] of (signature.inputArg ?? []).entries()) {
      const attrs = { index, dtype: dtypeNamed(type), shape: null };
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

/** Throws when the number or the dtypes of the inputs are not those that the attrs ask for. */
function checkInputs(
  node: NodeDef,
  op: OpDescription,
  attrs: Readonly<Record<string, unknown>>,
  values: readonly Tensor[],
  prefix: string,
): void {
  const attr = (name: string) => attrs[name] ?? op.attrs.find((a) => a.name === name)?.defaultValue;
  const expected = op.inputs.flatMap((arg) => {
    const types = dtypesOf(arg, attr);
    return types.map((dtype) => ({ dtype, optional: arg.optional }));
  });
  const least = expected.filter(({ optional }) => !optional).length;
  if (values.length < least || values.length > expected.length) {
    const list = expected.map(({ dtype }) => dtype ?? 'any').join(', ');
    throw invalid(
      `Node '${node.name}': NodeDef expected inputs '${list}' do not match ${values.length} ` +
        'inputs specified',
      node.name,
    );
  }
  for (const [i, { dtype, name }] of values.entries()) {
    const wanted = expected[i]!.dtype;
    if (wanted === undefined || wanted === dtype) continue;
    throw invalid(
      `Input ${i} of node ${prefix}${node.name} was passed ${dtype} from ${name} incompatible with ` +
        `expected ${wanted}.`,
      node.name,
    );
  }
}

function dtypesOf(
  arg: ArgDescription,
  attr: (name: string) => unknown,
): readonly (DType | undefined)[] {
  if (arg.typesAttr) {
    const types = attr(arg.typesAttr);
    return Array.isArray(types) ? types.filter(isDType) : [];
  }
  const given = attr(arg.typeAttr);
  const dtype = arg.dtype ? dtypeFromCode(arg.dtype) : isDType(given) ? given : undefined;
  return Array.from({ length: countOf(arg, attr) }, () => dtype);
}

/** Ops that there are not, all at once with how often they are used. */
export function checkSupported(def: GraphDef): void {
  const missing = new Map<string, number>();
  const bodies = (def.library?.function ?? []).flatMap(({ nodeDef = [] }) => nodeDef);
  for (const { op } of [...(def.node ?? []), ...bodies]) {
    if (!isOp(op)) missing.set(op, (missing.get(op) ?? 0) + 1);
  }
  if (missing.size === 0) return;
  const list = [...missing].map(([op, count]) => `'${op}' (${count})`).sort();
  throw new EngineError('UNIMPLEMENTED', `Op type not registered: ${list.join(', ')}`);
}
