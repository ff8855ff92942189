import { checkOptions } from '../attrs.js';
import { inferDType } from '../convert.js';
import { describe, EngineError, invalidArgument } from '../errors.js';
import type { OpOptions } from '../node.js';
import { graphOf, toTensor } from '../op.js';
import type { StaticShape } from '../shape.js';
import { checkSameForm, formatForm, formOf, inForm, type Structure } from '../structure.js';
import { type Built, Subgraph } from '../subgraph.js';
import { Tensor } from '../tensor.js';
import { addWithSubgraphs } from './addWithSubgraphs.js';

export interface WhileLoopOptions extends OpOptions {
  /** The loop ends after so many iterations even if the condition still holds. */
  readonly maximumIterations?: number | undefined;
  /** Looser shapes for loop variables whose shape changes; undefined where it does not. */
  readonly shapeInvariants?: readonly (StaticShape | undefined)[] | undefined;
  /**
   * The body gives a pair: the next variables, and a structure of tensors, of which the values of
   * all iterations are stacked along a new first axis. The loop gives the last variables and these.
   */
  readonly collect?: boolean | undefined;
  /** Kept for exports; iterations run one after another. */
  readonly parallelIterations?: number | undefined;
}

type Mutable<V extends readonly Structure[]> = { -readonly [K in keyof V]: V[K] };
type Results<V extends readonly Structure[]> = { readonly [K in keyof V]: V[K] };

/**
 * Repeats `body` on the loop variables while `condition` holds for them, and gives the last ones.
 * A variable is a tensor, or arrays and objects of tensors. Tensors of the graph around may be used
 * in both functions; they are computed once. A variable keeps its dtype and,
 * unless `shapeInvariants` says otherwise, its shape. Gradients of all orders go through it; those of
 * the first order only where a variable changes its shape.
 */
export function whileLoop<const V extends readonly Structure[], C extends Structure>(
  condition: (...variables: Mutable<V>) => Tensor<'bool'>,
  body: (...variables: Mutable<V>) => readonly [next: NoInfer<Results<V>>, collected: C],
  variables: V,
  options: WhileLoopOptions & { readonly collect: true },
): [last: Mutable<V>, collected: C];
export function whileLoop<const V extends readonly Structure[]>(
  condition: (...variables: Mutable<V>) => Tensor<'bool'>,
  body: (...variables: Mutable<V>) => NoInfer<Results<V>>,
  variables: V,
  options?: WhileLoopOptions & { readonly collect?: false | undefined },
): Mutable<V>;
export function whileLoop(
  condition: (...variables: Structure[]) => Tensor,
  body: (...variables: Structure[]) => readonly Structure[],
  initial: readonly Structure[],
  options: WhileLoopOptions = {},
): readonly Structure[] {
  checkArguments(condition, body, initial, options);
  const { maximumIterations, shapeInvariants = [], parallelIterations, collect, ...rest } = options;
  const name = rest.name ?? 'while';
  const leaves: unknown[] = [];
  const form = formOf(initial, leaves);
  const variables = leaves.map((leaf) => tensorOf(leaf, options));
  const slots = variables.map((tensor) => ({ tensor }));
  const graph = graphOf(slots, options.graph);
  const captures: Tensor[] = [];
  const build = (fn: (...inside: Structure[]) => unknown, part: string) => {
    const sub = new Subgraph(graph, captures, variables.length, 'a while loop', name, part);
    const inside = variables.map((v, i) => {
      const shape = shapeInvariants[i];
      return sub.parameter(i, v, shape === undefined ? v.shape : shape);
    });
    const structure = inForm(form, inside) as readonly Structure[];
    return { sub, ...sub.buildStructure(() => fn(...structure)) };
  };
  const [test, step] = [build(condition, 'condition'), build(body, '')];
  const { next, collected } = partsOf(step, collect, variables.length);
  const alone = next.form.kind === 'leaf' && variables.length === 1;
  if (!alone) checkSameForm('The loop variables and the results of body', form, next.form);
  checkDTypes(variables, next.tensors);
  test.sub.finish(test.tensors);
  const invariant = captures.map((tensor) => step.sub.capture(tensor));
  step.sub.finish([...next.tensors, ...invariant, ...collected.tensors]);
  const inputs = [...variables, ...captures];
  const attrs = {
    T: inputs.map(({ dtype }) => dtype),
    Tcollected: collected.tensors.map(({ dtype }) => dtype),
    cond: test.sub.graph.handle,
    body: step.sub.graph.handle,
    ...(maximumIterations === undefined ? {} : { maximum_iterations: maximumIterations }),
    ...(parallelIterations === undefined ? {} : { parallel_iterations: parallelIterations }),
  };
  const type = test.sub.stateful || step.sub.stateful ? 'While' : 'StatelessWhile';
  const op = addWithSubgraphs(graph, type, inputs, attrs, [test.sub, step.sub], { ...rest, name });
  const last = inForm(form, op.outputs) as readonly Structure[];
  return collect ? [last, inForm(collected.form, op.outputs.slice(inputs.length))] : last;
}

/** The next variables and what is collected. */
function partsOf(body: Built, collect: boolean | undefined, variables: number) {
  const { form, tensors } = body;
  if (!collect) return { next: body, collected: { form, tensors: [] } };
  if (form.kind === 'array' && form.items.length === 2) {
    const [next, collected] = form.items;
    return {
      next: { form: next!, tensors: tensors.slice(0, variables) },
      collected: { form: collected!, tensors: tensors.slice(variables) },
    };
  }
  throw new EngineError(
    'INVALID_ARGUMENT',
    `The body of a loop that collects must give a pair, [next variables, collected], and gave ` +
      formatForm(form),
  );
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
    const text = `No loop variables provided: Expected a list but received ${describe(initial)}`;
    throw new EngineError('INVALID_ARGUMENT', text);
  }
  checkOptions('whileLoop', options, [
    'maximumIterations',
    'shapeInvariants',
    'collect',
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
