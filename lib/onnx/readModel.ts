import type { Sliced } from '../sliced.js';
import { WireReader } from '../wire.js';
import {
  type AttributeProto,
  emptyAttribute,
  type FunctionProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type OperatorSetId,
  standardDomain,
} from './proto.js';
import { readEntry, readSparseTensor, readTensor, readType, readValueInfo } from './readTensor.js';
import type { Skeleton } from './skeleton.js';

/**
 * Decodes an ONNX file. `file` is its name in errors; weights stay views into `bytes`, or in the
 * file when they are cut out of it.
 */
export function* readModel(
  bytes: Uint8Array,
  file: string,
  cuts?: Skeleton['cuts'],
): Sliced<ModelProto> {
  const r = new WireReader(bytes, file, 'ONNX model', cuts);
  const model: ModelProto = {
    irVersion: 0,
    producerName: '',
    producerVersion: '',
    domain: '',
    modelVersion: 0n,
    docString: '',
    opsetImport: [],
    graph: undefined,
    metadata: new Map(),
    functions: [],
  };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) model.irVersion = r.int();
    else if (field === 2) model.producerName = r.string();
    else if (field === 3) model.producerVersion = r.string();
    else if (field === 4) model.domain = r.string();
    else if (field === 5) model.modelVersion = r.int64();
    else if (field === 6) model.docString = r.string();
    else if (field === 7) model.graph = yield* r.slicedMessage('graph', () => readGraph(r));
    else if (field === 8) model.opsetImport.push(r.message('opset_import', () => readOpset(r)));
    else if (field === 14) readEntry(r, 'metadata_props', model.metadata);
    else if (field === 25) {
      const name = `functions[${model.functions.length}]`;
      model.functions.push(yield* r.slicedMessage(name, () => readFunction(r)));
    }
  }
  return model;
}

function readOpset(r: WireReader): OperatorSetId {
  const opset: OperatorSetId = { domain: '', version: 0 };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) opset.domain = r.string();
    else if (field === 2) opset.version = r.int();
  }
  return opset;
}

function* readGraph(r: WireReader): Sliced<GraphProto> {
  const graph: GraphProto = {
    name: '',
    nodes: [],
    initializers: [],
    sparseInitializers: [],
    inputs: [],
    outputs: [],
    valueInfo: [],
  };
  const place = (name: string, list: readonly unknown[]) => `${name}[${list.length}]`;
  for (let field = r.next(); field !== 0; field = r.next()) {
    yield;
    if (field === 1) {
      graph.nodes.push(yield* r.slicedMessage(place('node', graph.nodes), () => readNode(r)));
    } else if (field === 2) graph.name = r.string();
    else if (field === 5) {
      const name = place('initializer', graph.initializers);
      graph.initializers.push(r.message(name, () => readTensor(r)));
    } else if (field === 11) {
      graph.inputs.push(r.message(place('input', graph.inputs), () => readValueInfo(r)));
    } else if (field === 12) {
      graph.outputs.push(r.message(place('output', graph.outputs), () => readValueInfo(r)));
    } else if (field === 13) {
      graph.valueInfo.push(r.message(place('value_info', graph.valueInfo), () => readValueInfo(r)));
    } else if (field === 15) {
      const name = place('sparse_initializer', graph.sparseInitializers);
      graph.sparseInitializers.push(r.message(name, () => readSparseTensor(r)));
    }
  }
  return graph;
}

function* readNode(r: WireReader): Sliced<NodeProto> {
  const node: NodeProto = {
    name: '',
    opType: '',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: new Map(),
  };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) node.inputs.push(r.string());
    else if (field === 2) node.outputs.push(r.string());
    else if (field === 3) node.name = r.string();
    else if (field === 4) node.opType = r.string();
    else if (field === 5) yield* readAttributeInto(r, node.attributes);
    else if (field === 7) node.domain = standardDomain(r.string());
  }
  return node;
}

function* readAttributeInto(r: WireReader, into: Map<string, AttributeProto>): Sliced<void> {
  const place = `attribute[${into.size}]`;
  const attribute = yield* r.slicedMessage(place, () => readAttribute(r));
  into.set(attribute.name, attribute);
}

function* readAttribute(r: WireReader): Sliced<AttributeProto> {
  const a = emptyAttribute();
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) a.name = r.string();
    else if (field === 2) a.f = r.float();
    else if (field === 3) a.i = r.int64();
    else if (field === 4) a.s = r.bytes();
    else if (field === 5) a.t = r.message('t', () => readTensor(r));
    else if (field === 6) a.g = yield* r.slicedMessage('g', () => readGraph(r));
    else if (field === 7) r.floats(a.floats);
    else if (field === 8) r.int64s(a.ints);
    else if (field === 9) a.strings.push(r.bytes());
    else if (field === 10) a.tensors.push(r.message('tensors', () => readTensor(r)));
    else if (field === 11) a.graphs.push(yield* r.slicedMessage('graphs', () => readGraph(r)));
    else if (field === 14) a.tp = r.message('tp', () => readType(r));
    else if (field === 20) a.type = r.int();
    else if (field === 21) a.refName = r.string();
    else if (field === 22) a.sparse = r.message('sparse_tensor', () => readSparseTensor(r));
  }
  return a;
}

function* readFunction(r: WireReader): Sliced<FunctionProto> {
  const fn: FunctionProto = {
    name: '',
    domain: '',
    inputs: [],
    outputs: [],
    attributes: [],
    defaults: new Map(),
    nodes: [],
    opsetImport: [],
  };
  for (let field = r.next(); field !== 0; field = r.next()) {
    if (field === 1) fn.name = r.string();
    else if (field === 4) fn.inputs.push(r.string());
    else if (field === 5) fn.outputs.push(r.string());
    else if (field === 6) fn.attributes.push(r.string());
    else if (field === 7) {
      const place = `node[${fn.nodes.length}]`;
      fn.nodes.push(yield* r.slicedMessage(place, () => readNode(r)));
    } else if (field === 9) fn.opsetImport.push(r.message('opset_import', () => readOpset(r)));
    else if (field === 10) fn.domain = standardDomain(r.string());
    else if (field === 11) yield* readAttributeInto(r, fn.defaults);
  }
  return fn;
}
