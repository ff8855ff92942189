import {
  add,
  addOp,
  assert,
  checkNumerics,
  constant,
  div,
  Graph,
  gradients,
  hessian,
  identity,
  placeholder,
  randomUniform,
  Session,
  sparseSoftmaxCrossEntropyWithLogits,
  sum,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph } from './inGraph.js';

inGraph('var-004: countUpTo', ({ session }) => {
  const v = variable(0, { dtype: 'int32' });
  const next = v.countUpTo(3);
  session.initializeSync();
  expect([1, 2, 3].map(() => session.runSync(next).item())).toEqual([0, 1, 2]);
  expect(() => session.runSync(next)).toThrow(engineError('OUT_OF_RANGE', 'Reached limit of 3'));
  expect(session.runSync(v).item()).toBe(3);
});

inGraph('rand-001, rand-003: the seed of an op comes from its name', () => {
  const drawn = (unrelated: boolean, name: string) => {
    const graph = new Graph({ seed: 7 });
    return graph.asDefault(() => {
      if (unrelated) add(1, 2);
      const r = randomUniform([4], { name });
      using session = new Session(graph);
      return [...session.runSync(r)];
    });
  };
  expect(drawn(true, 'r')).toEqual(drawn(false, 'r'));
  expect(drawn(false, 'other')).not.toEqual(drawn(false, 'r'));
});

inGraph('rand-002: a sequence goes on in a session and begins again in another', ({ graph }) => {
  const a = randomUniform([2], { seed: 1 });
  const b = randomUniform([2], { seed: 1 });
  const twice = () => {
    using session = new Session(graph);
    return [1, 2].map(() => session.runSync([a, b]).map((v) => [...v]));
  };
  const [first, second] = twice();
  expect(first![0]).toEqual(first![1]);
  expect(second).not.toEqual(first);
  expect(twice()).toEqual([first, second]);
});

inGraph('rand-004: a random op runs once in a run', ({ session }) => {
  const r = randomUniform([3]);
  const [a, b] = session.runSync([add(r, 0), add(r, 0)]);
  expect(a.equals(b)).toBe(true);
  expect(session.runSync(add(r, 0)).equals(a)).toBe(false);
});

inGraph('assert-002, assert-003: checkNumerics says what it found', ({ session }) => {
  const check = (x: readonly number[], y: readonly number[]) => () =>
    session.runSync(checkNumerics(div(x, y), 'quotient'));
  const refused = (text: string) => engineError('INVALID_ARGUMENT', 'quotient', text);
  expect(check([1], [0])).toThrow(refused('Inf'));
  expect(check([0], [0])).toThrow(refused('NaN'));
  expect(check([1, 0], [0, 0])).toThrow(refused('Inf and NaN'));
  expect(check([1], [2])().toArray()).toEqual([0.5]);
});

inGraph('assert-004: an assertion runs when something waits for it', ({ graph, session }) => {
  const x = placeholder('float32', []);
  const positive = assert(x.greater(0), ['x is', x]);
  const feeds = [[x, -1]] as const;
  expect(session.runSync(add(x, 1), { feeds }).item()).toBe(0);
  const checked = graph.controlDependencies([positive], () => identity(x));
  expect(() => session.runSync(checked, { feeds })).toThrow(
    engineError('INVALID_ARGUMENT', 'assertion failed: [x is] [-1]'),
  );
});

inGraph('feed-004: constants of strings of any shape', ({ session }) => {
  for (const shape of [[32, 4, 128], [37], [2, 0, 6]]) {
    const length = shape.reduce((all, dim) => all * dim, 1);
    const texts = Array.from({ length }, (_, i) => `${i}\0\u00e9`);
    const value = session.runSync(constant(texts, { dtype: 'string', shape }));
    expect(value.shape).toEqual(shape);
    expect([...value]).toEqual(texts);
  }
});

inGraph('feed-005, feed-006: strings are fed and fetched as they are', ({ session }) => {
  const p = placeholder('string', [2]);
  const value = ['\n\u0001\0', '\n\0\u0001'];
  const [same, fed] = session.runSync([identity(p), p], { feeds: [[p, value]] });
  expect([same.toArray(), fed.toArray()]).toEqual([value, value]);
});

inGraph('grad-019: an op without a gradient', () => {
  const x = constant(3);
  const y = addOp('Mod', [x, 2], {}, { name: 'cut' }).outputs[0]!;
  expect(() => gradients(y, [x])).toThrow(
    engineError('UNIMPLEMENTED', "No gradient defined for operation 'cut' (op type: Mod)"),
  );
});

inGraph('grad-023: the second derivative of a cross entropy', ({ session }) => {
  const logits = constant([[0, 0]]);
  const { loss } = sparseSoftmaxCrossEntropyWithLogits(logits, constant([1], { dtype: 'int32' }));
  const flat = session.runSync(hessian(sum(loss), logits));
  expect([...flat].map((v) => Number(v))).toEqual([0.25, -0.25, -0.25, 0.25]);
});
