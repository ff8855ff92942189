// Gradients by name, in the place of those of ops: guided backpropagation and the like.
import {
  add,
  addN,
  cond,
  constant,
  Graph,
  gradients,
  greater,
  identity,
  importGraphDef,
  less,
  matMul,
  mul,
  neg,
  Operation,
  placeholder,
  type RegisteredGradient,
  registerGradient,
  relu,
  select,
  split,
  square,
  Tensor,
  variable,
  whileLoop,
  zerosLike,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped } from './inGraph.js';

registerGradient('Guided', (op, dy) =>
  select(
    greater(op.outputs[0] as Tensor<'float32'>, 0),
    relu(dy as Tensor<'float32'>),
    zerosLike(dy as Tensor<'float32'>),
  ),
);
registerGradient('Ten', (_, dy) => mul(dy as Tensor<'float32'>, 10));

const only = (found: readonly (Tensor | null)[]): Tensor => found[0]!;

inGraph('grad-020: a gradient that nobody registered is missed when it is needed', ({ graph }) => {
  const x = placeholder('float32', []);
  const y = graph.gradientOverrideMap({ Identity: 'unknown_override' }, () => identity(x));
  const apart = square(x);
  expect(only(gradients(apart, [x]))).toBeInstanceOf(Tensor);
  expect(() => gradients(y, [x])).toThrow(
    engineError(
      'UNIMPLEMENTED',
      "No gradient defined for operation 'Identity' (op type: Identity)",
      'unknown_override',
      'registerGradient(',
    ),
  );
  // Not on a path: never looked up.
  expect(gradients(add(apart, y), [apart])).toHaveLength(1);
});

inGraph('an override is that of the ops made in its scope', async ({ graph, session }) => {
  const x = placeholder('float32', [3]);
  const [guided, plain] = graph.gradientOverrideMap({ Relu: 'Guided' }, () => {
    const inner = relu(x);
    const back = graph.gradientOverrideMap({ Relu: 'Ten' }, () => relu(x));
    return [inner, back] as const;
  });
  const outside = relu(x);
  const dy = constant([1, -1, 1]);
  const by = (y: Tensor) => only(gradients(y, [x], { gradYs: [dy] }));
  const feeds: [[Tensor, number[]]] = [[x, [1, 2, -1]]];
  const run = async (t: Tensor) => (await session.run(t, { feeds })).toArray();
  expect(await run(by(guided))).toEqual([1, 0, 0]);
  expect(await run(by(plain))).toEqual([10, -10, 10]);
  expect(await run(by(outside))).toEqual([1, -1, 0]);
  // Total derivatives: all paths, also beside and through each other.
  const sumOf = addN([guided, plain, outside, relu(neg(guided))]);
  expect(await run(by(sumOf))).toEqual([12, -11, 10]);
});

inGraph('chains, variables, several outputs, x and y themselves', async ({ graph, session }) => {
  const w = variable([
    [2, 0],
    [0, 3],
  ]);
  const x = constant([[1, 1]]);
  const [deep, first] = graph.gradientOverrideMap({ Identity: 'Ten' }, () => {
    const first = identity(matMul(x, w));
    return [identity(square(first)), first] as const;
  });
  await session.initialize();
  const [dw, dx, df, dd] = gradients(deep, [w, x, first, deep]) as Tensor[];
  expect((await session.run(dw!)).toArray()).toEqual([
    [400, 600],
    [400, 600],
  ]);
  expect((await session.run(dx!)).toArray()).toEqual([[800, 1800]]);
  expect((await session.run(df!)).toArray()).toEqual([[40, 60]]);
  expect((await session.run(dd!)).toArray()).toEqual([[1, 1]]);
  const stopped = gradients(deep, [w, first], { stopGradients: [first] });
  expect(stopped[0]).toBeNull();
  expect((await session.run(stopped[1]!)).toArray()).toEqual([[40, 60]]);
  registerGradient('Halves', (op, da, db) => {
    expect([op.type, op.inputs.length]).toEqual(['Split', 2]);
    return [null, concatOf(da!, db!)];
  });
  const pieces = graph.gradientOverrideMap({ Split: 'Halves' }, () => split(1, x, 2));
  expect((await session.run(only(gradients(pieces[1]!, [x])))).toArray()).toEqual([[0, 5]]);
});

const concatOf = (a: Tensor, b: Tensor): Tensor => {
  const five = mul(b as Tensor<'float32'>, 5);
  return a.graph.asDefault(() => matMul(constant([[1]]), stack(a, five)));
};
const stack = (a: Tensor, b: Tensor) =>
  add(
    matMul(a as Tensor<'float32'>, constant([[1, 0]])),
    matMul(b as Tensor<'float32'>, constant([[0, 1]])),
  );

inGraph('gradients that do not fit, names that are wrong', ({ graph }) => {
  const x = placeholder('float32', [2]);
  const wrong: [string, RegisteredGradient, string][] = [
    ['TwoOfOne', (_, dy) => [dy, dy], "Num gradients 2 generated for op Relu 'Relu' do not match"],
    ['Scalar', () => constant(1), 'Incompatible shapes between op input and calculated input'],
    [
      'Number',
      () => mistyped<Tensor>(1),
      'Expected a tensor or null for gradient 0 but received 1',
    ],
  ];
  for (const [name, fn, text] of wrong) {
    registerGradient(name, fn);
    const y = graph.gradientOverrideMap({ Relu: name }, () => relu(x));
    expect(() => gradients(y, [x])).toThrow(text);
  }
  expect(() => registerGradient('Ten', () => null)).toThrow(
    engineError('ALREADY_EXISTS', "Registering two gradient with name 'Ten'!"),
  );
  expect(() => registerGradient('', () => null)).toThrow(TypeError);
  expect(() => registerGradient('x', mistyped(1))).toThrow(TypeError);
  expect(() => graph.gradientOverrideMap({ Add: 'Ten' }, () => 1)).toThrow(
    engineError('INVALID_ARGUMENT', "Op type not registered: 'Add'"),
  );
  expect(() => graph.gradientOverrideMap(mistyped(['Relu']), () => 1)).toThrow(TypeError);
  expect(() => graph.gradientOverrideMap(mistyped({ Relu: 1 }), () => 1)).toThrow(TypeError);
});

inGraph('in branches and loops an override is refused, not passed over', ({ graph }) => {
  const x = placeholder('float32', []);
  const within = (fn: () => unknown) => () => graph.gradientOverrideMap({ Relu: 'Ten' }, fn);
  expect(
    within(() =>
      cond(
        greater(x, 0),
        () => relu(x),
        () => x,
      ),
    ),
  ).toThrow(engineError('UNIMPLEMENTED', "'Ten'; use customGradient(fn) around the op"));
  expect(
    within(() =>
      whileLoop(
        (v) => less(v, 3),
        (v) => [relu(v)],
        [x],
      ),
    ),
  ).toThrow('in a while loop');
  expect(
    cond(
      greater(x, 0),
      () => relu(x),
      () => x,
    ),
  ).toBeInstanceOf(Tensor);
});

inGraph('the name goes with the graph', async ({ graph, session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  graph.gradientOverrideMap({ Square: 'Ten' }, () => square(x, { name: 'y' }));
  const to = new Graph();
  const names = ['x:0', 'y:0', 'y'];
  const [a, b, op] = importGraphDef(graph.toGraphDef(), { graph: to, returnElements: names });
  expect(op).toBeInstanceOf(Operation);
  const slope = only(gradients(b as Tensor, [a as Tensor]));
  expect((await slope.eval({ feeds: [[a as Tensor, 3]] })).item()).toBe(10);
  expect(
    session.runSync(only(gradients(graph.tensor('y:0'), [x])), { feeds: [[x, 3]] }).item(),
  ).toBe(10);
});
