import {
  constant,
  Graph,
  gradients,
  nn,
  placeholder,
  relu,
  sum,
  type Tensor,
  train,
  variable,
} from '../../lib/index.js';

const graph = new Graph({ defaultSession: false });
const { x, ids, v, loss } = graph.asDefault(() => {
  const v = variable([1, 2], { name: 'v' });
  return {
    x: placeholder('float32', [2, 6, 6, 4]),
    ids: placeholder('int32', [2, 3]),
    v,
    loss: sum(v) as Tensor<'float32'>,
  };
});
const line = () => constant([1, 0]) as Tensor<'float32'>;
// What a caller without types can write.
const odd = (known: object = {}): never => ({ ...known, actvation: relu }) as never;

const { initializers, losses, metrics } = nn;
const calls: Readonly<Record<string, () => unknown>> = {
  dense: () => nn.dense(x, 3, odd()),
  conv1d: () => nn.conv1d(constant([[[1]]]) as Tensor<'float32'>, 3, 1, odd()),
  conv2d: () => nn.conv2d(x, 3, 3, odd()),
  conv2dTranspose: () => nn.conv2dTranspose(x, 3, 3, odd()),
  depthwiseConv2d: () => nn.depthwiseConv2d(x, 3, odd()),
  dropout: () => nn.dropout(x, 0.5, odd({ training: true })),
  embedding: () => nn.embedding(ids, 4, 3, odd()),
  batchNorm: () => nn.batchNorm(x, odd({ training: true })),
  layerNorm: () => nn.layerNorm(x, odd()),
  rmsNorm: () => nn.rmsNorm(x, odd()),
  groupNorm: () => nn.groupNorm(x, 2, odd()),
  lstm: () => nn.lstm(constant([[[1]]]) as Tensor<'float32'>, 3, odd()),
  gru: () => nn.gru(constant([[[1]]]) as Tensor<'float32'>, 3, odd()),
  multiHeadAttention: () => {
    const rows = constant([[[1, 2]]]) as Tensor<'float32'>;
    return nn.multiHeadAttention(rows, rows, odd({ heads: 2 }));
  },
  positionalEncoding: () => nn.positionalEncoding(constant([[[1, 2]]]) as Tensor<'float32'>, odd()),
  varianceScaling: () => initializers.varianceScaling(odd()),
  randomNormal: () => initializers.randomNormal(odd()),
  sparseSoftmaxCrossEntropy: () => losses.sparseSoftmaxCrossEntropy([0], line(), odd()),
  meanSquaredError: () => losses.meanSquaredError([1, 0], line(), odd()),
  huber: () => losses.huber([1, 0], line(), odd()),
  weightedLoss: () => losses.weightedLoss(line(), odd()),
  accuracy: () => metrics.accuracy([1, 0], line(), odd()),
  auc: () => metrics.auc([1, 0], line(), odd()),
  f1: () => metrics.f1([1, 0], line(), odd()),
  sgd: () => train.sgd(0.1, odd()),
  momentum: () => train.momentum(0.1, odd()),
  nesterov: () => train.nesterov(0.1, odd()),
  adagrad: () => train.adagrad(0.1, odd()),
  adadelta: () => train.adadelta(0.1, odd()),
  rmsProp: () => train.rmsProp(0.1, odd()),
  adam: () => train.adam(0.1, odd()),
  adamW: () => train.adamW(0.1, odd()),
  lamb: () => train.lamb(0.1, odd()),
  ftrl: () => train.ftrl(0.1, odd()),
  lossScale: () => train.lossScale(train.sgd(0.1), odd()),
  exponentialMovingAverage: () => train.exponentialMovingAverage(0.9, odd()),
  exponentialDecay: () => train.exponentialDecay(0.1, odd({ steps: 3, rate: 0.5 })),
  cosineDecay: () => train.cosineDecay(0.1, odd({ steps: 3 })),
  earlyStopping: () => train.earlyStopping(odd({ metric: 'loss' })),
  tensorBoard: () => train.tensorBoard('unused', odd()),
  Checkpoints: () => new train.Checkpoints('unused', odd()),
  EventWriter: () => new train.EventWriter('unused', odd()),
  shuffle: () => train.data([1]).shuffle(odd()),
  batch: () => train.data([1]).batch(1, odd()),
  map: () => train.data([1]).map((n) => n, odd()),
  files: () => train.files('unused', odd()),
  gradients: () => gradients(loss, [v], odd()),
  minimize: () => train.sgd(0.1).minimize(loss, odd()),
  computeGradients: () => train.sgd(0.1).computeGradients(loss, odd()),
  applyGradients: () =>
    train.sgd(0.1).applyGradients(train.sgd(0.1).computeGradients(loss, {}), odd()),
};

test.each(Object.keys(calls))('%s refuses an option that it does not have', (name) => {
  const call = () => graph.asDefault(calls[name]!);
  expect(call).toThrow(TypeError);
  expect(call).toThrow(/the options of .* but received 'actvation'/);
});

test('fit refuses one by a promise', async () => {
  await expect(train.fit(odd())).rejects.toThrow(/the options of fit .* 'actvation'/);
});

test.each([
  ['beta1', () => train.adam(0.1, { beta1: 1.5 })],
  ['rho', () => train.rmsProp(0.1, { rho: -0.1 })],
  ['momentum', () => train.momentum(0.1, { momentum: Number.NaN })],
  ['epsilon', () => train.adam(0.1, { epsilon: -1 })],
  ['l1', () => train.ftrl(0.1, { l1: '1' as never })],
])('%s out of its range is named', (name, call) => {
  expect(call).toThrow(new RegExp(`Expected a number .* for ${name} but received`));
});

test('workers are for modules: a function runs on this thread', () => {
  expect(() => train.data([1]).map((n) => n, { workers: 2 } as never)).toThrow(/'workers'/);
});

test('an activation by its name is told what it has to be', () => {
  expect(() => graph.asDefault(() => nn.dense(x, 3, { activation: 'relu' as never }))).toThrow(
    /Expected a function such as relu for activation/,
  );
});
