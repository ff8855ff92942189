import {
  cast,
  equal,
  Graph,
  mean,
  type NDArray,
  ndarray,
  placeholder,
  randomUniform,
  Session,
  train,
  truncatedNormal,
  variable,
} from '../../lib/index.js';
import type { FitOptions, FitResult } from '../../lib/train/index.js';

export const count = 90;
export const inputs = ndarray(
  Float32Array.from({ length: 2 * count }, (_, i) => Math.sin(i * 1.7)),
  { shape: [count, 2] },
);
export const targets = ndarray(
  Float32Array.from({ length: count }, (_, i) => 2 * inputs.at(i, 0) - inputs.at(i, 1) + 0.5),
);

/** A linear model with noise on its inputs, so that random ops take part; Adam has slots. */
export function model() {
  const graph = new Graph({ seed: 11 });
  const parts = graph.asDefault(() => {
    const x = placeholder('float32', [null, 2], { name: 'x' });
    const y = placeholder('float32', [null], { name: 'y' });
    const weights = variable(truncatedNormal([2, 1]), { name: 'weights' });
    const bias = variable(0, { name: 'bias' });
    const noise = randomUniform([2], { name: 'noise' }).mul(0.01);
    const output = x.add(noise).matMul(weights).reshape([-1]).add(bias);
    const loss = mean(output.sub(y).square());
    const near = mean(cast(equal(output.sub(y).round(), 0), 'float32'));
    return { x, y, weights, bias, loss, near, step: train.adam(0.05).minimize(loss) };
  });
  const session = new Session(graph);
  return { graph, session, ...parts };
}

export type Model = ReturnType<typeof model>;

export function examples() {
  return train.data({ x: inputs, y: targets });
}

export function batches() {
  return examples().shuffle({ seed: 4 }).batch(16).prefetch(2);
}

export type Batch = { x: NDArray<'float32'>; y: NDArray<'float32'> };

export function fitted(
  m: Model,
  options: Partial<FitOptions<Batch, unknown>> = {},
): Promise<FitResult> {
  const { session, step, loss } = m;
  return train.fit({ session, step: { step, loss }, data: batches(), epochs: 4, ...options });
}

/** Everything that a session has, in bits. */
export async function bits({ graph, session }: Model): Promise<string> {
  const values = await session.run(graph.variables.map(({ value }) => value));
  const all = values.map(({ data }) =>
    ArrayBuffer.isView(data) ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : data,
  );
  return JSON.stringify(all);
}
