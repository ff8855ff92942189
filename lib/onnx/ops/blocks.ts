import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';

/** The dims of an image [N, C, H, W], of which only N may be unknown. */
function imageDims(n: ImportNode): readonly [batch: number, c: number, h: number, w: number] {
  const [batch, c, h, w] = n.x.shape ?? [];
  if (typeof c !== 'number' || typeof h !== 'number' || typeof w !== 'number') {
    return n.unsupported('an image of unknown size');
  }
  return [batch ?? -1, c, h, w];
}

function depthToSpace(n: ImportNode): Tensor {
  const [batch, c, h, w] = imageDims(n);
  const b = n.attrs.int('blocksize');
  const depth = c / (b * b);
  const isCrd = n.attrs.string('mode', 'DCR') === 'CRD';
  const split = isCrd ? [batch, depth, b, b, h, w] : [batch, b, b, depth, h, w];
  const perm = isCrd ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  const blocks = n.op('Transpose', [n.op('Reshape', [n.x, split]), perm]);
  return n.out('Reshape', [blocks, [batch, depth, h * b, w * b]]);
}

function spaceToDepth(n: ImportNode): Tensor {
  const [batch, c, h, w] = imageDims(n);
  const b = n.attrs.int('blocksize');
  const blocks = n.op('Reshape', [n.x, [batch, c, h / b, b, w / b, b]]);
  const moved = n.op('Transpose', [blocks, [0, 3, 5, 1, 2, 4]]);
  return n.out('Reshape', [moved, [batch, c * b * b, h / b, w / b]]);
}

export const blocks: Family = { DepthToSpace: depthToSpace, SpaceToDepth: spaceToDepth };
