import type { OpDescription } from '../../lib/binding.js';
import type { DType } from '../../lib/dtype.js';
import { EngineError } from '../../lib/errors.js';
import { Graph } from '../../lib/graph.js';
import type { NDArray } from '../../lib/ndArray.js';
import { addOp } from '../../lib/op.js';
import { placeholder } from '../../lib/placeholder.js';
import { Session } from '../../lib/session.js';
import type { StaticShape } from '../../lib/shape.js';
import type { ValueCase } from './case.js';
import { attrsOf, feedsOf, type Instance } from './instances.js';

/** Computes the outputs of the op in a graph of its own. */
export function outputsOf(
  op: OpDescription,
  row: ValueCase,
  instance: Instance,
  shapeOf: (value: NDArray) => StaticShape = () => null,
): readonly NDArray[] {
  const graph = new Graph({ defaultSession: false });
  return graph.asDefault(() => {
    const { operands, feeds } = feedsOf(instance, shapeOf);
    const node = addOp(op.name, operands, attrsOf(op, row, instance.dtype));
    using session = new Session(graph, { threads: 1 });
    return session.runSync([...node.outputs], { feeds });
  });
}

/** The result of work, or the sentence by which it refuses. */
export function attempt<T>(work: () => T): { readonly done: T } | { readonly refused: string } {
  try {
    return { done: work() };
  } catch (error) {
    const told = error instanceof EngineError || (error instanceof TypeError && 'code' in error);
    if (!told || error.message === '') throw error;
    return { refused: error.message };
  }
}

/** Whether the op computes on these inputs instead of refusing them. */
export function accepts(op: OpDescription, row: ValueCase, instance: Instance): boolean {
  return 'done' in attempt(() => outputsOf(op, row, instance, (value) => value.shape));
}

/** Whether [2, 1] and [1, 3] give [2, 3]. */
export function broadcasts(op: OpDescription, row: ValueCase, dtype: DType): boolean {
  const graph = new Graph({ defaultSession: false });
  const added = attempt(() => {
    const inputs = [placeholder(dtype, [2, 1], { graph }), placeholder(dtype, [1, 3], { graph })];
    return addOp(op.name, inputs, attrsOf(op, row, dtype), { graph }).outputs[0]?.shape?.join();
  });
  return 'done' in added && added.done === '2,3';
}
