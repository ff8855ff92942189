import { native } from '../binding.js';
import { countOf } from './arguments.js';
import { invalid } from './checkDef.js';
import type { NodeDef } from './types.js';

let stateful: ReadonlyMap<string, boolean> | undefined;

function ops(): ReadonlyMap<string, boolean> {
  stateful ??= new Map(native.listOps().map((op) => [op.name, op.stateful]));
  return stateful;
}

export function isOp(op: string): boolean {
  return ops().has(op);
}

/** Whether what an operation gives, or does, may differ from run to run. */
export function hasState(op: string): boolean {
  return op !== 'NoOp' && (ops().get(op) ?? !stateless.test(op));
}

/** Ops with state that change nothing which another op could notice. */
const quiet =
  /^(ReadVariableOp|VarHandleOp|VarIsInitializedOp|Placeholder|.*HashTable.*|Lookup.*(Find|Size|Export)V2|.*Random.*|.*Normal|Multinomial)$/;

/** Ops without state that TensorFlow has and the registry lacks, as far as they come in functions. */
const stateless = /^(Add|Select|Concat|Gather|BatchMatMul|L2Loss|Snapshot|StopGradient)$/;

/** Whether an operation has to run for what it does, not for what it gives. */
export function isEffect(op: string): boolean {
  const known = effects.get(op);
  if (known !== undefined) return known;
  const found = (ops().get(op) ?? !stateless.test(op)) && !quiet.test(op);
  // Names come from files: those of the registry are enough to remember.
  if (isOp(op)) effects.set(op, found);
  return found;
}

const effects = new Map<string, boolean>();

/** The flat index of a node's output. */
export function outputIndex(node: NodeDef, output: string): number {
  if (!isOp(node.op)) return 0;
  const attr = (name: string): unknown => {
    const { i, list } = node.attr?.[name] ?? {};
    return i ?? list?.type;
  };
  let first = 0;
  for (const arg of native.describeOp(node.op).outputs) {
    if (arg.name === output) return first;
    first += countOf(arg, attr);
  }
  throw invalid(`Node '${node.name}': ${node.op} has no output '${output}'`, node.name);
}
