import { isFloat } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import { zerosLike } from './generated/array.js';
import type { Graph } from './graph.js';
import { addNode, isTensorLike } from './node.js';
import { graphOf } from './op.js';
import { captured, Subgraph } from './subgraph.js';
import { Tensor } from './tensor.js';

/** A value, and how the gradients of what is computed from it go on to the inputs. */
export interface WithGradient<R extends Tensor | readonly Tensor[]> {
  readonly value: R;
  /** From one gradient for each value to one for each input: null where there is none. */
  readonly gradient: (...dys: Tensor[]) => Tensor | readonly (Tensor | null)[];
}

/**
 * A function whose gradient is the one that it says itself, for numerical stability or for what has
 * no derivative. `fn` is called when the function is applied; `gradient` is traced at once, and runs
 * when it is needed. It may use tensors of `fn`.
 */
export function customGradient<X extends readonly Tensor[], R extends Tensor | readonly Tensor[]>(
  fn: (...xs: X) => WithGradient<R>,
): (...xs: X) => R {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  return (...xs) => {
    const graph = graphOfInputs(xs);
    const { value, gradient } = fn(...xs);
    const values = listOf(value, 'value');
    const captures: Tensor[] = [];
    const body = new Subgraph(
      graph,
      captures,
      values.length,
      'a custom gradient',
      'CustomGradient',
    );
    const dys = values.map((v, i) => body.parameter(i, v));
    const differentiable = xs.filter(({ dtype }) => isFloat(dtype));
    const results = body.build(() => gradientsOf(gradient(...dys), xs));
    body.finish(results);
    const inputs = [...differentiable, ...captures];
    const attrs = {
      Tvalues: values.map(({ dtype }) => dtype),
      Tinputs: inputs.map(({ dtype }) => dtype),
      gradient: body.graph.handle,
      count: differentiable.length,
      stateful: body.stateful,
    };
    body.graph.finalize();
    const op = addNode(
      graph,
      'CustomGradient',
      [...values, ...inputs].map((tensor) => captured(tensor)),
      attrs,
      { controlInputs: body.controls },
    );
    return sameStructure(value, op.outputs);
  };
}

/**
 * A function that computes the same as `fn`, but whose gradient computes it a second time instead of
 * keeping what is between its inputs and its results: Chen et al., 2016. Less memory for more time.
 * A gradient of a function that writes variables or draws random numbers is refused.
 */
export function recompute<X extends readonly Tensor[], R extends Tensor | readonly Tensor[]>(
  fn: (...xs: X) => R,
): (...xs: X) => R {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  return (...xs) => {
    const graph = graphOfInputs(xs);
    const captures: Tensor[] = [];
    const body = new Subgraph(graph, captures, 0, 'a recomputed function', 'PartitionedCall');
    let value: R | undefined;
    const results = body.build(() => {
      value = fn(...xs);
      return listOf(value, 'the result of fn');
    });
    body.finish(results);
    const attrs = {
      Tin: captures.map(({ dtype }) => dtype),
      Tout: results.map(({ dtype }) => dtype),
      f: body.graph.handle,
    };
    const type = body.stateful ? 'StatefulPartitionedCall' : 'PartitionedCall';
    body.graph.finalize();
    return sameStructure(
      value!,
      addNode(graph, type, captures, attrs, { controlInputs: body.controls }).outputs,
    );
  };
}

function graphOfInputs(xs: readonly Tensor[]): Graph {
  for (const x of xs) if (!(x instanceof Tensor)) throw invalidArgument('an input', 'a tensor', x);
  return graphOf(
    xs.map((tensor) => ({ tensor: captured(tensor) })),
    undefined,
  );
}

function gradientsOf(given: unknown, xs: readonly Tensor[]): Tensor[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length !== xs.length) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Num gradients ${list.length} generated for op CustomGradient do not match num inputs ${xs.length}`,
    );
  }
  return xs.flatMap((x, i) => {
    if (!isFloat(x.dtype)) return [];
    const gradient = list[i];
    if (gradient === null) return [zerosLike(x)];
    if (gradient instanceof Tensor) return [gradient];
    throw invalidArgument(`gradient ${i}`, 'a tensor or null', gradient);
  });
}

function listOf(value: unknown, name: string): readonly Tensor[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((x) => {
    const tensor = isTensorLike(x) ? x.asTensor() : x;
    if (tensor instanceof Tensor) return tensor;
    throw invalidArgument(name, 'a tensor or a list of tensors', x);
  });
}

/** The outputs in the form that the function gave its own in. */
function sameStructure<R extends Tensor | readonly Tensor[]>(
  value: R,
  outputs: readonly Tensor[],
): R {
  return (Array.isArray(value) ? outputs : outputs[0]) as unknown as R;
}
