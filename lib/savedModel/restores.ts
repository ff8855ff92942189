import { EngineError } from '../errors.js';
import { parseInput } from '../graphdef/checkDef.js';
import type { NodeIndex } from '../graphdef/nodeIndex.js';
import type { NodeDef } from '../graphdef/types.js';
import { bytesOf } from '../graphdef/write.js';
import type { Extent } from './sliceKey.js';

/** Where a variable's value is in a checkpoint. */
export interface Source {
  readonly key: string;
  /** The part of the saved tensor that is this variable. */
  readonly slice?: readonly Extent[] | undefined;
}

/**
 * Where the values of variables are, by the names of the variables' nodes, as the operations that
 * restore them in TensorFlow say it.
 */
export function restoresIn(nodes: NodeIndex): Map<string, Source> {
  const follow = (ref: string) => origin(ref, nodes);
  const found = new Map<string, Source>();
  for (const { op, input = [] } of nodes) {
    if (op !== 'AssignVariableOp' && op !== 'Assign') continue;
    const [handle, value] = input.slice(0, 2).map(follow);
    if (!handle?.node || value?.node?.op !== 'RestoreV2') continue;
    const [, names, slices] = (value.node.input ?? []).map((ref) => textsOf(follow(ref).node));
    const key = names?.[value.index];
    if (key === undefined || found.has(handle.node.name)) continue;
    found.set(handle.node.name, { key, slice: sliceOf(slices?.[value.index] ?? '', key) });
  }
  return found;
}

/** What gives a value, through ops that only hand it on. */
function origin(ref: string, nodes: NodeIndex) {
  let { node: name, index } = parseInput(ref);
  for (let steps = 0; steps <= nodes.size; steps++) {
    const node = nodes.get(name);
    const [from] = node?.input ?? [];
    const handsOn = node && (node.op === 'Identity' || node.op === 'Reshape');
    if (!handsOn || from === undefined) return { node, index };
    ({ node: name, index } = parseInput(from));
  }
  return { node: undefined, index };
}

function textsOf(node: NodeDef | undefined): readonly string[] {
  const texts = node?.op === 'Const' ? node.attr?.value?.tensor?.stringVal : undefined;
  return (texts ?? []).map((bytes) => Buffer.from(bytesOf(bytes)).toString());
}

/** "10 4 0,5:-": the whole shape, then start and length of each dim, "-" for all of it. */
function sliceOf(text: string, key: string): readonly Extent[] | undefined {
  const parts = text.trim().split(' ');
  const extents = parts.pop() ?? '';
  if (extents === '') return undefined;
  return extents.split(':').map((extent) => {
    if (extent === '-') return { start: 0, length: -1 };
    const [start, length] = extent.split(',').map(Number);
    if (Number.isSafeInteger(start) && Number.isSafeInteger(length)) {
      return { start: start!, length: length! };
    }
    throw new EngineError('DATA_LOSS', `'${key}' is restored from '${text}', which is no slice`);
  });
}
