import type { DType } from '../dtype.js';
import type { Graph } from '../graph.js';
import type { Tensor } from '../tensor.js';
import { dtypeOfDataType } from './dataTypes.js';
import { typeName, typeOfValue } from './listTypes.js';
import {
  type ModelProto,
  type OperatorSetId,
  standardDomain,
  type ValueInfoProto,
} from './proto.js';

/** An input or output as the file declares it. */
export interface ValueInfo {
  readonly name: string;
  /** As the standard spells it, such as "sequence(tensor(float))". */
  readonly type: string;
  /** variant for sequences and optional values; undefined when the value is nothing that the engine has. */
  readonly dtype: DType | undefined;
  /** Sizes, names of symbolic dims, null for unknown ones; null as a whole for unknown rank. */
  readonly shape: readonly (number | string | null)[] | null;
}

/** Inputs and outputs as a file declares them, with the names of symbolic dims. */
export interface Signature {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** What a model file says about itself. */
export interface ModelMetadata {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: bigint;
  readonly description: string;
  readonly graphName: string;
  /** The key-value pairs of the file. */
  readonly properties: Readonly<Record<string, string>>;
}

/** An imported model: ops in a graph, with the tensors to feed and to fetch by name. */
export interface Model {
  readonly graph: Graph;
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly outputs: Readonly<Record<string, Tensor>>;
  readonly metadata: ModelMetadata;
  /** Versions of the operator sets by domain; the standard's own domain is "ai.onnx". */
  readonly opsets: Readonly<Record<string, number>>;
  readonly signature: Signature;
}

export function metadataOf(model: ModelProto): ModelMetadata {
  return {
    irVersion: model.irVersion,
    producerName: model.producerName,
    producerVersion: model.producerVersion,
    domain: model.domain,
    modelVersion: model.modelVersion,
    description: model.docString,
    graphName: model.graph?.name ?? '',
    properties: Object.fromEntries(model.metadata),
  };
}

/** Operator set versions by domain, with the standard's domain under "". */
export function opsetMap(opsets: readonly OperatorSetId[]): Map<string, number> {
  return new Map(opsets.map(({ domain, version }) => [standardDomain(domain), version]));
}

export function publicOpsets(model: ModelProto): Record<string, number> {
  return Object.fromEntries(
    [...opsetMap(model.opsetImport)].map(([domain, n]) => [domain || 'ai.onnx', n]),
  );
}

export function signatureOf(model: ModelProto): Signature {
  return {
    inputs: trueInputs(model).map(valueInfo),
    outputs: model.graph?.outputs.map(valueInfo) ?? [],
  };
}

export function valueInfo({ name, type }: ValueInfoProto): ValueInfo {
  const typed = { name, type: typeName(type) };
  if (type?.kind !== 'tensor') {
    const isList = typeOfValue(type)?.dtype === 'variant';
    return { ...typed, dtype: isList ? 'variant' : undefined, shape: isList ? [] : null };
  }
  const shape = type.shape?.map((dim) => (typeof dim === 'number' && dim < 0 ? null : dim));
  return { ...typed, dtype: dtypeOfDataType(type.elementType), shape: shape ?? null };
}

/** Inputs that have to be fed: older files list their initializers among the inputs. */
export function trueInputs(model: ModelProto): ValueInfoProto[] {
  const { graph } = model;
  const initialized = new Set(graph?.initializers.map((tensor) => tensor.name));
  return graph?.inputs.filter((input) => !initialized.has(input.name)) ?? [];
}
