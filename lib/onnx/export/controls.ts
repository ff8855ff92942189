import { type GraphHandle, native } from '../../binding.js';
import type { Problem } from './context.js';

/** Stateful ops that change nothing and stop nothing: waiting for them has no effect. */
const harmless: ReadonlySet<string> = new Set([
  'HashTableV2',
  'LookupTableExportV2',
  'LookupTableFindV2',
  'LookupTableSizeV2',
  'Multinomial',
  'MutableHashTableV2',
  'NoOp',
  'RandomShuffle',
  'RandomStandardNormal',
  'RandomUniform',
  'RandomUniformInt',
  'ReadVariableOp',
  'TruncatedNormal',
  'VarHandleOp',
  'VarIsInitializedOp',
]);

/**
 * The effects that nodes wait for by control dependencies, which ONNX does not have: writes,
 * checks, prints, calls of the host. What is waited for and has no effect is left out in silence.
 */
export function lostEffects(
  handle: GraphHandle,
  ids: readonly number[],
  prefix: string,
): readonly Problem[] {
  const exported = new Set(ids);
  const problems: Problem[] = [];
  const seen = new Set<number>();
  for (const id of ids) {
    const open = [...native.nodeControls(handle, id)];
    for (let from = open.pop(); from !== undefined; from = open.pop()) {
      if (from < 0 || exported.has(from) || seen.has(from)) continue;
      seen.add(from);
      const [op, name] = native.describeNode(handle, from);
      if (native.describeOp(op).stateful && !harmless.has(op)) {
        const [, waiting] = native.describeNode(handle, id);
        const why = `'${prefix}${waiting}' waits for it, which ONNX cannot say`;
        problems.push({ node: prefix + name, op, why });
      }
      open.push(...native.nodeControls(handle, from));
      open.push(...native.nodeInputs(handle, from).filter((_, i) => i % 2 === 0));
    }
  }
  return problems;
}
