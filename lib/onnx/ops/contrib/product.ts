import type { Tensor } from '../../../tensor.js';
import type { ImportNode } from '../../importNode.js';
import type { Family } from '../../mapping.js';
import { castTo } from '../numbers.js';
import { upTo } from '../shapes.js';
import { activated, plus } from './activation.js';

/** An operand as [batch..., rows, columns], which attributes may say is stored otherwise. */
function turned(n: ImportNode, x: Tensor, batch: boolean, transposed: boolean): Tensor {
  const rank = n.rank(x);
  if (rank < 2 || (!batch && !transposed)) return x;
  // With a batch that comes between the rows and the columns.
  const perm = batch ? [...upTo(rank).slice(1, -1), 0, rank - 1] : upTo(rank);
  if (transposed) perm.push(perm.splice(-2, 1)[0]!);
  return n.op('Transpose', [x, perm]);
}

function fusedProduct(n: ImportNode): Tensor {
  const { attrs } = n;
  const a = turned(n, n.x, attrs.flag('transBatchA'), attrs.flag('transA'));
  const b = turned(n, n.input(1), attrs.flag('transBatchB'), attrs.flag('transB'));
  const product = n.call('MatMul', [a, b]);
  const alpha = attrs.float('alpha', 1);
  return alpha === 1 ? product : n.op('Mul', [product, alpha]);
}

function fusedMatMul(n: ImportNode): Tensor {
  return n.out('Identity', [fusedProduct(n)]);
}

function fusedGemm(n: ImportNode): Tensor {
  const { attrs } = n;
  const y = n.call('Gemm', [n.x, n.input(1), n.optional(2)], n.attrs);
  const params = ['activation_alpha', 'activation_beta', 'activation_gamma'];
  if (params.some((name) => attrs.has(name))) {
    if (attrs.string('activation', '') !== 'LeakyRelu') return n.unsupported('activation_alpha');
    return n.out('LeakyRelu', [y], { alpha: attrs.float('activation_alpha', 0.01) });
  }
  return activated(n, y);
}

function gemmFastGelu(n: ImportNode): Tensor {
  return n.out('GeluTanh', [plus(n, n.call('MatMul', [n.x, n.input(1)]), n.optional(2))]);
}

/** Numbers of a few bits packed into bytes, lowest first, as bytes along the last axis. */
function unpacked(n: ImportNode, x: Tensor, bits: number): Tensor {
  if (bits === 8) return x;
  const mask = n.constant(2 ** bits - 1, 'uint8', []);
  const parts = upTo(8 / bits).map((i) => {
    const shifted = i === 0 ? x : n.op('RightShift', [x, n.constant(i * bits, 'uint8', [])]);
    return n.op('BitwiseAnd', [shifted, mask]);
  });
  const dims = (x.shape ?? n.unsupported('weights of unknown shape')).map((dim) => dim ?? -1);
  const last = dims.pop()!;
  return n.op('Reshape', [n.op('Pack', [parts], { axis: -1 }), [...dims, (last * 8) / bits]]);
}

/** A zero point for each block of each column, as [N, blocks, 1]. */
function blockZeros(n: ImportNode, bits: number, blocks: number, dtype: Tensor['dtype']): Tensor {
  const zeros = n.optional(3);
  if (!zeros) return n.constant(2 ** (bits - 1), dtype, []);
  const columns = n.attrs.int('N');
  if (zeros.dtype !== 'uint8') {
    return n.op('Reshape', [castTo(n, zeros, dtype), [columns, blocks, 1]]);
  }
  const bytes = Math.ceil((blocks * bits) / 8);
  const all = unpacked(n, n.op('Reshape', [zeros, [columns, bytes]]), bits);
  const used = n.op('Slice', [all, [0, 0], [columns, blocks]]);
  return n.op('Reshape', [castTo(n, used, dtype), [columns, blocks, 1]]);
}

function matMulNBits(n: ImportNode): Tensor {
  const { attrs } = n;
  const [bits, block] = [attrs.int('bits', 4), attrs.int('block_size')];
  const [depth, columns] = [attrs.int('K'), attrs.int('N')];
  if (attrs.int('weight_prepacked', 0) !== 0) return n.unsupported('prepacked weights');
  if (n.optional(4)) return n.unsupported('g_idx');
  if (![2, 4, 8].includes(bits)) return n.unsupported(`${bits} bits`);
  const blocks = Math.ceil(depth / block);
  const whole = unpacked(
    n,
    n.op('Reshape', [n.input(1), [columns, (blocks * block * bits) / 8]]),
    bits,
  );
  const values = castTo(n, n.op('Reshape', [whole, [columns, blocks, block]]), 'float32');
  const scales = n.op('Reshape', [castTo(n, n.input(2), 'float32'), [columns, blocks, 1]]);
  const centred = n.op('Sub', [values, blockZeros(n, bits, blocks, 'float32')]);
  const rows = n.op('Reshape', [n.op('Mul', [centred, scales]), [columns, blocks * block]]);
  const used = blocks * block === depth ? rows : n.op('Slice', [rows, [0, 0], [columns, depth]]);
  const weights = n.op('Transpose', [used, [1, 0]]);
  const product = n.call('MatMul', [castTo(n, n.x, 'float32'), weights]);
  const bias = n.optional(5);
  const y = plus(n, product, bias && castTo(n, bias, 'float32'));
  return n.out('Identity', [castTo(n, y, n.x.dtype)]);
}

function matMulInteger16(n: ImportNode): Tensor {
  const dtype = [n.x, n.input(1)].every((x) => x.dtype === 'uint16') ? 'uint32' : 'int32';
  const [a, b] = [n.x, n.input(1)].map((x) => castTo(n, x, dtype));
  return n.out('Identity', [n.call('MatMul', [a, b])]);
}

export const contribProducts: Family = {
  FusedGemm: fusedGemm,
  FusedMatMul: fusedMatMul,
  FusedMatMulActivation: (n) => activated(n, fusedProduct(n)),
  GemmFastGelu: gemmFastGelu,
  MatMulInteger16: matMulInteger16,
  MatMulNBits: matMulNBits,
  TransposeMatMul: fusedMatMul,
};
