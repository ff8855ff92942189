import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';
import { invalid } from './checkDef.js';

/** What was imported under a name: "a" for an operation, "a:0" for a tensor. */
export function elementNamed(
  name: string,
  added: ReadonlyMap<string, Operation>,
): Operation | Tensor {
  if (!name.includes(':')) {
    const op = added.get(name);
    if (op) return op;
    throw invalid(`Requested return node '${name}' not found in graph def`);
  }
  const match = /^([^:]+):(\d+)$/.exec(name);
  if (!match) throw invalid(`Cannot convert '${name}' to a tensor name.`);
  const op = added.get(match[1]!);
  if (!op) throw invalid(`Requested return tensor '${name}' not found in graph def`);
  const tensor = op.outputs[Number(match[2])];
  if (tensor) return tensor;
  throw invalid(
    `Invalid return output ${match[2]} of node '${match[1]}', which has ${op.outputs.length} output(s)`,
  );
}
