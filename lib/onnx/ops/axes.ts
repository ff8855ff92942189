import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { axesVector, lengthOf, placed, plus, repeated, unsqueeze } from './shapes.js';

/** The dims without those of the axes, or with a 1 at each of them, as the run finds them. */
function dynamicDims(n: ImportNode, rank: number, isInserted: boolean): Tensor {
  const count = lengthOf(n, n.input(1));
  const total = isInserted ? plus(n, count, rank) : rank;
  const axes = axesVector(n, n.input(1), total);
  const marks = placed(n, repeated(n, 0, total), axes, repeated(n, 1, count));
  const others = n.op('Where', [n.op('Equal', [marks, n.constant(0, 'int64', [])])]);
  const dims = n.op('Shape', [n.x], { out_type: 'int64' });
  if (isInserted) {
    const left = n.op('Reshape', [others, [rank]]);
    return n.op('ScatterElements', [repeated(n, 1, total), left, dims], { axis: 0 });
  }
  const kept = typeof count === 'number' ? rank - count : -1;
  return n.op('GatherV2', [dims, n.op('Reshape', [others, [kept]]), 0]);
}

function squeezeInput(n: ImportNode): Tensor {
  if (!n.optional(1) || n.constantInput(1)) return squeeze(n, axesInput(n, 1));
  return n.out('Reshape', [n.x, dynamicDims(n, n.rank(), false)]);
}

function unsqueezeInput(n: ImportNode): Tensor {
  const axes = n.constantInput(1);
  if (axes) return unsqueezeNode(n, axes);
  return n.out('Reshape', [n.x, dynamicDims(n, n.rank(), true)]);
}

function squeeze(n: ImportNode, axes: readonly number[] | undefined): Tensor {
  if (!axes) return n.out('Squeeze', [n.x]);
  if (axes.length === 0) return n.out('Identity', [n.x]);
  return n.out('Squeeze', [n.x], { squeeze_dims: [...axes] });
}

function unsqueezeNode(n: ImportNode, axes: readonly number[]): Tensor {
  if (axes.every((axis) => axis < 0)) {
    // From the last on, places that count from the end hold without knowing the rank.
    const fromEnd = axes.toSorted((a, b) => b - a);
    return n.out('Identity', [fromEnd.reduce((y, axis) => n.op('ExpandDims', [y, axis]), n.x)]);
  }
  const rank = axes.some((axis) => axis < 0) ? n.rank() + axes.length : 0;
  const places = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  return n.out('Identity', [unsqueeze(n, n.x, places)]);
}

/** The axes of an input, undefined when it is left out. */
export function axesInput(n: ImportNode, index: number): readonly number[] | undefined {
  if (!n.optional(index)) return undefined;
  const axes = n.needKnown(index, 'axes');
  return axes.every(Number.isInteger) ? axes : n.fail('axes have to be integers');
}

export const axes: Family = {
  Squeeze: {
    1: (n) => squeeze(n, n.attrs.ints('axes', undefined)),
    13: squeezeInput,
  },
  Unsqueeze: {
    1: (n) => unsqueezeNode(n, n.attrs.ints('axes')),
    13: unsqueezeInput,
  },
};
