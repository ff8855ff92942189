import { checkKeys } from './attrs.js';
import { native } from './binding.js';
import { EngineError, invalidArgument } from './errors.js';
import { zerosLike } from './generated/array.js';
import { gradientsBetween } from './gradientPaths.js';
import { pairsOf } from './node.js';
import { graphOf, type Operand, toTensor } from './op.js';
import { captured } from './subgraph.js';
import { Tensor } from './tensor.js';
import { Variable } from './variable.js';

export interface GradientOptions {
  /** What flows into each y; ones where left out or null. */
  readonly gradYs?: readonly (Operand | null)[] | undefined;
  /** What counts as constant; gradients by it are given all the same. */
  readonly stopGradients?: readonly Differentiable[] | undefined;
  /** What is given where no y depends on x: null ("none", the default) or zeros ("zero"). */
  readonly unconnected?: 'none' | 'zero' | undefined;
}

export type Differentiable = Tensor | Variable;

/** A gradient, or None, for each of xs: as many as there are, and of their dtypes. */
type GradientsBy<X, None> = X extends readonly Differentiable[]
  ? { -readonly [I in keyof X]: GradientBy<X[I]> | None }
  : [GradientBy<X> | None];

type GradientBy<X> = X extends Tensor<infer D> | Variable<infer D> ? Tensor<D> : never;

/**
 * Adds the ops that compute the derivative of the sum of all ys by each x. A variable stands for
 * all its reads. The path from x to y ends at integers, at `stopGradient`, and at ops such as
 * argMax whose result does not move with their input.
 *
 * Throws INVALID_ARGUMENT when a y is no floating tensor, or complex without a gradY, and
 * UNIMPLEMENTED, naming the operation, when an op on the path has no gradient.
 */
export function gradients<const X extends Differentiable | readonly Differentiable[]>(
  ys: Differentiable | readonly Differentiable[],
  xs: X,
  options: GradientOptions & { readonly unconnected: 'zero' },
): GradientsBy<X, never>;
export function gradients<const X extends Differentiable | readonly Differentiable[]>(
  ys: Differentiable | readonly Differentiable[],
  xs: X,
  options?: GradientOptions,
): GradientsBy<X, null>;
export function gradients(
  ys: Differentiable | readonly Differentiable[],
  xs: Differentiable | readonly Differentiable[],
  options: GradientOptions = {},
): unknown {
  const from = listOf(ys, 'ys').map((y) => (y instanceof Variable ? y.value : y));
  const by = listOf(xs, 'xs');
  checkKeys('gradients', options, ['gradYs', 'stopGradients', 'unconnected']);
  const { gradYs = [], stopGradients = [], unconnected = 'none' } = options;
  if (unconnected !== 'none' && unconnected !== 'zero') {
    throw invalid(`Unknown value for unconnected_gradients: '${String(unconnected)}'`);
  }
  if (!Array.isArray(gradYs)) throw invalidArgument('gradYs', 'a list of tensors', gradYs);
  if (gradYs.length > 0 && gradYs.length !== from.length) {
    throw invalid(`Passed ${gradYs.length} grad_ys for ${from.length} ys`);
  }
  for (const y of from) captured(y, "'gradients'");
  const graph = graphOf(
    from.map((tensor) => ({ tensor })),
    undefined,
  );
  const handles = by.map(handleOf);
  for (const x of handles) graph.checkOwn(x);
  const flow = {
    ys: from,
    gradYs: gradYs.map((dy, i) =>
      dy === null ? null : toTensor(dy, from[i]!.dtype, `gradYs[${i}]`, graph),
    ),
    stopGradients: listOf(stopGradients, 'stopGradients').map(handleOf),
  };
  const found = gradientsBetween(graph, flow, handles);
  return by.map((x, i) => found[i] ?? (unconnected === 'zero' ? zerosLike(x) : null));
}

/** What keeps gradients from coming from y to the xs, a sentence for each place between them. */
export function gradientObstacles(y: Tensor, xs: readonly Variable[]): readonly string[] {
  const handles = xs.map(({ handle }) => handle);
  return native.gradientObstacles(y.graph.handle, pairsOf([y]), pairsOf(handles));
}

function handleOf(x: Differentiable): Tensor {
  return x instanceof Variable ? x.handle : x;
}

function listOf(
  values: Differentiable | readonly Differentiable[],
  name: string,
): readonly Differentiable[] {
  const list: readonly Differentiable[] = Array.isArray(values) ? values : [values];
  for (const value of list) {
    if (!(value instanceof Tensor || value instanceof Variable)) {
      throw invalidArgument(name, 'tensors or variables', value);
    }
  }
  return list;
}

function invalid(message: string): EngineError {
  return new EngineError('INVALID_ARGUMENT', message);
}
