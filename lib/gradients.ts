import { native } from './binding.js';
import { pairsOf } from './node.js';
import { graphOf } from './op.js';
import { Tensor } from './tensor.js';
import { Variable } from './variable.js';

export interface GradientOptions {
  /** What flows into each y; ones where left out. */
  readonly gradYs?: readonly (Tensor | null)[] | undefined;
  /** Tensors that count as constants. */
  readonly stopGradients?: readonly Tensor[] | undefined;
}

type Differentiable = Tensor | Variable;

/**
 * Adds the ops that compute the derivative of the sum of all ys by each x; null where ys do not
 * depend on it. A variable stands for all its reads.
 */
export function gradients(
  ys: Tensor | readonly Tensor[],
  xs: readonly Differentiable[],
  options: GradientOptions = {},
): (Tensor | null)[] {
  const from = ys instanceof Tensor ? [ys] : ys;
  const graph = graphOf(
    from.map((tensor) => ({ tensor })),
    undefined,
  );
  const handles = xs.map((x) => (x instanceof Variable ? x.handle : x));
  for (const x of handles) graph.checkOwn(x);
  const pairs = native.gradients(
    graph.handle,
    pairsOf(from),
    pairsOf(handles),
    pairsOf(options.gradYs ?? []),
    pairsOf(options.stopGradients ?? []),
  );
  return handles.map((_, i) => {
    const node = pairs[2 * i]!;
    return node < 0 ? null : graph.operationAt(node).outputs[pairs[2 * i + 1]!]!;
  });
}
