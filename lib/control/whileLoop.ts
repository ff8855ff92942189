import { checkOptions } from '../attrs.js';
import { inferDType } from '../convert.js';
import { EngineError, invalidArgument } from '../errors.js';
import type { OpOptions } from '../node.js';
import { graphOf, toTensor } from '../op.js';
import type { StaticShape } from '../shape.js';
import { checkSameForm, formOf, inForm, type Structure } from '../structure.js';
import { Subgraph } from '../subgraph.js';
import { Tensor } from '../tensor.js';
import { addWithSubgraphs } from './addWithSubgraphs.js';

export interface WhileLoopOptions extends OpOptions {
  /** The loop ends after so many iterations even if the condition still holds. */
  readonly maximumIterations?: number | undefined;
  /** Looser shapes for loop variables whose shape changes; undefined where it does not. */
  readonly shapeInvariants?: readonly (StaticShape | undefined)[] | undefined;
  /** Kept for exports; iterations run one after another. */
  readonly parallelIterations?: number | undefined;
}

type Mutable<V extends readonly Structure[]> = { -readonly [K in keyof V]: V[K] };
type Results<V extends readonly Structure[]> = { readonly [K in keyof V]: V[K] };

/**
 * Repeats `body` on the loop variables while `condition` holds for them, and gives the last ones.
 * A variable is a tensor, or arrays and objects of tensors. Tensors of the graph around may be used
 * in both functions; they are computed once. A variable keeps its dtype and,
 * unless `shapeInvariants` says otherwise, its shape.
 */
export function whileLoop<const V extends readonly Structure[]>(
  condition: (...variables: Mutable<V>) => Tensor<'bool'>,
  body: (...variables: Mutable<V>) => NoInfer<Results<V>>,
  variables: V,
  options?: WhileLoopOptions,
): Mutable<V>;
export function whileLoop(
  condition: (...variables: Structure[]) => Tensor,
  body: (...variables: Structure[]) => readonly Structure[],
  initial: readonly Structure[],
  options: WhileLoopOptions = {},
): readonly Structure[] {
  checkArguments(condition, body, initial, options);
  const { maximumIterations, shapeInvariants = [], parallelIterations, ...rest } = options;
  const name = rest.name ?? 'while';
  const leaves: unknown[] = [];
  const form = formOf(initial, leaves);
  const variables = leaves.map((leaf) => tensorOf(leaf, options));
  const slots = variables.map((tensor) => ({ tensor }));
  const graph = graphOf(slots, options.graph);
  const captures: Tensor[] = [];
  const build = (fn: (...inside: Structure[]) => unknown) => {
    const sub = new Subgraph(graph, captures, variables.length, 'a while loop', name);
    const inside = variables.map((v, i) => sub.parameter(i, v, shapeInvariants[i] ?? v.shape));
    const structure = inForm(form, inside) as readonly Structure[];
    return { sub, ...sub.buildStructure(() => fn(...structure)) };
  };
  const [test, step] = [build(condition), build(body)];
  const alone = step.form.kind === 'leaf' && variables.length === 1;
  if (!alone) checkSameForm('The loop variables and the results of body', form, step.form);
  checkDTypes(variables, step.tensors);
  test.sub.finish(test.tensors);
  step.sub.finish([...step.tensors, ...captures.map((tensor) => step.sub.capture(tensor))]);
  const inputs = [...variables, ...captures];
  const attrs = {
    T: inputs.map(({ dtype }) => dtype),
    cond: test.sub.graph.handle,
    body: step.sub.graph.handle,
    ...(maximumIterations === undefined ? {} : { maximum_iterations: maximumIterations }),
    ...(parallelIterations === undefined ? {} : { parallel_iterations: parallelIterations }),
  };
  const type = test.sub.stateful || step.sub.stateful ? 'While' : 'StatelessWhile';
  const op = addWithSubgraphs(graph, type, inputs, attrs, [test.sub, step.sub], { ...rest, name });
  return inForm(form, op.outputs) as readonly Structure[];
}

function tensorOf(leaf: unknown, { graph }: OpOptions): Tensor {
  const dtype = leaf instanceof Tensor ? leaf.dtype : inferDType(leaf, 'a loop variable');
  return toTensor(leaf, dtype, 'a loop variable', graph);
}

function checkArguments(
  condition: unknown,
  body: unknown,
  initial: unknown,
  options: WhileLoopOptions,
): void {
  if (typeof condition !== 'function') throw wrong('cond must be callable.');
  if (typeof body !== 'function') throw wrong('body must be callable.');
  if (!Array.isArray(initial) || initial.length === 0) {
    throw new EngineError('INVALID_ARGUMENT', 'No loop variables provided');
  }
  checkOptions('whileLoop', options, [
    'maximumIterations',
    'shapeInvariants',
    'parallelIterations',
  ]);
  const { parallelIterations: parallel, maximumIterations: most, shapeInvariants } = options;
  if (parallel !== undefined && !(Number.isSafeInteger(parallel) && parallel > 0)) {
    throw wrong('parallel_iterations must be a positive integer.');
  }
  if (most !== undefined && !(Number.isSafeInteger(most) && most >= 0)) {
    throw invalidArgument('maximumIterations', 'a non-negative integer', most);
  }
  if (shapeInvariants !== undefined && !Array.isArray(shapeInvariants)) {
    throw invalidArgument('shapeInvariants', 'a list of shapes', shapeInvariants);
  }
}

function checkDTypes(variables: readonly Tensor[], results: readonly Tensor[]): void {
  for (const [i, { dtype }] of variables.entries()) {
    if (results[i]!.dtype === dtype) continue;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Loop variable ${i} must keep its type: it enters the loop as ${dtype}, and is ` +
        `${results[i]!.dtype} after one iteration`,
    );
  }
}

function wrong(text: string): TypeError {
  return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
}
