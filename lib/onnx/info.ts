import { runAtOnce, runSliced, type Sliced } from '../sliced.js';
import { type CheckOptions, type CheckSyncOptions, checkOptions, problemsOf } from './check.js';
import type { Problem } from './context.js';
import type { InputShapes } from './inputs.js';
import {
  type ModelMetadata,
  metadataOf,
  publicOpsets,
  type Signature,
  signatureOf,
} from './model.js';
import { openModel, openModelSync } from './openModel.js';
import type { GraphProto, ModelProto, TensorProto } from './proto.js';
import { graphsOf } from './sortNodes.js';
import type { ModelSource } from './source.js';
import { shapeOf } from './tensorValue.js';

/** What can be said about a model without running it. */
export interface ModelInfo extends Signature {
  readonly file: string;
  readonly metadata: ModelMetadata;
  readonly opsets: Readonly<Record<string, number>>;
  /** How often each operator is used, in subgraphs too. */
  readonly operators: Readonly<Record<string, number>>;
  /** The number of elements of all weights. */
  readonly parameters: number;
  /** What the engine lacks to run the model; empty when it can be loaded. */
  readonly unsupported: readonly Problem[];
}

/** Looks at a model: inputs, outputs, operators, parameters and all that is not supported. */
export async function info(source: ModelSource, options: CheckOptions = {}): Promise<ModelInfo> {
  checkOptions('onnx.info', options, ['signal']);
  const { signal, shapes } = options;
  const { proto, file } = await openModel(source, signal);
  return runSliced(describe(proto, file, shapes), signal);
}

/** As info, in one go. */
export function infoSync(source: ModelSource, options: CheckSyncOptions = {}): ModelInfo {
  checkOptions('onnx.infoSync', options);
  const { proto, file } = openModelSync(source);
  return runAtOnce(describe(proto, file, options.shapes));
}

function* describe(
  proto: ModelProto,
  file: string,
  shapes: InputShapes | undefined,
): Sliced<ModelInfo> {
  const problems = yield* problemsOf(proto, file, shapes);
  const operators: Record<string, number> = {};
  let parameters = 0;
  for (const graph of proto.graph ? graphsIn(proto.graph) : []) {
    for (const tensor of weightsOf(graph)) {
      parameters += shapeOf(tensor.dims, file).reduce((size, dim) => size * dim, 1);
    }
    for (const { domain, opType } of graph.nodes) {
      const name = domain === '' || domain === 'ai.onnx' ? opType : `${domain}.${opType}`;
      operators[name] = (operators[name] ?? 0) + 1;
      yield;
    }
  }
  return {
    file,
    ...signatureOf(proto),
    metadata: metadataOf(proto),
    opsets: publicOpsets(proto),
    operators: Object.fromEntries(Object.entries(operators).sort()),
    parameters,
    unsupported: problems,
  };
}

function* graphsIn(graph: GraphProto): Generator<GraphProto> {
  yield graph;
  for (const node of graph.nodes) {
    for (const attribute of node.attributes.values()) {
      for (const inner of graphsOf(attribute)) yield* graphsIn(inner);
    }
  }
}

/** Initializers, and the tensors of Constant nodes. */
function* weightsOf(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializers;
  for (const node of graph.nodes) {
    const value = node.opType === 'Constant' ? node.attributes.get('value')?.t : undefined;
    if (value) yield value;
  }
}
