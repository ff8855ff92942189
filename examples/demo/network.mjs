import * as tw from 'tensorwright';
import { side } from './drawDigits.mjs';

/** The shapes of the weights, by the names that the file has for them. */
export const shapes = {
  'conv1/kernel': [3, 3, 1, 16],
  'conv1/bias': [16],
  'conv2/kernel': [3, 3, 16, 32],
  'conv2/bias': [32],
  'dense/kernel': [7 * 7 * 32, 10],
  'dense/bias': [10],
};

const convolve = (images, kernel, bias) => {
  const sums = tw.conv2d(images, kernel, { strides: [1, 1], padding: 'SAME' });
  return tw.relu(tw.biasAdd(sums, bias));
};

const halve = (images) => tw.maxPool(images, [2, 2], { strides: [2, 2] });

/** From images [n, 28, 28, 1] to logits [n, 10]. The weights are variables or constants. */
function logitsOf(images, weights) {
  const first = halve(convolve(images, weights['conv1/kernel'], weights['conv1/bias']));
  const second = halve(convolve(first, weights['conv2/kernel'], weights['conv2/bias']));
  const flat = tw.reshape(second, [-1, 7 * 7 * 32]);
  return tw.biasAdd(flat.matMul(weights['dense/kernel']), weights['dense/bias']);
}

const imagesOf = () => tw.placeholder('float32', [null, side, side, 1], { name: 'images' });

function initialWeight(shape) {
  if (shape.length === 1) return tw.zeros(shape);
  const fanIn = shape.slice(0, -1).reduce((a, b) => a * b);
  return tw.truncatedNormal(shape).mul(Math.sqrt(2 / fanIn));
}

/** A graph that trains: variables, the loss, and one step of gradient descent. */
export function trainingGraph(seed) {
  const graph = new tw.Graph({ seed });
  return graph.asDefault(() => {
    const weights = Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => [
        name,
        tw.variable(initialWeight(shape), { name }),
      ]),
    );
    const images = imagesOf();
    const labels = tw.placeholder('int32', [null], { name: 'labels' });
    const rate = tw.placeholder('float32', [], { name: 'rate' });
    const logits = logitsOf(images, weights);
    const { loss: losses } = tw.sparseSoftmaxCrossEntropyWithLogits(logits, labels);
    const loss = tw.mean(losses);
    const variables = Object.values(weights);
    const slopes = tw.gradients(loss, variables);
    const step = variables.map((weight, i) => weight.assignSub(slopes[i].mul(rate)));
    return { graph, weights, images, labels, rate, loss, step };
  });
}

/** A graph that classifies: the weights are constants, so that they are packed once. */
export function classifyingGraph(tensors) {
  const graph = new tw.Graph();
  return graph.asDefault(() => {
    const weights = Object.fromEntries(
      Object.entries(tensors).map(([name, value]) => [name, tw.constant(value, { name })]),
    );
    const images = imagesOf();
    const probabilities = tw.softmax(logitsOf(images, weights));
    return { graph, images, probabilities, digits: probabilities.argMax(-1) };
  });
}
