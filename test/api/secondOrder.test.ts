import {
  add,
  cond,
  constant,
  Graph,
  gradients,
  greater,
  hessian,
  hessianVectorProduct,
  jacobian,
  less,
  matMul,
  mul,
  placeholder,
  prod,
  Session,
  sin,
  sum,
  type Tensor,
  tanh,
  variable,
  whileLoop,
} from '../../lib/index.js';

type Vector = readonly number[];

/** A function of a vector, evaluated by a graph of its own that is made once. */
function evaluated(make: (x: Tensor<'float64'>) => Tensor, size: number) {
  const graph = new Graph({ defaultSession: false });
  const { x, y } = graph.asDefault(() => {
    const x = placeholder('float64', [size]);
    return { x, y: make(x) };
  });
  const session = new Session(graph, { threads: 1 });
  session.initializeSync();
  const at = (value: Vector) =>
    Array.from(session.runSync(y, { feeds: [[x, [...value]]] }) as Iterable<number>, Number);
  return { at, [Symbol.dispose]: () => session[Symbol.dispose]() };
}

/** The rows of the derivative of f, by central differences. */
function differences(f: (x: Vector) => Vector, x: Vector): number[][] {
  const step = 1e-5;
  const columns = x.map((v, k) => {
    const [up, down] = [f(x.with(k, v + step)), f(x.with(k, v - step))];
    return up.map((a, i) => (a - down[i]!) / (2 * step));
  });
  return columns[0]!.map((_, i) => columns.map((column) => column[i]!));
}

function expectClose(got: Vector, wanted: Vector): void {
  expect(got).toHaveLength(wanted.length);
  for (const [k, v] of got.entries()) {
    if (!(Math.abs(v - wanted[k]!) <= 1e-6 * (1 + Math.abs(wanted[k]!))))
      throw new Error(`[${k}]: ${v}, by differences ${wanted[k]}`);
  }
}

type F = (x: Tensor<'float64'>) => Tensor<'float64'>;
const int = (n: number) => constant(n, { dtype: 'int32' });
const f64 = (values: number | number[] | number[][]) => constant(values, { dtype: 'float64' });

const loop =
  (count: number, step: (h: Tensor<'float64'>, x: Tensor<'float64'>) => Tensor<'float64'>): F =>
  (x) =>
    whileLoop(
      (i) => less(i, int(count)),
      (i, h, x) => [add(i, int(1)), step(h, x), x],
      [int(0), x, x],
    )[1];

const branches =
  (yes: F, no: F): F =>
  (x) =>
    cond(
      greater(sum(x), f64(0)),
      () => yes(x),
      () => no(x),
    );

const paths: Record<string, F> = {
  'no control flow': (x) => mul(sin(x), x),
  'a branch': branches(
    (x) => mul(mul(x, x), x),
    (x) => sin(x),
  ),
  'the other branch': branches(
    (x) => x,
    (x) => mul(sin(x), x),
  ),
  'a loop': loop(3, (h, x) => mul(sin(h), x)),
  'a loop that runs once': loop(1, (h, x) => mul(h, x)),
  'a loop that never runs': (x) => mul(loop(0, (h) => sin(h))(x), x),
  'a loop with a matrix': (x) => {
    const w = constant(
      [
        [0.5, -0.25, 0.75],
        [1, 0.5, -0.5],
        [0.25, 0.5, 1],
      ],
      { dtype: 'float64' },
    );
    return loop(3, (h, x) => add(tanh(sum(mul(w, h), 1)), x))(x);
  },
  'a branch in a loop': loop(3, (h, x) =>
    branches(
      (a) => mul(a, x),
      (a) => sin(mul(a, x)),
    )(h),
  ),
  'a loop in a branch': branches(
    (x) => x,
    loop(2, (h, x) => mul(sin(h), x)),
  ),
  'a loop in a loop': loop(2, (h, x) => mul(loop(2, (a) => sin(a))(h), x)),
  'a loop of as many iterations as the data say': (x) =>
    whileLoop(
      (h) => less(sum(mul(h, h)), f64(30)),
      (h) => [mul(add(h, x), f64(1.25))],
      [x],
    )[0],
};

const at = [0.6, -1.1, 0.3];

test.each(Object.keys(paths))('the jacobian through %s', (path) => {
  using f = evaluated(paths[path]!, 3);
  using slopes = evaluated((x) => jacobian(paths[path]!(x), x), 3);
  expectClose(slopes.at(at), differences(f.at, at).flat());
});

test.each(Object.keys(paths))('second derivatives through %s', (path) => {
  const first = (x: Tensor<'float64'>) => gradients(paths[path]!(x), [x])[0]!;
  const along = [1, -2, 0.5];
  using slopes = evaluated(first, 3);
  using full = evaluated((x) => hessian(paths[path]!(x), x), 3);
  using product = evaluated(
    (x) => hessianVectorProduct(paths[path]!(x), [x], [f64(along)])[0] ?? mul(x, f64(0)),
    3,
  );
  const wanted = differences(slopes.at, at);
  expectClose(full.at(at), wanted.flat());
  expectClose(
    product.at(at),
    wanted.map((row) => row.reduce((total, v, k) => total + v * along[k]!, 0)),
  );
});

test('second derivatives by a variable that a loop reads', () => {
  const graph = new Graph();
  graph.asDefault(() => {
    const w = variable(
      f64([
        [0.5, 0.25],
        [-0.75, 1],
      ]),
      { name: 'w' },
    );
    const v = constant(
      [
        [1, -1],
        [0.5, 2],
      ],
      { dtype: 'float64' },
    );
    const [, h] = whileLoop(
      (i) => less(i, int(3)),
      (i, h) => [add(i, int(1)), tanh(matMul(w.read(), h))],
      [int(0), f64([[1], [2]])],
    );
    const loss = sum(mul(h, h));
    const [slope] = gradients(loss, [w]);
    const [product] = hessianVectorProduct(loss, [w], [v]);
    const move = placeholder('float64', []);
    const assign = w.assignAdd(mul(v, move));
    using session = new Session(graph, { threads: 1 });
    session.initializeSync();
    const exact = [...session.runSync(product!)].map(Number);
    const slopeAfter = (by: number) => {
      session.runSync(assign, { feeds: [[move, by]] });
      return [...session.runSync(slope!)].map(Number);
    };
    const step = 1e-5;
    const [up, down] = [slopeAfter(step), slopeAfter(-2 * step)];
    expectClose(
      exact,
      up.map((a, k) => (a - down[k]!) / (2 * step)),
    );
  });
});

test('the third derivative of a loop', () => {
  const first = (x: Tensor<'float64'>) =>
    gradients(paths['a loop']!(x), [x])[0] as Tensor<'float64'>;
  using second = evaluated((x) => {
    let y: Tensor = paths['a loop']!(x);
    for (let n = 0; n < 2; n++) y = gradients(y, [x])[0]!;
    return y;
  }, 3);
  using third = evaluated((x) => hessian(first(x), x), 3);
  const sums = differences(second.at, at);
  // The Hessian of the sum of the first derivatives is the derivative of the second ones.
  expectClose(third.at(at), sums.flat());
});

test('a product over axes that a run computes has the derivatives of one over constant axes', () => {
  const graph = new Graph({ defaultSession: false });
  const values = [
    [2, 0, 3],
    [0, 4, 1],
  ];
  const made = graph.asDefault(() => {
    const x = placeholder('float64', [2, 3]);
    const axes = placeholder('int32', [null]);
    const twice = (y: Tensor) => {
      const [first] = gradients(y, [x]);
      return [first!, gradients(mul(first!, first!), [x], { unconnected: 'zero' })[0]!];
    };
    return {
      x,
      axes,
      computed: twice(prod(x, axes)),
      constant: [[1], [-1, 0], []].map((axis) => twice(prod(x, axis))),
    };
  });
  using session = new Session(graph);
  for (const [i, axis] of [[1], [-1, 0], []].entries()) {
    const feeds: [Tensor, unknown][] = [
      [made.x, values],
      [made.axes, Int32Array.from(axis)],
    ];
    const [expected, actual] = [made.constant[i]!, made.computed].map((fetches) =>
      session.runSync(fetches, { feeds: feeds as never }).map((v) => v.toArray()),
    );
    expect(actual).toEqual(expected);
  }
});
