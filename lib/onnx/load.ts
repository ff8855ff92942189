import { checkKeys } from '../attrs.js';
import { EngineError, invalidArgument } from '../errors.js';
import { checkLoadTarget, type LoadTarget, loadTarget, loadTargetKeys } from '../loadTarget.js';
import { runAtOnce, runSliced, type Sliced } from '../sliced.js';
import type { Tensor } from '../tensor.js';
import type { ImportContext, Problem } from './context.js';
import { Evaluator } from './evaluator.js';
import { functionsByName } from './functions.js';
import { Importer } from './importer.js';
import { addInputs, checkInputShapes, type InputShapes } from './inputs.js';
import {
  type Model,
  metadataOf,
  opsetMap,
  publicOpsets,
  signatureOf,
  trueInputs,
} from './model.js';
import { openModel, openModelSync } from './openModel.js';
import type { FunctionProto, GraphProto, ModelProto, Stored } from './proto.js';
import type { ModelSource } from './source.js';
import { bytesLeft, readStoredSync, StoredReader } from './stored.js';

export interface LoadSyncOptions extends LoadTarget {
  /** Makes weights trainable variables instead of constants. */
  readonly variables?: boolean | undefined;
  /**
   * Shapes of inputs by name, for sizes and ranks that the file leaves open; a size for a dim with a
   * name holds wherever the inputs have that name.
   */
  readonly shapes?: InputShapes | undefined;
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
  checkOptions('onnx.load', options, ['signal', 'onProgress']);
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
  checkOptions('onnx.loadSync', options);
  const { proto, file, path } = openModelSync(source);
  readStoredSync(proto, path, file, options);
  return runAtOnce(buildModel(proto, file, options, { isSync: true }));
}

function checkOptions(place: string, options: LoadOptions, keys: readonly string[] = []): void {
  checkKeys(place, options, [...loadTargetKeys, 'variables', 'shapes', ...keys]);
  checkLoadTarget(options);
  const { variables, onProgress } = options;
  if (variables !== undefined && typeof variables !== 'boolean') {
    throw invalidArgument('variables', 'a boolean', variables);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidArgument('onProgress', 'a function', onProgress);
  }
  checkInputShapes(options.shapes);
}

function* buildModel(
  proto: ModelProto,
  file: string,
  options: LoadSyncOptions,
  how: Pick<ImportContext, 'isSync' | 'arrived'>,
  onProgress?: LoadOptions['onProgress'],
): Sliced<Model> {
  const { graph, prefix } = loadTarget(options);
  const weights = options.variables ? 'variables' : 'constants';
  const { shapes } = options;
  const target = { file, graph, prefix, weights, shapes, ...how } as const;
  const built = yield* importModel(proto, target, onProgress);
  if (built.problems.length > 0) throw unsupported(file, built);
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

type Target = Pick<ImportContext, 'file' | 'graph' | 'prefix' | 'weights' | 'isSync' | 'arrived'> &
  Pick<LoadSyncOptions, 'shapes'>;

/** Adds the ops of a model to a graph. */
export function* importModel(
  proto: ModelProto,
  { shapes, ...target }: Target,
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
    const inputs = addInputs(trueInputs(proto), importer, shapes);
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

/** One error with all that a model needs and the engine lacks. */
function unsupported(file: string, { problems, inputs }: Imported): EngineError {
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
  const open = Object.keys(inputs).filter((name) => !inputs[name]?.shape);
  if (open.length > 0) {
    const names = open.map((name) => `'${name}'`).join(', ');
    lines.push(`\nThe file gives no shape for ${names}; the option shapes can.`);
  }
  return new EngineError('UNIMPLEMENTED', `${file} needs what is not supported:${lines.join('')}`);
}
