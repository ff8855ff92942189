import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { over, type Size, shapeOf, sizeOf, times } from './shapes.js';

/** The dims of an image [N, C, H, W]. */
function imageDims(n: ImportNode): readonly [batch: Size, c: Size, h: Size, w: Size] {
  const [batch, c, h, w] = [0, 1, 2, 3].map((axis) => sizeOf(n, n.x, axis));
  return [batch!, c!, h!, w!];
}

function depthToSpace(n: ImportNode): Tensor {
  const [batch, c, h, w] = imageDims(n);
  const b = n.attrs.int('blocksize');
  const depth = over(n, c, b * b);
  const isCrd = n.attrs.string('mode', 'DCR') === 'CRD';
  const split = isCrd ? [batch, depth, b, b, h, w] : [batch, b, b, depth, h, w];
  const perm = isCrd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  const blocks = n.op('Transpose', [n.op('Reshape', [n.x, shapeOf(n, split)]), perm]);
  const whole = [batch, depth, times(n, h, b), times(n, w, b)];
  return n.out('Reshape', [blocks, shapeOf(n, whole)]);
}

function spaceToDepth(n: ImportNode): Tensor {
  const [batch, c, h, w] = imageDims(n);
  const b = n.attrs.int('blocksize');
  const [rows, columns] = [over(n, h, b), over(n, w, b)];
  const split = n.op('Reshape', [n.x, shapeOf(n, [batch, c, rows, b, columns, b])]);
  const isCrd = n.attrs.string('mode', 'DCR') === 'CRD';
  const perm = isCrd ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
  const moved = n.op('Transpose', [split, perm]);
  return n.out('Reshape', [moved, shapeOf(n, [batch, times(n, c, b * b), rows, columns])]);
}

export const blocks: Family = { DepthToSpace: depthToSpace, SpaceToDepth: spaceToDepth };
