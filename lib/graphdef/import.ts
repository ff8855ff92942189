import { checkKeys } from '../attrs.js';
import { convertToTensor } from '../convertToTensor.js';
import { getDefaultGraph } from '../defaults.js';
import { invalidArgument } from '../errors.js';
import { Graph } from '../graph.js';
import { addNode } from '../node.js';
import { Operation } from '../operation.js';
import { runAtOnce } from '../sliced.js';
import { Tensor } from '../tensor.js';
import type { Values } from '../value.js';
import { checkGraphDef, checkVersions, invalid, parseInput } from './checkDef.js';
import { elementNamed } from './elements.js';
import { addNodes, checkSupported } from './nodes.js';
import { readGraphDef } from './read.js';
import { colocation, inlining, translations } from './steps.js';
import type { GraphDef } from './types.js';
import { rewriting, WorkGraph } from './workGraph.js';

export interface ImportGraphDefOptions {
  /** The graph that the nodes are added to; default the default graph. */
  readonly graph?: Graph | undefined;
  /**
   * Stands before the names, made unique; default "import". Ending in "/": taken as it is. "": no
   * prefix, and names that are taken are an error.
   */
  readonly prefix?: string | undefined;
  /**
   * What the imported nodes read instead of "a" or "a:0" (a tensor or a value), or wait for instead
   * of "^a" (an operation).
   */
  readonly inputMap?:
    | Readonly<Record<string, Tensor | Operation | Values>>
    | ReadonlyMap<string, Tensor | Operation | Values>
    | undefined;
  /** Names of what is to be given: "a" for an operation, "a:0" for a tensor. */
  readonly returnElements?: readonly string[] | undefined;
}

/**
 * Adds the nodes of a GraphDef, as protobuf or as an object, to a graph; when it fails nothing is
 * added. Variables in it are nodes only: initialise them by their imported assignments.
 */
export function importGraphDef(
  def: Uint8Array | GraphDef,
  options: ImportGraphDefOptions & { readonly returnElements: readonly string[] },
): (Operation | Tensor)[];
export function importGraphDef(
  def: Uint8Array | GraphDef,
  options?: ImportGraphDefOptions,
): (Operation | Tensor)[] | null;
export function importGraphDef(
  def: Uint8Array | GraphDef,
  options: ImportGraphDefOptions = {},
): (Operation | Tensor)[] | null {
  checkKeys('importGraphDef', options, ['graph', 'prefix', 'inputMap', 'returnElements']);
  const { graph = getDefaultGraph(), prefix = 'import', returnElements } = options;
  if (!(graph instanceof Graph)) throw invalidArgument('graph', 'a Graph', graph);
  if (typeof prefix !== 'string') throw invalidArgument('prefix', 'a name', prefix);
  const source: unknown = def instanceof Uint8Array ? readGraphDef(def) : def;
  checkGraphDef(source);
  checkVersions(source);
  const map = inputMapOf(options.inputMap);
  checkReturnElements(returnElements);
  checkMapped(source, map);
  const work = new WorkGraph(source);
  runAtOnce(rewriting(work, [inlining, ...translations, colocation]));
  const own = work.def;
  checkSupported(own);
  if (prefix === '' && [...map.values()].some((x) => !isElement(x))) {
    throw invalid(
      'importGraphDef() requires a non-empty `prefix` if `inputMap` contains non-Tensor values.',
    );
  }
  rehearse(own, work, map, returnElements);
  const scope = prefix === '' ? null : prefix;
  return graph.nameScope(scope, (inScope) => {
    const tensors = new Map<string, Tensor | Operation>();
    for (const [key, value] of map) {
      tensors.set(key, isElement(value) ? value : convertToTensor(value, { graph }));
    }
    for (const element of tensors.values()) graph.checkOwn(element);
    const mapped = lookUp(tensors);
    const added = addNodes(own, { graph, prefix: inScope, mapped, written: work.written });
    return returnElements?.map((name) => elementNamed(name, added, work.results)) ?? null;
  });
}

/** Adds everything to a graph that is thrown away, so that what fails fails before the real one. */
function rehearse(
  def: GraphDef,
  { results, written }: WorkGraph,
  map: ReadonlyMap<string, Tensor | Operation | Values>,
  returnElements: readonly string[] | undefined,
): void {
  const graph = new Graph({ defaultSession: false });
  graph.asDefault(() => {
    const stands = new Map<string, Tensor | Operation>();
    for (const [key, x] of map) {
      if (x instanceof Operation) stands.set(key, addNode(graph, 'NoOp', [], {}));
      else if (x instanceof Tensor) stands.set(key, standIn(graph, x));
      else stands.set(key, convertToTensor(x, { graph }));
    }
    const mapped = lookUp(stands);
    const added = addNodes(def, { graph, prefix: 'import/', mapped, written });
    for (const name of returnElements ?? []) elementNamed(name, added, results);
  });
}

function standIn(graph: Graph, { dtype, shape, op }: Tensor): Tensor {
  const name = /^[A-Za-z0-9.]/.test(op.name) ? op.name : undefined;
  return addNode(graph, 'Placeholder', [], { dtype, shape }, { name }).outputs[0]!;
}

/** "a" and "a:0" are the same input. */
function lookUp(map: ReadonlyMap<string, Tensor | Operation>) {
  return (input: string): Tensor | Operation | undefined => {
    const { node, index } = parseInput(input);
    return map.get(index < 0 ? `^${node}` : `${node}:${index}`);
  };
}

function isElement(x: unknown): x is Tensor | Operation {
  return x instanceof Tensor || x instanceof Operation;
}

/** With keys in their full form. */
function inputMapOf(map: unknown): Map<string, Tensor | Operation | Values> {
  const wrong = () => {
    const text = 'input_map must be a dictionary mapping strings to Tensor objects.';
    return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
  };
  if (map === undefined) return new Map();
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw wrong();
  const entries: [unknown, Tensor | Operation | Values][] =
    map instanceof Map ? [...map] : Object.entries(map);
  return new Map(
    entries.map(([key, value]) => {
      if (typeof key !== 'string') throw wrong();
      const { node, index } = parseInput(key);
      return [index < 0 ? `^${node}` : `${node}:${index}`, value];
    }),
  );
}

/** Keys must be inputs of some node, or outputs of nodes that there are. */
function checkMapped(def: GraphDef, map: ReadonlyMap<string, unknown>): void {
  const used = new Set<string>();
  for (const { input = [] } of def.node ?? []) {
    for (const name of input) {
      const { node, index } = parseInput(name);
      used.add(index < 0 ? `^${node}` : `${node}:${index}`);
    }
  }
  const nodes = new Set((def.node ?? []).map(({ name }) => name));
  const unused = [...map.keys()].filter((key) => {
    const { node, index } = parseInput(key);
    return !used.has(key) && !(nodes.has(node) && index < 1);
  });
  if (unused.length === 0) return;
  throw invalid(`Attempted to map inputs that were not found in graph_def: [${unused.join(', ')}]`);
}

function checkReturnElements(names: unknown): void {
  if (names === undefined) return;
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return;
  const text = 'return_elements must be a list of strings.';
  throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
}
