import {
  add,
  constant,
  customGradient,
  exp,
  Graph,
  gradients,
  log,
  matMul,
  mul,
  nn,
  recompute,
  Session,
  sub,
  sum,
  type Tensor,
  tanh,
  train,
  variable,
} from '../../lib/index.js';

let graph: Graph;
let session: Session;
beforeEach(() => {
  graph = new Graph();
  session = new Session(graph);
});
afterEach(() => session.close());
const inGraph = (title: string, fn: () => void) => test(title, () => graph.asDefault(fn));
const valuesOf = (tensors: readonly (Tensor | null)[]) =>
  tensors.map((tensor) => tensor && session.runSync(tensor).toArray());

type F = Tensor<'float32'>;

inGraph('a gradient of its own replaces the derivative', () => {
  // log(1 + e^x), whose derivative overflows for large x when it is left to the rules.
  const log1pexp = customGradient((x: F) => {
    const e = exp(x);
    return {
      value: log(add(e, 1)),
      gradient: (dy) => mul(dy as F, sub(1, constant(1).div(add(e, 1)))),
    };
  });
  const x = constant(100);
  const y = log1pexp(x);
  expect(valuesOf(gradients(log(add(exp(x), 1)), x))).toEqual([NaN]);
  expect(valuesOf(gradients(mul(y, 2), x))).toEqual([2]);
});

inGraph('several values and inputs, some without gradient', () => {
  const calls = customGradient((x: F, _: Tensor<'int32'>, y: F) => ({
    value: [mul(x, 2), mul(y, 3)] as const,
    gradient: (dx, dy) => [add(mul(dx as F, 10), mul(dy as F, 100)), null, null],
  }));
  const [x, y] = [constant([1, 2]), constant([3, 4])];
  const index = constant(0, { dtype: 'int32' });
  const [a, b] = calls(x, index, y);
  expect(valuesOf([a, b])).toEqual([
    [2, 4],
    [9, 12],
  ]);
  expect(valuesOf(gradients([a, b], [x, index, y]))).toEqual([[110, 110], null, [0, 0]]);
  expect(valuesOf(gradients(b, [x]))).toEqual([[100, 100]]);
});

inGraph('a gradient of a gradient of its own', () => {
  const cube = customGradient((x: F) => ({
    value: mul(x, mul(x, x)),
    gradient: (dy) => mul(dy as F, mul(3, mul(x, x))),
  }));
  const x = constant(2);
  const [first] = gradients(cube(x), x);
  expect(valuesOf([first!, ...gradients(first!, x)])).toEqual([12, 12]);
});

inGraph('what is wrong with a gradient is said', () => {
  const x = constant([1, 2]);
  const with_ = (gradient: (dy: Tensor) => unknown) =>
    customGradient((v: F) => ({ value: mul(v, 2), gradient: gradient as never }))(x);
  expect(() => with_((dy) => [dy, dy])).toThrow(
    'Num gradients 2 generated for op CustomGradient do not match num inputs 1',
  );
  expect(() => with_(() => 3)).toThrow(/Expected a tensor or null for gradient 0/);
  expect(() => with_(() => constant([1]))).toThrow(
    /gradient 0 must be of float32 and shape \[2\], got float32 \[1\]/,
  );
  expect(() => customGradient(3 as never)).toThrow(TypeError);
});

inGraph('recomputed functions give the same values and gradients', () => {
  const w = variable([
    [0.5, -0.25],
    [1, 0.75],
  ]);
  const layer = (x: F) => tanh(matMul(x, w.read()));
  const x = constant([[1, 2]]);
  const plain = layer(layer(x));
  const again = recompute(layer)(recompute(layer)(x));
  session.runSync(graph.initializer);
  expect(valuesOf([again])).toEqual(valuesOf([plain]));
  expect(valuesOf(gradients(sum(again), [x, w]))).toEqual(valuesOf(gradients(sum(plain), [x, w])));
});

inGraph('a recomputed model trains', () => {
  const w = variable([1, -2]);
  const loss = recompute((x: F) => sum(mul(x, x)))(w.value);
  const step = train.sgd(0.25).minimize(loss);
  session.runSync(graph.initializer);
  session.runSync(step);
  expect(session.runSync(w).toArray()).toEqual([0.5, -1]);
});

inGraph(
  'what a recomputed function writes is written once; the gradient takes what it gave',
  () => {
    const v = variable(1);
    const counted = recompute((x: F) => mul(x, v.assignAdd(1)));
    const x = constant(3);
    const y = counted(x);
    const [dx] = gradients(y, [x]);
    session.runSync(graph.initializer);
    expect(session.runSync([y, dx!]).map((value) => value.item())).toEqual([6, 2]);
    expect(session.runSync([y, dx!]).map((value) => value.item())).toEqual([9, 3]);
    expect(session.runSync(v).item()).toBe(3);
  },
);

inGraph('a recomputed dropout has the same mask in its gradient', () => {
  const x: F = constant(Array.from({ length: 200 }, (_, i) => 1 + i));
  const drop = (h: F) => nn.dropout(h, 0.5, { training: true });
  const y = recompute((h: F) => mul(drop(h), drop(h)))(x);
  const [dx] = gradients(y, [x]);
  const [value, slope] = session.runSync([y, dx!]).map((v) => Array.from(v, Number));
  // y is c x^2, with c by the masks.
  expect(slope).toEqual(value!.map((v, i) => (2 * v) / (1 + i)));
  const kept = value!.filter((v) => v > 0).length;
  expect(kept).toBeGreaterThan(20);
  expect(kept).toBeLessThan(100);
});

inGraph('draws of a recomputed function within another one are refused by name', () => {
  const x: F = constant([1, 2]);
  const drop = recompute((h: F) => nn.dropout(h, 0.5, { training: true }));
  const y = recompute((h: F) => mul(drop(h), h))(x);
  expect(() => gradients(y, [x])).toThrow(/RandomUniform\) a second time/);
});
