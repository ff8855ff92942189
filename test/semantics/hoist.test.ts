import {
  add,
  constant,
  exp,
  fold,
  type Graph,
  gradients,
  less,
  matMul,
  mul,
  placeholder,
  randomUniform,
  reshape,
  Session,
  sin,
  sum,
  type Tensor,
  Trace,
  transpose,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph } from './inGraph.js';

type Feeds = [Tensor, number | number[] | number[][]][];

/** Values with hoisting and without, and how often an op runs in each. */
function both(graph: Graph, fetches: readonly Tensor[], feeds: Feeds, op: string) {
  return [[], ['hoist_invariants']].map((disabledPasses) => {
    using session = new Session(graph, { disabledPasses });
    const trace = new Trace();
    const values = session.runSync(fetches, { feeds, trace });
    const steps = trace.steps.filter((step) => step.op === op).length;
    return { values: values.map((v) => v.data), steps };
  });
}

inGraph('what does not change is computed once, with the same bits', ({ graph }) => {
  const n = placeholder('int32', []);
  const h = placeholder('float32', [1, 2]);
  const w = placeholder('float32', [2, 2]);
  const [, looped] = whileLoop(
    (i) => less(i, n),
    (i, a) => [add(i, 1), sin(matMul(a, matMul(w, exp(transpose(w, [1, 0])))))],
    [constant(0, { dtype: 'int32' }), h],
  );
  const folded = fold(
    (a, x) => sin(mul(add(a, x), matMul(w, w))),
    w,
    constant([
      [1, 1],
      [1, 1],
    ]),
  );
  const grads = gradients([looped, folded], [h, w]).map((grad) => grad!);
  const feeds = (count: number): Feeds => [
    [n, count],
    [h, [[0.5, 1]]],
    [
      w,
      [
        [0.1, 0.7],
        [-0.3, 0.2],
      ],
    ],
  ];
  const [once, each] = both(graph, [looped], feeds(5), 'MatMul');
  expect(once!.values).toEqual(each!.values);
  expect([once!.steps, each!.steps]).toEqual([6, 10]);
  const [none] = both(graph, [looped], feeds(0), 'MatMul');
  expect(none!.steps).toBe(0);
  const [all, without] = both(graph, [looped, folded, ...grads], feeds(4), 'MatMul');
  expect(all!.values).toEqual(without!.values);
  expect(all!.steps).toBeLessThan(without!.steps);
});

inGraph('what is made of variables moves, unless the loop may write some', ({ graph }) => {
  const w = variable([1, 2], { name: 'w' });
  const rows = constant([
    [1, 2],
    [3, 4],
  ]);
  const quiet = fold((a, x) => add(mul(a, x), exp(w.read())), rows, constant([1, 1]));
  const writes = fold(
    (a, x) => add(mul(w.assignAdd([1, 1]), x), add(a, sin(w.read()))),
    rows,
    constant([1, 1]),
  );
  const counts = [[], ['hoist_invariants']].map((disabledPasses) => {
    using session = new Session(graph, { disabledPasses: ['fuse_elementwise', ...disabledPasses] });
    session.initializeSync();
    const trace = new Trace();
    const values = session.runSync([quiet, writes], { trace }).map((v) => v.toArray());
    const of = (op: string) => trace.steps.filter((step) => step.op === op).length;
    return { values, steps: [of('Exp'), of('Sin')] };
  });
  expect(counts[0]!.values).toEqual(counts[1]!.values);
  expect(counts.map(({ steps }) => steps)).toEqual([
    [1, 2],
    [2, 2],
  ]);
});

inGraph('what draws, or may fail in a loop that does not run, stays', ({ graph, session }) => {
  const n = placeholder('int32', []);
  const x = placeholder('float32', [null]);
  const [, draws] = whileLoop(
    (i) => less(i, n),
    (i, a) => [add(i, 1), add(a, randomUniform([], { seed: 5 }))],
    [constant(0, { dtype: 'int32' }), constant(0)],
  );
  const [once, each] = both(graph, [draws], [[n, 4]], 'RandomUniform');
  expect(once!.values).toEqual(each!.values);
  expect([once!.steps, each!.steps]).toEqual([4, 4]);
  const [, shaped] = whileLoop(
    (i) => less(i, n),
    (i, a) => [add(i, 1), add(a, sum(exp(reshape(x, [2, 2]))))],
    [constant(0, { dtype: 'int32' }), constant(0)],
  );
  const run = (count: number) =>
    session.runSync(shaped, {
      feeds: [
        [n, count],
        [x, [1, 2, 3]],
      ],
    });
  expect(run(0).item()).toBe(0);
  expect(() => run(1)).toThrow(engineError('INVALID_ARGUMENT', 'reshape'));
});

inGraph('constants from outside are folded inside', ({ graph }) => {
  const w = constant([
    [2, 0],
    [0, 2],
  ]);
  const y = fold((a, x) => mul(add(a, x), matMul(w, w)), constant([1, 2]), w);
  const [inside] = both(graph, [y], [], 'MatMul');
  expect(inside!.steps).toBe(0);
});
