import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { checkKeys } from '../attrs.js';
import { EngineError, invalidArgument } from '../errors.js';
import type { Graph } from '../graph.js';
import { checkVersions, parseInput } from '../graphdef/checkDef.js';
import { elementNamed } from '../graphdef/elements.js';
import { addingNodes, checkSupported } from '../graphdef/nodes.js';
import { checkPath, type FilePath } from '../io/files.js';
import { checkLoadTarget, loadTarget, loadTargetKeys } from '../loadTarget.js';
import { addTable } from '../lookup/tables.js';
import { Operation } from '../operation.js';
import { runAtOnce, runSliced, type Sliced } from '../sliced.js';
import type { Tensor } from '../tensor.js';
import { type Files, filesAsync, filesSync } from './files.js';
import type { LoadSavedModelOptions, SavedModel, SavedSignature } from './model.js';
import { checkNames, type LoadPlan, planOf } from './plan.js';
import type { MetaGraph } from './proto.js';
import { assetsOf, readMetaGraph } from './read.js';
import { binaryOf } from './text.js';
import { addVariables, type Loaded } from './variables.js';

/**
 * Loads a folder that TensorFlow's `saved_model` wrote, of either version, into a graph: what its
 * signatures need, with functions inlined. Variables begin with the saved values, once
 * `session.initialize()` has run. Lets the event loop turn while it reads.
 */
export async function loadSavedModel(
  folder: FilePath,
  options: LoadSavedModelOptions = {},
): Promise<SavedModel> {
  const { signal } = checkOptions(options);
  signal?.throwIfAborted();
  return runSliced(load(checkPath(folder), options, filesAsync), signal);
}

/** As loadSavedModel, in one go. */
export function loadSavedModelSync(
  folder: FilePath,
  options: LoadSavedModelOptions = {},
): SavedModel {
  checkOptions(options);
  return runAtOnce(load(checkPath(folder), options, filesSync));
}

function checkOptions(options: LoadSavedModelOptions): LoadSavedModelOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument('options', 'an object', options);
  }
  checkKeys('loadSavedModel', options, [
    'tags',
    'signatures',
    'returnElements',
    'freeze',
    'signal',
    ...loadTargetKeys,
  ]);
  checkLoadTarget(options);
  const { freeze } = options;
  for (const name of ['tags', 'signatures', 'returnElements'] as const) {
    checkNames(name, options[name]);
  }
  if (freeze !== undefined && typeof freeze !== 'boolean') {
    throw invalidArgument('freeze', 'a boolean', freeze);
  }
  return options;
}

function* load(folder: string, options: LoadSavedModelOptions, files: Files): Sliced<SavedModel> {
  const { tags = ['serve'], signatures, returnElements = [], freeze = false } = options;
  const { graph, prefix } = loadTarget(options);
  const { path, isText } = modelFile(folder);
  const bytes = yield* files.read(path);
  const binary = isText ? yield* binaryOf(bytes, path) : bytes;
  const meta = yield* readMetaGraph(binary, path, tags);
  checkVersions(meta.graph);
  const assets = assetsOf(meta, path).map(
    ({ tensor, file }) => [parseInput(tensor).node, assetPath(folder, file)] as const,
  );
  const wanted = { signatures, elements: returnElements, freeze };
  const plan = yield* planOf(meta, wanted, new Map(assets));
  yield;
  checkSupported(plan.def);
  const target = { graph, prefix, freeze, folder, files };
  const loaded = yield* addVariables(plan, meta, target);
  const added = yield* addingNodes(plan.def, {
    graph,
    prefix,
    mapped: loaded.mapped,
    written: plan.written,
  });
  loaded.adopt(added);
  for (const [name, table] of plan.tables) {
    const initializer = added.get(name);
    if (initializer) addTable(graph, { name: `${prefix}${parseInput(table).node}`, initializer });
  }
  return modelOf(plan, meta, { graph, added, loaded, elements: returnElements });
}

interface Made {
  readonly graph: Graph;
  readonly added: ReadonlyMap<string, Operation>;
  readonly loaded: Loaded;
  readonly elements: readonly string[];
}

function modelOf(
  plan: LoadPlan,
  meta: MetaGraph,
  { graph, added, loaded, elements }: Made,
): SavedModel {
  const found = (name: string) =>
    loaded.mapped(name.includes(':') ? name : `^${name}`) ?? elementNamed(name, added, plan.calls);
  const signatures: Record<string, SavedSignature> = {};
  for (const [name, { inputs, outputs, methodName }] of plan.signatures) {
    signatures[name] = {
      inputs: tensorsOf(inputs, found),
      outputs: tensorsOf(outputs, found),
      methodName,
    };
  }
  const all = Object.values(signatures);
  const main = signatures.serving_default ?? (all.length === 1 ? all[0] : undefined);
  return {
    graph,
    tags: meta.tags,
    signatures,
    inputs: main?.inputs ?? {},
    outputs: main?.outputs ?? {},
    variables: loaded.variables,
    elements: elements.map(found),
  };
}

function tensorsOf(
  infos: ReadonlyMap<string, { readonly name: string | undefined }>,
  found: (name: string) => Operation | Tensor,
): Record<string, Tensor> {
  const tensors: Record<string, Tensor> = {};
  for (const [key, { name = '' }] of infos) {
    const element = found(name.includes(':') ? name : `${name}:0`);
    if (!(element instanceof Operation)) tensors[key] = element;
  }
  return tensors;
}

/** The file of the model; the one in text only where there is no other. */
function modelFile(folder: string): { readonly path: string; readonly isText: boolean } {
  for (const name of ['saved_model.pb', 'saved_model.pbtxt']) {
    const path = join(folder, name);
    if (existsSync(path)) return { path, isText: name.endsWith('txt') };
  }
  throw new EngineError(
    'NOT_FOUND',
    `SavedModel file does not exist at: ${folder}/{saved_model.pbtxt|saved_model.pb}`,
  );
}

/** Assets lie in the folder of the model, whatever the file says. */
function assetPath(folder: string, file: string): string {
  const assets = join(folder, 'assets');
  const path = join(assets, file);
  if (path.startsWith(join(assets, '/'))) return path;
  throw new EngineError('DATA_LOSS', `the asset '${file}' is not in the folder '${assets}'`);
}
