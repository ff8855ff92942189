// A transformer of 170 MB and a convolutional network of 100 MB, with random weights.
import { onnxModel } from './onnxWriter.mjs';
import { randomFloats } from './random.mjs';

class Builder {
  nodes = [];
  initializers = [];
  #count = 0;

  weight(...dims) {
    const name = `w${this.initializers.length}`;
    const data = randomFloats(
      dims.reduce((a, b) => a * b, 1),
      this.initializers.length + 1,
    );
    const scale = 1 / Math.sqrt(dims.length > 1 ? data.length / dims.at(-1) : 4);
    for (let i = 0; i < data.length; i++) data[i] *= scale;
    this.initializers.push({ name, dims, data });
    return name;
  }

  constant(values, dims, Type = Float32Array) {
    const name = `c${this.initializers.length}`;
    this.initializers.push({ name, dims, data: Type.from(values) });
    return name;
  }

  add(op, inputs, attributes = {}) {
    const output = `t${this.#count++}`;
    this.nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  }

  model(inputs, output, dims) {
    this.nodes.push({ op: 'Identity', inputs: [output], outputs: ['y'] });
    const { nodes, initializers } = this;
    return onnxModel({ nodes, initializers, inputs, outputs: { y: dims } }, 17);
  }
}

const width = 512;
const heads = 8;

function attention(b, x) {
  const shape = b.constant([0n, 0n, BigInt(heads), BigInt(width / heads)], [4], BigInt64Array);
  const [q, k, v] = [0, 1, 2].map((i) => {
    const all = b.add('Add', [b.add('MatMul', [x, b.weight(width, width)]), b.weight(width)]);
    return b.add('Transpose', [b.add('Reshape', [all, shape])], {
      perm: i === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3],
    });
  });
  const scores = b.add('Mul', [b.add('MatMul', [q, k]), b.constant([0.125], [])]);
  const mixed = b.add('MatMul', [b.add('Softmax', [scores], { axis: -1 }), v]);
  const back = b.constant([0n, 0n, BigInt(width)], [3], BigInt64Array);
  const joined = b.add('Reshape', [b.add('Transpose', [mixed], { perm: [0, 2, 1, 3] }), back]);
  return b.add('Add', [b.add('MatMul', [joined, b.weight(width, width)]), b.weight(width)]);
}

function gelu(b, x) {
  const erf = b.add('Erf', [b.add('Div', [x, b.constant([Math.SQRT2], [])])]);
  const half = b.add('Mul', [x, b.constant([0.5], [])]);
  return b.add('Mul', [half, b.add('Add', [erf, b.constant([1], [])])]);
}

function normalized(b, x) {
  const ones = b.constant(new Array(width).fill(1), [width]);
  return b.add('LayerNormalization', [x, ones, b.weight(width)], { axis: -1 });
}

/** Twelve layers of width 512 over embedded tokens, and the scores of 10,000 words: 170 MB. */
export function transformer() {
  const b = new Builder();
  let x = 'x';
  for (let layer = 0; layer < 12; layer++) {
    x = normalized(b, b.add('Add', [x, attention(b, x)]));
    const wide = b.add('Add', [
      b.add('MatMul', [x, b.weight(width, 4 * width)]),
      b.weight(4 * width),
    ]);
    const narrow = b.add('MatMul', [gelu(b, wide), b.weight(4 * width, width)]);
    x = normalized(b, b.add('Add', [x, b.add('Add', [narrow, b.weight(width)])]));
  }
  const words = b.add('MatMul', [x, b.weight(width, 10_000)]);
  return b.model({ x: [1, 'tokens', width] }, words, [1, 'tokens', 10_000]);
}

function convolution(b, x, from, to, size, stride = 1) {
  const pad = (size - 1) / 2;
  const attributes = {
    kernel_shape: [size, size],
    strides: [stride, stride],
    pads: [pad, pad, pad, pad],
  };
  return b.add('Conv', [x, b.weight(to, from, size, size), b.weight(to)], attributes);
}

const relu = (b, x) => b.add('Relu', [x]);

/** Fifty layers with bottlenecks, as in residual networks: 100 MB. */
export function cnn() {
  const b = new Builder();
  let x = relu(b, convolution(b, 'x', 3, 64, 7, 2));
  x = b.add('MaxPool', [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
  let channels = 64;
  for (const [inner, blocks] of [
    [64, 3],
    [128, 4],
    [256, 6],
    [512, 3],
  ]) {
    for (let block = 0; block < blocks; block++) {
      const stride = block === 0 && inner > 64 ? 2 : 1;
      const narrow = relu(b, convolution(b, x, channels, inner, 1));
      const seen = relu(b, convolution(b, narrow, inner, inner, 3, stride));
      const wide = convolution(b, seen, inner, 4 * inner, 1);
      const past = block === 0 ? convolution(b, x, channels, 4 * inner, 1, stride) : x;
      x = relu(b, b.add('Add', [wide, past]));
      channels = 4 * inner;
    }
  }
  const pooled = b.add('Flatten', [b.add('GlobalAveragePool', [x])]);
  const classes = b.add('Gemm', [pooled, b.weight(channels, 1000), b.weight(1000)]);
  return b.model({ x: ['n', 3, 224, 224] }, classes, ['n', 1000]);
}
