import { EngineError } from '../errors.js';
import { dataTypeName } from '../graphdef/dataTypes.js';
import { readFunction, readGradient, readNode, readShape, readVersions } from '../graphdef/read.js';
import type { FunctionDef, GradientDef, GraphDef, NodeDef } from '../graphdef/types.js';
import type { Sliced } from '../sliced.js';
import { WireReader } from '../wire.js';
import type { Asset, Collection, MetaGraph, SignatureProto, TensorInfo } from './proto.js';

const kKind = 'SavedModel';

/** Reads the graph with exactly these tags. */
export function* readMetaGraph(
  bytes: Uint8Array,
  file: string,
  tags: readonly string[],
): Sliced<MetaGraph> {
  const graphs = metaGraphs(bytes, file);
  const wanted = new Set(tags);
  const found = graphs.find(
    (graph) => graph.tags.length === wanted.size && graph.tags.every((tag) => wanted.has(tag)),
  );
  if (found) return yield* readGraph(new WireReader(found.bytes, `'${file}'`, kKind));
  const there = graphs.map((graph) => `[${graph.tags.join(', ')}]`).join(', ') || 'none';
  throw new EngineError(
    'FAILED_PRECONDITION',
    `MetaGraphDef associated with tags '${tags.join(', ')}' could not be found in SavedModel. ` +
      `Tags of the graphs in '${file}': ${there}`,
  );
}

interface Tagged {
  readonly tags: readonly string[];
  readonly bytes: Uint8Array;
}

function metaGraphs(bytes: Uint8Array, file: string): Tagged[] {
  const r = new WireReader(bytes, `'${file}'`, kKind);
  const graphs: Tagged[] = [];
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field !== 2) continue;
    const graph = r.bytes();
    graphs.push({ tags: tagsOf(new WireReader(graph, `'${file}'`, kKind)), bytes: graph });
  }
  return graphs;
}

function tagsOf(r: WireReader): string[] {
  const tags: string[] = [];
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) r.message('meta_info_def', () => readTags(r, tags));
  }
  return tags;
}

function readTags(r: WireReader, tags: string[]): void {
  for (let field = r.next(); field !== 0; field = r.next()) if (field === 4) tags.push(r.string());
}

function* readGraph(r: WireReader): Sliced<MetaGraph> {
  const tags: string[] = [];
  const signatures = new Map<string, SignatureProto>();
  const collections = new Map<string, Collection>();
  const assets: Asset[] = [];
  const untrained = new Set<string>();
  let graph: GraphDef = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) r.message('meta_info_def', () => readTags(r, tags));
    else if (field === 2) graph = yield* r.slicedMessage('graph_def', () => readGraphDef(r));
    else if (field === 4) entry(r, collections, 'collection_def', () => readCollection(r));
    else if (field === 5) entry(r, signatures, 'signature_def', () => readSignature(r));
    else if (field === 6) assets.push(r.message('asset_file_def', () => readAsset(r)));
    else if (field === 7) r.message('object_graph_def', () => readObjects(r, untrained));
  }
  return { tags, graph, signatures, collections, assets, untrained };
}

/** As graphdef/read.ts, node by node. */
function* readGraphDef(r: WireReader): Sliced<GraphDef> {
  const node: NodeDef[] = [];
  const functions: FunctionDef[] = [];
  const gradient: GradientDef[] = [];
  let versions: GraphDef['versions'] = {};
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) node.push(r.message('node', () => readNode(r)));
    else if (field === 2) {
      yield* r.slicedMessage('library', () => readLibrary(r, functions, gradient));
    }
    if (field === 4) versions = r.message('versions', () => readVersions(r));
    yield;
  }
  return { node, library: { function: functions, gradient }, versions };
}

function* readLibrary(
  r: WireReader,
  functions: FunctionDef[],
  gradients: GradientDef[],
): Sliced<void> {
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) functions.push(r.message('function', () => readFunction(r)));
    else if (field === 2) gradients.push(r.message('gradient', () => readGradient(r)));
    yield;
  }
}

/** An entry of a protobuf map. */
function entry<T>(r: WireReader, map: Map<string, T>, name: string, read: () => T): void {
  r.message(name, () => {
    let key = '';
    let value: T | undefined;
    for (let field = r.next(); field !== 0; field = r.next()) {
      if (field === 1) key = r.string();
      else if (field === 2) value = r.message(key, read);
    }
    if (value !== undefined) map.set(key, value);
  });
}

function readSignature(r: WireReader): SignatureProto {
  const inputs = new Map<string, TensorInfo>();
  const outputs = new Map<string, TensorInfo>();
  let methodName = '';
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) entry(r, inputs, 'inputs', () => readInfo(r));
    else if (field === 2) entry(r, outputs, 'outputs', () => readInfo(r));
    else if (field === 3) methodName = r.string();
  }
  return { inputs, outputs, methodName };
}

function readInfo(r: WireReader): TensorInfo {
  let name: string | undefined;
  let dtype = 'DT_0';
  let shape: TensorInfo['shape'] = { unknownRank: true };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) name = r.string();
    else if (field === 2) dtype = dataTypeName(r.int());
    else if (field === 3) shape = r.message('tensor_shape', () => readShape(r));
  }
  return { name, dtype, shape };
}

function readCollection(r: WireReader): Collection {
  const collection: { nodes: string[]; bytes: Uint8Array[] } = { nodes: [], bytes: [] };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) {
      r.message('node_list', () => readAll(r, () => collection.nodes.push(r.string())));
    } else if (field === 2) {
      r.message('bytes_list', () => readAll(r, () => collection.bytes.push(r.bytes())));
    } else if (field === 5) {
      const any = () => collection.bytes.push(r.message('value', () => readAny(r)));
      r.message('any_list', () => readAll(r, any));
    }
  }
  return collection;
}

function readAny(r: WireReader): Uint8Array {
  let value: Uint8Array = new Uint8Array(0);
  for (let field = r.next(); field !== 0; field = r.next()) if (field === 2) value = r.bytes();
  return value;
}

/** The entries of a message that is a list. */
function readAll(r: WireReader, read: () => void): void {
  for (let field = r.next(); field !== 0; field = r.next()) if (field === 1) read();
}

function readAsset(r: WireReader): Asset {
  let tensor = '';
  let file = '';
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) tensor = r.message('tensor_info', () => readInfo(r)).name ?? '';
    else if (field === 2) file = r.string();
  }
  return { tensor, file };
}

/** The assets of older files, which have them in a collection. */
export function assetsOf(graph: MetaGraph, file: string): readonly Asset[] {
  const listed = graph.collections.get('saved_model_assets')?.bytes ?? [];
  const older = listed.map((bytes) => readAsset(new WireReader(bytes, `'${file}'`, kKind)));
  return [...graph.assets, ...older];
}

/** Of the objects that newer files list, variables that are not trained. */
function readObjects(r: WireReader, untrained: Set<string>): void {
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) r.message('nodes', () => readObject(r, untrained));
  }
}

function readObject(r: WireReader, untrained: Set<string>): void {
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field !== 7) continue;
    r.message('variable', () => {
      let name = '';
      let trainable = false;
      for (let inner = r.next(); inner !== 0; inner = r.next()) {
        if (inner === 3) trainable = r.int() !== 0;
        else if (inner === 6) name = r.string();
      }
      if (!trainable) untrained.add(name);
    });
  }
}

/** The name of the variable in an entry of a collection of variables. */
export function variableName(bytes: Uint8Array, file: string): string {
  const r = new WireReader(bytes, `'${file}'`, kKind);
  let name = '';
  for (let field = r.next(); field !== 0; field = r.next()) if (field === 1) name = r.string();
  return name.replace(/:\d+$/, '');
}
