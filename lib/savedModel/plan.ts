import { EngineError, invalidArgument } from '../errors.js';
import { parseInput } from '../graphdef/checkDef.js';
import { dropIdleControls } from '../graphdef/idleControls.js';
import type { NodeIndex } from '../graphdef/nodeIndex.js';
import { colocation, inlining, translations } from '../graphdef/steps.js';
import type { GraphDef, NodeDef } from '../graphdef/types.js';
import { type CallResults, rewriting, type Step, WorkGraph } from '../graphdef/workGraph.js';
import type { Sliced } from '../sliced.js';
import { freezeVariables } from './freeze.js';
import type { MetaGraph, SignatureProto } from './proto.js';
import { restoresIn, type Source } from './restores.js';

/** The part of a SavedModel's graph that is wanted. */
export interface LoadPlan {
  readonly def: GraphDef;
  /** How many nodes the file has. */
  readonly written: number;
  readonly calls: CallResults;
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

/** The plan, step by step: the event loop may turn between them. */
export function* planOf(
  meta: MetaGraph,
  wanted: Wanted,
  assets: ReadonlyMap<string, string>,
): Sliced<LoadPlan> {
  const signatures = chosen(meta, wanted.signatures);
  const names = [...namesOf(signatures), ...wanted.elements];
  const graph = new WorkGraph(meta.graph);
  const found: Found = { variables: [], sources: new Map(), tables: new Map() };
  yield;
  yield* rewriting(graph, [
    inlining,
    ...selection(names, assets, found),
    ...translations,
    ...variablesApart(wanted.freeze, found),
  ]);
  return { def: graph.def, written: graph.written, calls: graph.results, signatures, ...found };
}

/** What steps find besides what they change. */
interface Found {
  variables: readonly NodeDef[];
  sources: ReadonlyMap<string, Source>;
  tables: ReadonlyMap<string, string>;
}

/** From the graph of a SavedModel, which can also train and save, to what is wanted of it. */
function selection(
  names: readonly string[],
  assets: ReadonlyMap<string, string>,
  found: Found,
): readonly Step[] {
  return [
    {
      name: 'asset paths',
      purpose: 'The path of an asset is a constant, that of the file in this folder.',
      run: ({ nodes }) => nodes.expand((node) => withAsset(node, assets)),
    },
    {
      name: 'restores',
      purpose: 'Which key of the checkpoint is whose, while the operations that say it are there.',
      run: ({ nodes }) => {
        found.sources = restoresIn(nodes);
      },
    },
    {
      name: 'wanted nodes',
      purpose: 'What the signatures and elements need is left, and what fills their tables.',
      run: ({ nodes, results }) => {
        const wanted = names.map((name) => {
          const { node, index } = parseInput(name);
          return results.get(node)?.[index] ?? node;
        });
        found.tables = keepWanted(nodes, wanted);
      },
    },
  ];
}

/** Steps at the end, where variables are nodes of one op and all of them are needed. */
function variablesApart(freeze: boolean, found: Found): readonly Step[] {
  return [
    {
      name: 'idle controls',
      purpose: 'Where nothing has an effect, nothing waits for another but for its values.',
      run: dropIdleControls,
    },
    {
      name: 'variables apart',
      purpose: 'Variables are no nodes: loading makes them, with their values.',
      run: ({ nodes }) => {
        const isVariable = ({ op }: NodeDef) => op === 'VarHandleOp';
        found.variables = [...nodes].filter(isVariable);
        nodes.expand((node) => (isVariable(node) ? [] : node));
      },
    },
    ...(freeze ? [frozenVariables(found)] : []),
    colocation,
  ];
}

function frozenVariables(found: Found): Step {
  return {
    name: 'frozen variables',
    purpose: 'Values stand in the place of handles, also as arguments of functions.',
    run: (graph) => freezeVariables(graph, found.variables),
  };
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

/** Leaves what is needed and what fills tables among it, and gives names of fillers and tables. */
function keepWanted(nodes: NodeIndex, names: readonly string[]): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  const needed = nodes.needed(names);
  for (const { op, name, input: [table = ''] = [] } of nodes) {
    if (fillsTable.test(op) && needed.has(parseInput(table).node)) tables.set(name, table);
  }
  const kept = nodes.needed([...needed, ...tables.keys()]);
  nodes.expand((node) => (kept.has(node.name) ? node : []));
  return tables;
}

/** Checks what a caller asked for. */
export function checkNames(name: string, names: unknown): readonly string[] {
  if (names === undefined) return [];
  if (Array.isArray(names) && names.every((item) => typeof item === 'string')) return names;
  throw invalidArgument(name, 'a list of names', names);
}
