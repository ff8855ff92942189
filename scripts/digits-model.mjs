// Makes examples/fine-tuning/digits.onnx: trains a small network on drawn digits, given as an ONNX
// model with random weights, and writes it again with those that it has learned.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph, ndarray, nn, onnx, placeholder, Session, train } from 'tensorwright';
import { onnxModel } from '../bench/lib/onnxWriter.mjs';
import { randomFloats } from '../bench/lib/random.mjs';
import { drawDigits } from '../examples/demo/drawDigits.mjs';

const dims = {
  'conv1.weight': [8, 1, 3, 3],
  'conv1.bias': [8],
  'conv2.weight': [16, 8, 3, 3],
  'conv2.bias': [16],
  'linear.weight': [10, 16 * 7 * 7],
  'linear.bias': [10],
};
const size = (shape) => shape.reduce((a, b) => a * b, 1);

function modelOf(weights) {
  const conv = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  const pool = { kernel_shape: [2, 2], strides: [2, 2] };
  const nodes = [
    { op: 'Conv', inputs: ['images', 'conv1.weight', 'conv1.bias'], attributes: conv },
    { op: 'Relu' },
    { op: 'MaxPool', attributes: pool },
    { op: 'Conv', inputs: ['', 'conv2.weight', 'conv2.bias'], attributes: conv },
    { op: 'Relu' },
    { op: 'MaxPool', attributes: pool },
    { op: 'Flatten' },
    { op: 'Gemm', inputs: ['', 'linear.weight', 'linear.bias'], attributes: { transB: 1 } },
  ];
  const chain = nodes.map((node, i) => {
    const [first, ...rest] = node.inputs ?? [''];
    const outputs = [i === nodes.length - 1 ? 'logits' : `value${i}`];
    return { ...node, inputs: [first || `value${i - 1}`, ...rest], outputs };
  });
  return onnxModel({
    nodes: chain,
    initializers: Object.entries(dims).map(([name, shape], i) => ({
      name,
      dims: shape,
      data: weights[i],
    })),
    inputs: { images: ['count', 1, 28, 28] },
    outputs: { logits: ['count', 10] },
  });
}

const start = Object.values(dims).map((shape, i) => {
  const scale = shape.length === 1 ? 0 : Math.sqrt(6 / size(shape.slice(1)));
  return randomFloats(size(shape), i + 1).map((value) => value * scale);
});
const count = 20_000;
const epochs = 8;
const graph = new Graph({ seed: 1 });
const { inputs, outputs } = await onnx.load(modelOf(start), { graph, variables: true });
const { labels, loss, step } = graph.asDefault(() => {
  const labels = placeholder('int32', [null]);
  const loss = nn.losses.sparseSoftmaxCrossEntropy(labels, outputs.logits);
  const rate = train.cosineDecay(0.003, { steps: epochs * Math.ceil(count / 64) });
  return { labels, loss, step: train.adam(rate).minimize(loss) };
});
const digits = drawDigits(count, 1);
const images = ndarray(digits.images, { shape: [count, 1, 28, 28] });
const session = new Session(graph);
await session.initialize();
await train.fit({
  session,
  step: { loss, step },
  data: train.data({ images, labels: digits.labels }).shuffle({ seed: 1 }).batch(64),
  feeds: (batch) => [
    [inputs.images, batch.images],
    [labels, batch.labels],
  ],
  epochs,
  callbacks: [train.progress()],
});
const weights = new Map(graph.variables.map((variable) => [variable.name, variable]));
const learned = await session.run(Object.keys(dims).map((name) => weights.get(name)));
await session.close();
const path = join(import.meta.dirname, '../examples/fine-tuning/digits.onnx');
writeFileSync(path, modelOf(learned.map(({ data }) => data)));
