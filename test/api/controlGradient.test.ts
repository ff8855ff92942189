import {
  add,
  cond,
  constant,
  EngineError,
  ensureShape,
  Graph,
  gradients,
  less,
  matMul,
  mul,
  placeholder,
  randomUniform,
  Session,
  sin,
  sum,
  unique,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { expectClose } from './differences.js';

test('the gradient of cond is that of the branch taken', () => {
  new Graph().asDefault(() => {
    const p = placeholder('bool', []);
    const [x, w] = [placeholder('float64', [3]), placeholder('float64', [])];
    const y = cond(
      p,
      () => mul(sin(x), w),
      () => mul(x, x),
    );
    for (const flag of [true, false]) {
      expectClose(
        y,
        [x, w],
        [
          [p, flag],
          [x, [0.5, -1, 2]],
          [w, 3],
        ],
      );
    }
  });
});

test('a second derivative goes through cond', () => {
  new Graph().asDefault(() => {
    const p = placeholder('bool', []);
    const x = placeholder('float64', []);
    const y = cond(
      p,
      () => mul(mul(x, x), x),
      () => sin(x),
    );
    const [first] = gradients(y, [x]);
    const [second] = gradients(first!, [x]);
    using session = new Session(x.graph);
    const run = (flag: boolean) =>
      session
        .runSync([first!, second!], {
          feeds: [
            [p, flag],
            [x, 2],
          ],
        })
        .map((v) => v.item());
    expect(run(true)).toEqual([12, 12]);
    expect(run(false)[0]).toBeCloseTo(Math.cos(2));
    expect(run(false)[1]).toBeCloseTo(-Math.sin(2));
  });
});

test('the gradient of a variable that one branch reads', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const p = placeholder('bool', []);
    const v = variable([1, 2], { name: 'v' });
    const y = cond(
      p,
      () => mul(v.read(), 3),
      () => constant([1, 1]),
    );
    const [grad] = gradients(y, [v]);
    session.initializeSync();
    expect(session.runSync(grad!, { feeds: [[p, true]] }).toArray()).toEqual([3, 3]);
    expect(session.runSync(grad!, { feeds: [[p, false]] }).toArray()).toEqual([0, 0]);
  });
});

test('the gradient of a loop goes back through all iterations', () => {
  new Graph().asDefault(() => {
    const n = placeholder('int32', []);
    const x = placeholder('float64', [2, 2]);
    const w = placeholder('float64', [2, 2]);
    const [, y] = whileLoop(
      (i) => less(i, n),
      (i, h) => [add(i, 1), sin(matMul(h, w))],
      [constant(0, { dtype: 'int32' }), x],
    );
    for (const count of [0, 1, 5]) {
      expectClose(
        y,
        [x, w],
        [
          [n, count],
          [
            x,
            [
              [0.5, -1],
              [2, 0.25],
            ],
          ],
          [
            w,
            [
              [1, -0.5],
              [0.75, 0.5],
            ],
          ],
        ],
      );
    }
  });
});

test('the gradient of a loop with a limit, a cond inside, and a growing shape', () => {
  new Graph().asDefault(() => {
    const x = placeholder('float64', [null]);
    const [, y] = whileLoop(
      (i) => less(i, 100),
      (i, h) => [
        add(i, 1),
        cond(
          less(i, 2),
          () => mul(h, x),
          () => sin(h),
        ),
      ],
      [constant(0, { dtype: 'int32' }), x],
      { maximumIterations: 4 },
    );
    expectClose(y, [x], [[x, [0.5, -1, 2]]]);
    expectClose(y, [x], [[x, []]]);
  });
});

test('the gradient of a variable that a loop reads', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const w = variable([2, 3], { name: 'w' });
    const [, y] = whileLoop(
      (i) => less(i, 3),
      (i, h) => [add(i, 1), ensureShape(mul(h, w.read()), [2])],
      [constant(0), constant([1, 1])],
    );
    const [grad] = gradients(y, [w]);
    session.initializeSync();
    expect(session.runSync(grad!).toArray()).toEqual([12, 27]);
  });
});

test('draws and reads of a branch that was taken are kept for its gradient', () => {
  const graph = new Graph({ seed: 5 });
  using session = new Session(graph);
  graph.asDefault(() => {
    const p = placeholder('bool', []);
    const x = placeholder('float32', [3]);
    const v = variable(2, { name: 'v' });
    const y = cond(
      p,
      () => mul(x, randomUniform([3])),
      () => mul(x, v.assignAdd(1)),
    );
    const [first] = gradients(y, [x]);
    session.initializeSync();
    const run = (flag: boolean) =>
      session
        .runSync([y, first!], {
          feeds: [
            [p, flag],
            [x, [1, 1, 1]],
          ],
        })
        .map((value) => value.toArray());
    const [drawn, grad] = run(true);
    expect(grad).toEqual(drawn);
    expect(new Set(drawn as number[]).size).toBe(3);
    expect(run(false)).toEqual([
      [3, 3, 3],
      [3, 3, 3],
    ]);
    expect(session.runSync(v).item()).toBe(3);
    expect(
      session
        .runSync(y, {
          feeds: [
            [p, false],
            [x, [1, 1, 1]],
          ],
        })
        .toArray(),
    ).toEqual([4, 4, 4]);
  });
});

test('what the branch not taken keeps need not fit where shapes are known in the run only', () => {
  const graph = new Graph({ seed: 5 });
  using session = new Session(graph);
  graph.asDefault(() => {
    const [p, x] = [placeholder('bool', []), placeholder('float32', [null])];
    const picked = unique(x).y;
    const y = cond(
      p,
      () => sum(mul(sum(picked), randomUniform([3]))),
      () => sum(mul(picked, randomUniform([2]))),
    );
    const [grad] = gradients(y, [picked]);
    const run = (flag: boolean, values: readonly number[]) => {
      const feeds = [
        [p, flag],
        [x, values],
      ] as const;
      const [given, rates] = session.runSync([y, grad!], { feeds });
      const weighted = [...rates].map((rate, i) => Number(rate) * [2, 3][i]!);
      expect(weighted.reduce((a, b) => a + b)).toBeCloseTo(Number(given.item()), 5);
    };
    for (const flag of [true, false, true]) {
      run(flag, [2, 2, 2, 2]);
      run(flag, [2, 3]);
    }
  });
});

test('what cannot run twice is refused by name', () => {
  new Graph().asDefault(() => {
    const p = placeholder('bool', []);
    const x = placeholder('float32', [2]);
    const [, y] = whileLoop(
      (i) => less(i, 3),
      (i, h) => [
        add(i, 1),
        cond(
          p,
          () => mul(h, randomUniform([2])),
          () => h,
        ),
      ],
      [constant(0, { dtype: 'int32' }), x],
    );
    expect(() => gradients(y, [x])).toThrow(EngineError);
    expect(() => gradients(y, [x])).toThrow(/RandomUniform\) a second time/);
  });
});
