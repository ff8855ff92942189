// What TensorFlow's own tests assert of gradients; titles begin with the case's id.
import {
  add,
  addOp,
  argMax,
  cast,
  constant,
  floorDiv,
  Graph,
  gradients,
  hessian,
  hessianVectorProduct,
  identity,
  jacobian,
  matMul,
  mul,
  preventGradient,
  Session,
  split,
  square,
  stopGradient,
  sum,
  type Tensor,
  transpose,
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

inGraph('grad-002 an output without gradient counts as zeros', () => {
  const w = constant([[1, 2, 3, 4]]);
  const halves = split(1, matMul(constant([[2]]), w), 2) as readonly Tensor<'float32'>[];
  expect(valuesOf(gradients(sum(halves[1]!), [w]))).toEqual([[[0, 0, 2, 2]]]);
});

inGraph('grad-003 nothing is differentiated past x', () => {
  const x = identity(constant([1, 2]));
  const z = add(add(x, 1), 1);
  expect(valuesOf(gradients(z, [x]))).toEqual([[1, 1]]);
});

inGraph('grad-004 an x may depend on another', () => {
  const x = constant(1);
  const y = mul(x, 2);
  expect(valuesOf(gradients(mul(y, 3), [x, y]))).toEqual([6, 3]);
});

inGraph('grad-005 all uses of a value add up', () => {
  const x = constant(1);
  const y = mul(x, 2);
  const z = addOp('AddN', [Array.from({ length: 10 }, () => y)]).outputs[0]!;
  expect(valuesOf(gradients(z, [x, y]))).toEqual([20, 10]);
});

inGraph('grad-006 ys may depend on each other', () => {
  const x = constant(3);
  const y = square(x);
  const y2 = square(square(y));
  expect(valuesOf(gradients([y, y2], x))).toEqual([17502]);
  expect(valuesOf(gradients(add(y, y2), x))).toEqual([17502]);
});

inGraph('grad-009 zeros for what is not connected, when asked', () => {
  const x = constant([
    [1, 2],
    [3, 4],
  ]);
  const v = variable([1, 2]);
  const y = constant(3);
  expect(gradients(y, [x, v])).toEqual([null, null]);
  const zeros = gradients(y, [x, v], { unconnected: 'zero' });
  session.runSync(graph.initializer);
  expect(valuesOf(zeros)).toEqual([
    [
      [0, 0],
      [0, 0],
    ],
    [0, 0],
  ]);
});

inGraph('grad-010 any other word for what is not connected', () => {
  const x = constant(1);
  expect(() => gradients(x, x, { unconnected: 'nonsense' as never })).toThrow(
    "Unknown value for unconnected_gradients: 'nonsense'",
  );
});

inGraph('grad-011 stopGradient', () => {
  const x = constant(1);
  expect(gradients(stopGradient(x), x)).toEqual([null]);
});

inGraph('grad-012 preventGradient', () => {
  const x = constant([1, 2]);
  const y = preventGradient(x, { message: 'no' });
  expect(y.shape).toEqual([2]);
  expect(valuesOf([y])).toEqual([[1, 2]]);
  expect(() => gradients(y, x)).toThrow('Gradient explicitly disabled. Reason: no');
});

inGraph('grad-013 complex ys need a gradient that flows in', () => {
  const x = constant([{ re: 1, im: 2 }], { dtype: 'complex64' });
  expect(() => gradients(identity(x), x)).toThrow(
    'Gradients of complex tensors must set grad_ys (y.dtype = complex64)',
  );
  const given = constant([{ re: 3, im: 4 }], { dtype: 'complex64' });
  expect(valuesOf(gradients(identity(x), x, { gradYs: [given] }))).toEqual([[{ re: 3, im: 4 }]]);
});

const a = [
  [1, 2, -1],
  [0.5, 3, 1],
  [2, -2, 4],
];
const symmetric = a.map((row, i) => row.map((v, j) => v + a[j]![i]!));

function quadratic(): { x: Tensor<'float32'>; y: Tensor<'float32'> } {
  const x = constant([1, -2, 3]);
  const column = x.reshape([3, 1]);
  return { x, y: sum(matMul(transpose(column, [1, 0]), matMul(constant(a), column))) };
}

inGraph('grad-014 the Hessian of a quadratic form', () => {
  const { x, y } = quadratic();
  expect(valuesOf([hessian(y, x)])).toEqual([symmetric]);
});

inGraph('grad-015 the Hessian by a matrix', () => {
  const x = constant([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
    [9, 10, 11, 12],
  ]);
  const y = sum(mul(matMul(transpose(x, [1, 0]), x), 0.5));
  const second = hessian(y, x);
  expect(second.shape).toEqual([3, 4, 3, 4]);
  const { data } = session.runSync(second);
  // Of the sum of squares of row sums, halved: 1 within a row, 0 between rows.
  data.forEach((value, at) => {
    const [row, other] = [Math.floor(at / 48), Math.floor(at / 4) % 3];
    expect(value).toBe(row === other ? 1 : 0);
  });
});

inGraph('grad-016 a product with the Hessian', () => {
  const { x, y } = quadratic();
  const v = [2, 1, -1];
  const expected = symmetric.map((row) => row.reduce((total, h, j) => total + h * v[j]!, 0));
  expect(valuesOf(hessianVectorProduct(y, [x], [constant(v)]))).toEqual([expected]);
  expect(hessianVectorProduct(mul(x, 2), [x], [constant(v)])).toEqual([null]);
  expect(() => hessianVectorProduct(y, [x], [])).toThrow('xs and v must have the same length.');
});

inGraph('the Jacobian', () => {
  const x = constant([1, 2, 3]);
  const y = mul(square(x), constant([[1], [2]])).sum(1);
  expect(valuesOf([jacobian(y, x)])).toEqual([
    [
      [2, 4, 6],
      [4, 8, 12],
    ],
  ]);
  const v = variable([1, 2]);
  session.runSync(graph.initializer);
  expect(valuesOf([jacobian(mul(v.value, 3), v)])).toEqual([
    [
      [3, 0],
      [0, 3],
    ],
  ]);
});

inGraph('grad-021 quotients', () => {
  const [x, y] = [constant(2), constant(4)];
  expect(valuesOf(gradients(x.div(y), [x, y]))).toEqual([0.25, -0.125]);
  expect(gradients(floorDiv(x, y), [x, y])).toEqual([null, null]);
});

inGraph('the path ends where the result does not move', () => {
  const x = constant([1, 2]);
  expect(gradients(cast(argMax(x, 0), 'float32'), x)).toEqual([null]);
});

inGraph('what is wrong is said', () => {
  const x = constant([1, 2]);
  expect(() => gradients(constant([1], { dtype: 'int32' }), x)).toThrow(
    /Gradients of tensors must be floating, got dtype int32/,
  );
  expect(() => gradients(x, x, { gradYs: [x, x] })).toThrow('Passed 2 grad_ys for 1 ys');
  expect(() => gradients(x, x, { gradYs: [constant([1])] })).toThrow(
    /the gradient given for .* must be of float32 and shape \[2\], got float32 \[1\]/,
  );
  expect(() => gradients(3 as never, x)).toThrow(TypeError);
  expect(() => gradients(x, x, { gradYs: [['a', 'b']] })).toThrow(
    "Expected a number (float32) for gradYs[0][0] but received 'a'",
  );
  expect(() => gradients(x, x, { gradYs: 3 as never })).toThrow('Expected a list of tensors');
  expect(() => gradients(x, x, { stopGradients: [null as never] })).toThrow(
    'Expected tensors or variables for stopGradients but received null',
  );
});

test('tensors at which gradients stop are constants, also when they are asked for', () => {
  new Graph().asDefault(() => {
    const a = constant(3);
    const b = mul(a, 2);
    const y = add(mul(a, b), b);
    using session = new Session(a.graph);
    const found = (stopGradients: Tensor[]) =>
      gradients(y, [a, b], { stopGradients }).map((g) => g && session.runSync(g).item());
    expect(found([])).toEqual([14, 4]);
    expect(found([b])).toEqual([6, 4]);
    expect(found([a])).toEqual([14, 4]);
    expect(found([a, b])).toEqual([6, 4]);
    const [none] = gradients(mul(b, 2), [a], { stopGradients: [b] });
    expect(none).toBeNull();
  });
});

test('values may flow into ys, and gradients stop at variables', () => {
  new Graph().asDefault(() => {
    const v = variable([3, 4]);
    const y = mul(v, 2);
    using session = new Session(v.graph);
    session.initializeSync();
    const [dv] = gradients(y, v, { gradYs: [[1, 0]] });
    expect(session.runSync(dv!).toArray()).toEqual([2, 0]);
    const [dy] = gradients(mul(y, v), y, { stopGradients: [v], gradYs: [1].map(() => v) });
    expect(session.runSync(dy!).toArray()).toEqual([9, 16]);
  });
});
