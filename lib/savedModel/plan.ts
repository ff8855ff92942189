import { EngineError, invalidArgument } from '../errors.js';
import { withoutSwitches } from '../graphdef/branches.js';
import { parseInput } from '../graphdef/checkDef.js';
import { closureOf, withoutIdleControls } from '../graphdef/closure.js';
import { withoutFrames } from '../graphdef/frames.js';
import { inlineCalls } from '../graphdef/inline.js';
import { withoutLegacy } from '../graphdef/legacy.js';
import { withoutReferences } from '../graphdef/references.js';
import { withTableTypes } from '../graphdef/tableTypes.js';
import type { FunctionDef, GraphDef, NodeDef } from '../graphdef/types.js';
import type { Sliced } from '../onnx/sliced.js';
import { frozen } from './freeze.js';
import type { MetaGraph, SignatureProto } from './proto.js';
import { restoresIn, type Source } from './restores.js';

/** The part of a SavedModel's graph that is wanted. */
export interface LoadPlan {
  readonly def: GraphDef;
  readonly signatures: ReadonlyMap<string, SignatureProto>;
  /** The nodes of variables, which `def` has not. */
  readonly variables: readonly NodeDef[];
  readonly sources: ReadonlyMap<string, Source>;
  /** The names of operations that fill tables, with those of the tables. */
  readonly tables: ReadonlyMap<string, string>;
}

/** Signatures that are not the model's, but say how to start it. */
const kOwn = '__saved_model_';

const fillsTable = /^(InitializeTableV2|InitializeTableFromTextFileV2|LookupTableImportV2)$/;

export interface Wanted {
  readonly signatures?: readonly string[] | undefined;
  readonly elements: readonly string[];
  readonly freeze: boolean;
}

/** The plan, pass by pass: the event loop may turn between them. */
export function* planOf(
  graph: MetaGraph,
  wanted: Wanted,
  assets: ReadonlyMap<string, string>,
): Sliced<LoadPlan> {
  const signatures = chosen(graph, wanted.signatures);
  const flat = inlineCalls(graph.graph);
  const all = (flat.node ?? []).map((node) => withAsset(node, assets));
  const names = [...namesOf(signatures), ...wanted.elements].map((name) => parseInput(name).node);
  yield;
  const handled = withoutReferences(all);
  yield;
  const needed = withTables(handled, closureOf(handled, names));
  yield;
  const looped = withoutFrames({ ...flat, node: needed.nodes });
  yield;
  const branched = withoutSwitches(looped);
  yield;
  const newer = withTableTypes(withoutLegacy(branched.node ?? []));
  yield;
  const nodes = withoutIdleControls(newer);
  yield;
  const variables = nodes.filter(({ op }) => op === 'VarHandleOp');
  const node = nodes.filter(({ op }) => op !== 'VarHandleOp');
  const functions = functionsOf(node, branched.library?.function ?? []);
  const sources = variables.length > 0 ? restoresIn(all) : new Map<string, Source>();
  const made = wanted.freeze ? frozen(node, functions, variables) : { nodes: node, functions };
  const def = { ...flat, node: made.nodes, library: { function: made.functions } };
  return { def, signatures, variables, sources, tables: needed.tables };
}

function chosen(
  { signatures }: MetaGraph,
  names: readonly string[] | undefined,
): ReadonlyMap<string, SignatureProto> {
  const there = [...signatures.keys()].filter((name) => !name.startsWith(kOwn));
  const found = new Map<string, SignatureProto>();
  for (const name of names ?? there) {
    const signature = signatures.get(name);
    if (!signature) {
      const text = `there is no signature '${name}' in the SavedModel; it has ${there.join(', ') || 'none'}`;
      throw new EngineError('NOT_FOUND', text);
    }
    for (const [key, { name: tensor }] of [...signature.inputs, ...signature.outputs]) {
      if (tensor !== undefined) continue;
      throw new EngineError(
        'UNIMPLEMENTED',
        `signature '${name}': '${key}' is a sparse or composite tensor, which is not supported; ` +
          'say by the option signatures which others are wanted',
      );
    }
    found.set(name, signature);
  }
  return found;
}

function namesOf(signatures: ReadonlyMap<string, SignatureProto>): string[] {
  return [...signatures.values()].flatMap(({ inputs, outputs }) =>
    [...inputs.values(), ...outputs.values()].flatMap(({ name }) => name ?? []),
  );
}

/** The path of an asset is a constant. */
function withAsset(node: NodeDef, assets: ReadonlyMap<string, string>): NodeDef {
  const path = assets.get(node.name);
  if (path === undefined) return node;
  const dtype = { type: 'DT_STRING' };
  const tensor = { dtype: dtype.type, tensorShape: {}, stringVal: [Buffer.from(path)] };
  return { name: node.name, op: 'Const', attr: { dtype, value: { tensor } } };
}

/** The nodes with those that fill the tables among them. */
function withTables(all: readonly NodeDef[], nodes: readonly NodeDef[]) {
  const there = new Set(nodes.map(({ name }) => name));
  const tables = new Map<string, string>();
  for (const { op, name, input: [table = ''] = [] } of all) {
    if (fillsTable.test(op) && there.has(parseInput(table).node)) tables.set(name, table);
  }
  const names = [...there, ...tables.keys()];
  return { tables, nodes: tables.size > 0 ? closureOf(all, names) : nodes };
}

/** The functions that nodes refer to, and those that these refer to. */
function functionsOf(nodes: readonly NodeDef[], library: readonly FunctionDef[]): FunctionDef[] {
  const byName = new Map(library.map((fn) => [fn.signature.name, fn] as const));
  const kept = new Map<string, FunctionDef>();
  const open = [...nodes];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const { func, list } of Object.values(node.attr ?? {})) {
      for (const { name } of [...(func ? [func] : []), ...(list?.func ?? [])]) {
        const fn = byName.get(name);
        if (!fn || kept.has(name)) continue;
        const nodeDef = withoutLegacy(fn.nodeDef ?? []);
        kept.set(name, { ...fn, nodeDef });
        open.push(...nodeDef);
      }
    }
  }
  return [...kept.values()];
}

/** Checks what a caller asked for. */
export function checkNames(name: string, names: unknown): readonly string[] {
  if (names === undefined) return [];
  if (Array.isArray(names) && names.every((item) => typeof item === 'string')) return names;
  throw invalidArgument(name, 'a list of names', names);
}
