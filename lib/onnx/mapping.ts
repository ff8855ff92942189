import type { Tensor } from '../tensor.js';
import type { ImportNode } from './importNode.js';

/** Adds the ops that do what an ONNX node says; gives the node's outputs. */
export type Mapping = (n: ImportNode) => Tensor | readonly (Tensor | undefined)[];

/**
 * The mappings of one operator by the opset version since which each holds. An operator with one
 * mapping for all versions is written as that function alone.
 */
export type Versions = Mapping | Readonly<Record<number, Mapping>>;

/** Mappings by operator name. */
export type Family = Readonly<Record<string, Versions>>;

/** The mapping of an operator in an opset: the newest one that is not newer than the opset. */
export function mappingFor(versions: Versions, opset: number): Mapping | undefined {
  if (typeof versions === 'function') return versions;
  let best = 0;
  for (const since of Object.keys(versions).map(Number)) {
    if (since <= opset && since > best) best = since;
  }
  return versions[best];
}
