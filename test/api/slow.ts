import { Graph, placeholder, randomNormal, sum, type Tensor } from '../../lib/index.js';

export interface SlowGraph {
  readonly graph: Graph;
  /** The number of random values that each of its steps draws. */
  readonly count: Tensor;
  readonly result: Tensor<'float32'>;
}

/** A graph of many steps that takes a second or so with a count of a million. */
export function slowGraph(steps = 50): SlowGraph {
  const graph = new Graph();
  return graph.asDefault(() => {
    const count = placeholder('int32', [1], { name: 'count' });
    let result = sum(randomNormal(count));
    for (let i = 1; i < steps; i++) {
      result = graph.controlDependencies([result], () => sum(randomNormal(count)));
    }
    return { graph, count, result };
  });
}
