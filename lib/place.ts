import { EngineError } from './errors.js';
import type { Graph } from './graph.js';
import type { Operation } from './operation.js';
import type { Tensor } from './tensor.js';

/** Where a graph is that is part of an op: a branch of a cond, the body of a loop. */
export interface Place {
  /** Such as "a while loop". */
  readonly what: string;
  /** The name of the op that it is part of. */
  readonly name: string;
  /** Whether a graph is one of those around. */
  sees(graph: Graph): boolean;
  /** Makes the op that it is part of wait for an operation of a graph around. */
  waitFor(op: Operation): void;
}

/** The name of an operation with that of the branch or loop that it is in. */
export function placedName({ graph, name }: Operation): string {
  return graph.place ? `${graph.place.name}/${name}` : name;
}

/** The error of a tensor that is used outside of its branch or loop. */
export function unreachable({ op }: Tensor, user: string): EngineError {
  const name = placedName(op);
  const { what } = op.graph.place!;
  return new EngineError(
    'INVALID_ARGUMENT',
    `Cannot use '${name}' as input to ${user} because '${name}' is in ${what}. Make it a result ` +
      `of '${op.graph.place!.name}' to use its last value outside.`,
    { op: op.type, node: name },
  );
}

/** The error of what is fetched in spite of its being in a branch or loop, or marked. */
export function unfetchable(op: Operation): EngineError {
  const name = placedName(op);
  const { place } = op.graph;
  const inside = place ? ` It is in ${place.what}: make it a result of '${place.name}'.` : '';
  const text = `Operation '${name}' has been marked as not fetchable.${inside}`;
  return new EngineError('INVALID_ARGUMENT', text, { node: name });
}
