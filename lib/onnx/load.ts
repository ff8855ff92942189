import { EngineError } from '../errors.js';
import { setFeedForm } from '../feedForms.js';
import { Graph } from '../graph.js';
import { placeholder } from '../placeholder.js';
import type { Tensor } from '../tensor.js';
import type { ImportContext, Problem } from './context.js';
import { dataTypeName } from './dataTypes.js';
import { Evaluator } from './evaluator.js';
import { functionsByName } from './functions.js';
import { Importer } from './importer.js';
import { setListType, typeOfValue } from './listTypes.js';
import { feedForm } from './mapFeeds.js';
import {
  type Model,
  metadataOf,
  opsetMap,
  publicOpsets,
  signatureOf,
  trueInputs,
  valueInfo,
} from './model.js';
import { opName } from './names.js';
import { openModel, openModelSync } from './openModel.js';
import type { FunctionProto, GraphProto, ModelProto, Stored, ValueInfoProto } from './proto.js';
import { runAtOnce, runSliced, type Sliced } from './sliced.js';
import type { ModelSource } from './source.js';
import { bytesLeft, readStoredSync, StoredReader } from './stored.js';

export interface LoadSyncOptions {
  /** The graph that takes the ops; a new one by default. */
  readonly graph?: Graph | undefined;
  /** Goes before the names of all ops, as a name scope. */
  readonly prefix?: string | undefined;
  /** Makes weights trainable variables instead of constants. */
  readonly variables?: boolean | undefined;
}

export interface LoadProgress {
  readonly phase: 'read' | 'build';
  /** Bytes when reading, nodes when building. */
  readonly done: number;
  readonly total: number;
}

export interface LoadOptions extends LoadSyncOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** Loads an ONNX model into a graph, letting the event loop turn at least every 5 ms. */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Model> {
  const { signal, onProgress } = options;
  const { proto, file, path } = await openModel(source, signal, (done, total) =>
    onProgress?.({ phase: 'read', done, total }),
  );
  const total = bytesLeft(proto);
  let done = 0;
  const reader = new StoredReader(proto, path, file, options, (length) => {
    done += length;
    onProgress?.({ phase: 'read', done, total });
  });
  // The phases overlap, but who looks on sees one after the other.
  let built: LoadProgress | undefined;
  const onBuilt = (progress: LoadProgress) => {
    built = progress;
    if (reader.isDone) onProgress?.(progress);
  };
  const target = { isSync: false, arrived: (stored: Stored) => reader.arrived(stored) };
  try {
    const model = await runSliced(buildModel(proto, file, options, target, onBuilt), signal);
    if (!reader.isDone) {
      await reader.finish();
      if (built) onProgress?.(built);
    }
    return model;
  } finally {
    await reader.stop();
  }
}

/** As load, in one go. */
export function loadSync(source: ModelSource, options: LoadSyncOptions = {}): Model {
  const { proto, file, path } = openModelSync(source);
  readStoredSync(proto, path, file, options);
  return runAtOnce(buildModel(proto, file, options, { isSync: true }));
}

function* buildModel(
  proto: ModelProto,
  file: string,
  { graph = new Graph(), prefix = '', variables = false }: LoadSyncOptions,
  how: Pick<ImportContext, 'isSync' | 'arrived'>,
  onProgress?: LoadOptions['onProgress'],
): Sliced<Model> {
  const weights = variables ? 'variables' : 'constants';
  const scope = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const built = yield* importModel(
    proto,
    { file, graph, prefix: scope, weights, ...how },
    onProgress,
  );
  if (built.problems.length > 0) throw unsupported(file, built.problems);
  const { inputs, outputs } = built;
  const metadata = metadataOf(proto);
  const signature = signatureOf(proto);
  return { graph, inputs, outputs, metadata, opsets: publicOpsets(proto), signature };
}

/** The tensors of a model's inputs and outputs, and what of it cannot be imported. */
export interface Imported {
  readonly inputs: Readonly<Record<string, Tensor>>;
  /** Those that could be made. */
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly problems: readonly Problem[];
}

/** Bounds of the nodes that are made of a file: functions that call others twice are many soon. */
const kMostNodes = 4000;
const kMostUses = 100;

/** Adds the ops of a model to a graph. */
export function* importModel(
  proto: ModelProto,
  target: Pick<ImportContext, 'file' | 'graph' | 'prefix' | 'weights' | 'isSync' | 'arrived'>,
  onProgress?: LoadOptions['onProgress'],
): Sliced<Imported> {
  const main = mainGraph(proto, target.file);
  const problems: Problem[] = [];
  const total = main.nodes.length;
  let done = 0;
  const onNode = () => {
    done += 1;
    if (done % 64 === 0 || done === total) onProgress?.({ phase: 'build', done, total });
  };
  const opsets = opsetMap(proto.opsetImport);
  const functions = functionsByName(proto.functions);
  const evaluator = new Evaluator(target.graph);
  const written = proto.functions.reduce((sum, fn) => sum + fn.nodes.length, total);
  const left = { nodes: kMostNodes + kMostUses * written };
  const examined = new Set<FunctionProto>();
  const report = { problems, examined, within: [] };
  const shared = { opsets, functions, evaluator, ...report, left, onNode, depth: 0 };
  const importer = new Importer({ ...target, ...shared });
  try {
    const inputs = addInputs(trueInputs(proto), importer);
    yield* addOps(main, importer);
    const outputs: Record<string, Tensor> = {};
    if (target.arrived) yield* importer.arrived(main.outputs.map(({ name }) => name));
    for (const { name } of main.outputs) {
      const tensor = importer.output(name);
      if (tensor) outputs[name] = tensor;
    }
    return { inputs, outputs, problems: distinct(problems) };
  } finally {
    evaluator.close();
  }
}

/** A body may be imported several times, until its shapes are known. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function* addOps(graph: GraphProto, importer: Importer): Sliced<void> {
  for (const tensor of graph.initializers) yield* importer.initializer(tensor);
  importer.sparse(graph);
  yield* importer.nodes(graph);
}

function mainGraph(proto: ModelProto, file: string): GraphProto {
  if (!proto.graph || proto.opsetImport.length === 0) {
    throw new EngineError(
      'DATA_LOSS',
      `${file} has no ${proto.graph ? 'opset' : 'graph'}; the file is damaged or is no ONNX model`,
    );
  }
  return proto.graph;
}

function addInputs(inputs: readonly ValueInfoProto[], importer: Importer): Record<string, Tensor> {
  const { file, graph, prefix, problems } = importer.context;
  const added: Record<string, Tensor> = {};
  for (const input of inputs) {
    const { name, dtype, shape } = valueInfo(input);
    if (dtype === undefined) {
      problems.push({ node: name, op: 'input', why: typeOf(input) });
      importer.values.lose(name);
      continue;
    }
    const dims = shape?.map((dim) => (typeof dim === 'number' ? dim : null)) ?? null;
    if (dims?.some((dim) => dim !== null && !Number.isSafeInteger(dim))) {
      const text = `${file}: input '${name}': the dims [${dims.join(', ')}] are no shape`;
      throw new EngineError('DATA_LOSS', text);
    }
    const asName = `${prefix}${opName(name, 'input')}/`;
    const tensor = placeholder(dtype, dims, { name: asName, graph });
    const list = typeOfValue(input.type)?.entry;
    if (list) setListType(tensor, list);
    const form = feedForm(input.type);
    if (form) setFeedForm(tensor, form);
    importer.values.define(name, tensor);
    added[name] = tensor;
  }
  return added;
}

function typeOf({ type }: ValueInfoProto): string {
  if (type === undefined) return 'an input without a type';
  if (type.kind !== 'tensor') return `a ${type.kind} as input`;
  return `an input of ${dataTypeName(type.elementType)}`;
}

/** One error with all that a model needs and the engine lacks. */
function unsupported(file: string, problems: readonly Problem[]): EngineError {
  const nodes = new Map<string, string[]>();
  for (const { op, why, node } of problems) {
    const key = `${op}: ${why}`;
    const list = nodes.get(key);
    if (list) list.push(node);
    else nodes.set(key, [node]);
  }
  const lines = [...nodes].map(([what, names]) => {
    const shown = names.slice(0, 8).map((name) => `'${name}'`);
    if (names.length > shown.length) shown.push(`${names.length - shown.length} more`);
    return `\n  ${what} (${shown.join(', ')})`;
  });
  return new EngineError('UNIMPLEMENTED', `${file} needs what is not supported:${lines.join('')}`);
}
