import {
  constant,
  Graph,
  gradients,
  mean,
  NDArray,
  nn,
  placeholder,
  Session,
  type StaticShape,
  type Tensor,
} from '../../lib/index.js';

/** Float32 values in [-1, 1) that look random and are always the same. */
export function noise(shape: readonly number[], salt = 1): NDArray<'float32'> {
  const size = shape.reduce((a, b) => a * b, 1);
  let state = salt >>> 0;
  const data = Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return new NDArray(data, shape, 'float32');
}

/** A step of plain gradient descent on all trainable variables; each must have a gradient. */
export function descend(loss: Tensor<'float32'>, rate: number): Tensor[] {
  const variables = loss.graph.trainableVariables;
  const slopes = gradients(loss, variables);
  return variables.map((variable, i) => {
    const slope = slopes[i];
    if (!slope) throw new Error(`no gradient for ${variable.name}`);
    return variable.assignSub((slope as Tensor<'float32'>).mul(rate));
  });
}

export interface Trained {
  readonly first: number;
  readonly last: number;
  readonly variables: readonly string[];
}

/**
 * Fits a layer on x of that shape to fixed random targets, feeding the static shape `fed` (default:
 * any batch), and says how the mean squared error fell.
 */
export async function train(
  shape: readonly number[],
  layer: (x: Tensor<'float32'>) => Tensor<'float32'>,
  options: { steps?: number; rate?: number; fed?: StaticShape } = {},
): Promise<Trained> {
  const { steps = 30, rate = 0.1, fed = [null, ...shape.slice(1)] } = options;
  const graph = new Graph({ seed: 7 });
  await using session = new Session(graph);
  return await graph.asDefault(async () => {
    const x = placeholder('float32', fed);
    const y = layer(x);
    const feeds = new Map([[x, noise(shape)]]);
    await session.run(graph.initializer);
    const { shape: found } = await session.run(y, { feeds });
    const loss = mean(y.sub(constant(noise(found, 2))).square());
    const step = descend(loss, rate);
    const first = (await session.run(loss, { feeds })).item();
    for (let i = 0; i < steps; i++) await session.run(step, { feeds });
    const last = (await session.run(loss, { feeds })).item();
    return { first, last, variables: graph.variables.map(({ name }) => name) };
  });
}

/** The value of a layer on x, with variables as their initializers make them. */
export async function resultOf(
  x: NDArray<'float32'>,
  layer: (x: Tensor<'float32'>) => Tensor<'float32'>,
): Promise<NDArray<'float32'>> {
  const graph = new Graph({ seed: 7 });
  await using session = new Session(graph);
  const y = graph.asDefault(() => layer(constant(x)));
  await session.run(graph.initializer);
  return await session.run(y);
}

/** As close as float32 allows. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i]! - expected[i]!) / (1 + Math.abs(expected[i]!));
    worst = Number.isNaN(off) ? Number.POSITIVE_INFINITY : Math.max(worst, off);
  }
  expect(worst).toBeLessThan(tolerance);
}

export const { initializers } = nn;
