import type { Operation } from '../operation.js';
import type { Tensor } from '../tensor.js';
import { invalid } from './checkDef.js';
import type { CallResults } from './workGraph.js';

/** What was imported under a name: "a" for an operation, "a:0" for a tensor. */
export function elementNamed(
  name: string,
  added: ReadonlyMap<string, Operation>,
  calls: CallResults,
): Operation | Tensor {
  if (!name.includes(':')) {
    const op = added.get(name);
    if (op) return op;
    throw invalid(`Requested return node '${name}' not found in graph def`);
  }
  const match = /^([^:]+):(\d+)$/.exec(name);
  if (!match) throw invalid(`Cannot convert '${name}' to a tensor name.`);
  const index = Number(match[2]);
  const results = calls.get(match[1]!);
  const op = added.get(results?.[index] ?? match[1]!);
  if (!op) throw invalid(`Requested return tensor '${name}' not found in graph def`);
  const tensor = op.outputs[results && index < results.length ? 0 : index];
  if (tensor) return tensor;
  const count = results?.length ?? op.outputs.length;
  throw invalid(
    `Invalid return output ${index} of node '${match[1]}', which has ${count} output(s)`,
  );
}
