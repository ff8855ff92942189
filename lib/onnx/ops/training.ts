import { gradients } from '../../gradients.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import { castTo } from './numbers.js';
import { upTo } from './shapes.js';

type Step = (part: Part) => readonly Tensor[];

/** One tensor to be optimized: its value and regularized gradient, then its states. */
interface Part {
  readonly x: Tensor;
  readonly gradient: Tensor;
  readonly states: readonly Tensor[];
}

/** Runs a step over all tensors that a node optimizes; inputs and outputs are grouped by role. */
function optimizer(n: ImportNode, states: number, step: Step): readonly Tensor[] {
  const count = (n.inputCount - 2) / (states + 2);
  if (!Number.isInteger(count)) return n.fail(`${n.inputCount} inputs do not make whole groups`);
  const decay = n.attrs.float('norm_coefficient', 0);
  const made = upTo(count).map((i) => {
    const [x, ...rest] = upTo(states + 2).map((role) => n.input(2 + role * count + i));
    const [gradient, ...own] = rest;
    if (!x || !gradient) return n.fail('a group has no value and gradient');
    const regular = decay === 0 ? gradient : add(n, mul(n, x, decay), gradient);
    return step({ x, gradient: regular, states: own });
  });
  return upTo(states + 1).flatMap((role) => made.map((outputs) => outputs[role]!));
}

function add(n: ImportNode, a: Tensor, b: Tensor | number): Tensor {
  return n.op('AddV2', [a, b]);
}

function mul(n: ImportNode, a: Tensor, b: Tensor | number): Tensor {
  return n.op('Mul', [a, b]);
}

function lerp(n: ImportNode, old: Tensor, next: Tensor, keep: number): Tensor {
  return add(n, mul(n, old, keep), mul(n, next, 1 - keep));
}

function adagrad(n: ImportNode): readonly Tensor[] {
  const time = castTo(n, n.input(1), n.x.dtype);
  const rate = n.op('RealDiv', [n.x, add(n, mul(n, time, n.attrs.float('decay_factor', 0)), 1)]);
  const epsilon = n.attrs.float('epsilon', 0);
  return optimizer(n, 1, ({ x, gradient, states }) => {
    const sum = add(n, states[0]!, n.op('Square', [gradient]));
    const size = add(n, n.op('Sqrt', [sum]), epsilon);
    return [n.op('Sub', [x, n.op('RealDiv', [mul(n, gradient, rate), size])]), sum];
  });
}

function adam(n: ImportNode): readonly Tensor[] {
  const [alpha, beta] = [n.attrs.float('alpha', 0.9), n.attrs.float('beta', 0.999)];
  const [epsilon, post] = [n.attrs.float('epsilon', 0), n.attrs.float('norm_coefficient_post', 0)];
  const time = castTo(n, n.input(1), n.x.dtype);
  const left = (base: number) =>
    n.op('Sub', [1, n.op('Pow', [n.constant(base, n.x.dtype, []), time])]);
  const corrected = n.op('RealDiv', [mul(n, n.x, n.op('Sqrt', [left(beta)])), left(alpha)]);
  const rate = n.op('SelectV2', [n.op('Greater', [time, 0]), corrected, n.x]);
  return optimizer(n, 2, ({ x, gradient, states }) => {
    const mean = lerp(n, states[0]!, gradient, alpha);
    const power = lerp(n, states[1]!, n.op('Square', [gradient]), beta);
    const size = add(n, n.op('Sqrt', [power]), epsilon);
    const next = n.op('Sub', [x, n.op('RealDiv', [mul(n, mean, rate), size])]);
    return [post === 0 ? next : mul(n, next, 1 - post), mean, power];
  });
}

function momentum(n: ImportNode): readonly Tensor[] {
  const [alpha, beta] = [n.attrs.float('alpha'), n.attrs.float('beta')];
  const time = castTo(n, n.input(1), n.x.dtype);
  const one = n.constant(1, n.x.dtype, []);
  const weight = n.op('SelectV2', [n.op('Greater', [time, 0]), mul(n, one, beta), one]);
  const isNesterov = n.attrs.string('mode') === 'nesterov';
  return optimizer(n, 1, ({ x, gradient, states }) => {
    const speed = add(n, mul(n, states[0]!, alpha), mul(n, gradient, weight));
    const step = isNesterov ? add(n, gradient, mul(n, speed, alpha)) : speed;
    return [n.op('Sub', [x, mul(n, step, n.x)]), speed];
  });
}

/** The gradients of a value of the model by others, all given by name. */
function gradient(n: ImportNode): readonly Tensor[] {
  const { values } = n.importer;
  const xs = n.attrs.strings('xs').map((name) => values.tensor(name));
  const y = values.tensor(n.attrs.string('y'));
  const found = gradients(y, xs);
  return xs.map((x, i) => n.op('Identity', [found[i] ?? n.op('ZerosLike', [x])]));
}

export const training: Family = {
  Adagrad: adagrad,
  Adam: adam,
  Gradient: gradient,
  Momentum: momentum,
};
