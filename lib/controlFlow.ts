import type { DType } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import { addNode, type OpOptions } from './node.js';
import { addOp, graphOf, type Operand, toTensor } from './op.js';
import type { Operation } from './operation.js';
import type { StaticShape } from './shape.js';
import { captured, Subgraph } from './subgraph.js';
import type { Tensor } from './tensor.js';

/** What a branch gives: a tensor, or a list of them. */
export type BranchResult = Tensor | readonly Tensor[];

/**
 * The result of `ifTrue` when the predicate holds, else that of `ifFalse`. Only the ops that the
 * functions add, and only those of the branch taken, run; tensors of the graph around may be
 * used in them. Both give as many tensors of the same dtypes.
 */
export function cond<R extends BranchResult>(
  predicate: Operand<'bool'>,
  ifTrue: () => R,
  ifFalse: () => R,
  options?: OpOptions,
): R;
export function cond(
  predicate: Operand<'bool'>,
  ifTrue: () => BranchResult,
  ifFalse: () => BranchResult,
  options: OpOptions = {},
): BranchResult {
  if (typeof predicate === 'boolean') {
    const text = 'pred must not be a JavaScript boolean: use an if statement for it.';
    throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
  }
  const condition = toTensor(predicate, 'bool', 'predicate', options.graph);
  const inputs: Tensor[] = [];
  const [yes, no] = [
    new Subgraph(condition.graph, inputs, 0),
    new Subgraph(condition.graph, inputs, 0),
  ];
  const [first, second] = [yes.build(ifTrue), no.build(ifFalse)];
  checkSame(first, second);
  yes.finish(first);
  no.finish(second);
  const type = yes.stateful || no.stateful ? 'If' : 'StatelessIf';
  const attrs = {
    Tin: inputs.map(({ dtype }) => dtype),
    Tout: first.map(({ dtype }) => dtype),
    then_branch: yes.graph.handle,
    else_branch: no.graph.handle,
  };
  const op = add(condition.graph, type, [condition, ...inputs], attrs, [yes, no], {
    ...options,
    name: options.name ?? 'cond',
  });
  return first.length === 1 ? op.outputs[0]! : op.outputs;
}

function checkSame(first: readonly Tensor[], second: readonly Tensor[]): void {
  const dtypes = (list: readonly Tensor[]) => list.map(({ dtype }) => dtype).join(', ');
  if (dtypes(first) === dtypes(second)) return;
  const what =
    first.length === second.length
      ? 'must have the same type'
      : 'must have the same nested structure';
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Outputs of ifTrue and ifFalse ${what}: [${dtypes(first)}] and [${dtypes(second)}]`,
  );
}

export interface WhileLoopOptions extends OpOptions {
  readonly maximumIterations?: number | undefined;
  /** Looser shapes for loop variables whose shape changes; undefined where it does not. */
  readonly shapeInvariants?: readonly (StaticShape | undefined)[] | undefined;
}

type Variables<D extends readonly DType[]> = { readonly [K in keyof D]: Tensor<D[K]> };
type Mutable<D extends readonly DType[]> = { -readonly [K in keyof D]: Tensor<D[K]> };

/**
 * Repeats `body` on the loop variables while `condition` holds for them, and gives the last ones.
 * Tensors of the graph around may be used in both functions.
 */
export function whileLoop<const D extends readonly DType[]>(
  condition: (...variables: Mutable<D>) => Tensor<'bool'>,
  body: (...variables: Mutable<D>) => NoInfer<Variables<D>>,
  variables: Variables<D>,
  options?: WhileLoopOptions,
): Variables<D>;
export function whileLoop(
  condition: (...variables: Tensor[]) => Tensor,
  body: (...variables: Tensor[]) => readonly Tensor[],
  initial: readonly Tensor[],
  options: WhileLoopOptions = {},
): readonly Tensor[] {
  if (!Array.isArray(initial) || initial.length === 0) {
    throw new EngineError('INVALID_ARGUMENT', 'No loop variables provided');
  }
  const variables = initial.map(captured);
  const { maximumIterations, shapeInvariants = [], ...rest } = options;
  const graph = graphOf(
    variables.map((tensor) => ({ tensor })),
    options.graph,
  );
  const captures: Tensor[] = [];
  const build = (fn: (...inside: Tensor[]) => unknown) => {
    const sub = new Subgraph(graph, captures, variables.length);
    const inside = variables.map((v, i) => sub.parameter(i, v, shapeInvariants[i] ?? v.shape));
    return { sub, results: sub.build(() => fn(...inside)) };
  };
  const [test, step] = [build(condition), build(body)];
  if (step.results.length !== variables.length) {
    throw invalidArgument('body', `a function of ${variables.length} results`, step.results.length);
  }
  test.sub.finish(test.results);
  step.sub.finish([...step.results, ...captures.map((tensor) => step.sub.capture(tensor))]);
  const inputs = [...variables, ...captures];
  const attrs = {
    T: inputs.map(({ dtype }) => dtype),
    cond: test.sub.graph.handle,
    body: step.sub.graph.handle,
    ...(maximumIterations === undefined ? {} : { maximum_iterations: maximumIterations }),
  };
  const type = test.sub.stateful || step.sub.stateful ? 'While' : 'StatelessWhile';
  const op = add(graph, type, inputs, attrs, [test.sub, step.sub], {
    ...rest,
    name: rest.name ?? 'while',
  });
  return op.outputs.slice(0, variables.length);
}

function add(
  graph: Graph,
  type: string,
  inputs: readonly Tensor[],
  attrs: Readonly<Record<string, unknown>>,
  subgraphs: readonly Subgraph[],
  options: OpOptions,
): Operation {
  for (const { graph: inner } of subgraphs) inner.finalize();
  return addNode(graph, type, inputs, attrs, options);
}

/** An operation that runs the given ones, and nothing else. */
export function group(
  operations: readonly (Operation | Tensor)[],
  options: OpOptions = {},
): Operation {
  const graph = operations[0]?.graph ?? options.graph;
  const controlInputs = [...operations, ...(options.controlInputs ?? [])];
  return addOp('NoOp', [], {}, { ...options, graph, controlInputs });
}

/** The tensors, each of which waits for all of them and for `controlInputs`. */
export function tuple(
  tensors: readonly (Tensor | null)[],
  options: OpOptions = {},
): (Tensor | null)[] {
  const all = group(
    tensors.filter((tensor) => tensor !== null),
    options,
  );
  return tensors.map((tensor) =>
    tensor === null
      ? null
      : addOp('Identity', [tensor], {}, { name: options.name ?? 'tuple', controlInputs: [all] })
          .outputs[0]!,
  );
}
