import { inferDType } from '../convert.js';
import { EngineError, invalidArgument } from '../errors.js';
import { isTensorLike, type OpOptions } from '../node.js';
import { graphOf, toTensor } from '../op.js';
import type { StaticShape } from '../shape.js';
import { checkSameForm, type Form, formOf, inForm, type Structure } from '../structure.js';
import { Subgraph, targetGraph } from '../subgraph.js';
import { Tensor } from '../tensor.js';
import { addWithSubgraphs } from './addWithSubgraphs.js';

/** Tensors in the form in which they were given. */
export interface Formed {
  readonly form: Form;
  readonly tensors: readonly Tensor[];
}

/** What is walked through, with what is carried from step to step. */
export interface Walk {
  /** For messages, such as "scan". */
  readonly what: string;
  readonly elements: Formed;
  /** Undefined: nothing is carried. */
  readonly initial: Formed | undefined;
  readonly reverse: boolean;
  /** One step: the next states and what is collected, either or both. */
  readonly step: (
    element: Structure,
    state: Structure | undefined,
  ) => { readonly next?: unknown; readonly collected?: unknown };
}

export interface Walked {
  readonly final: Structure | undefined;
  readonly collected: Structure | undefined;
}

export function formed(value: unknown, place: string, { graph }: OpOptions): Formed {
  const leaves: unknown[] = [];
  const form = formOf(value, leaves);
  const tensors = leaves.map((leaf, i) => {
    const at = leaves.length === 1 ? place : `${place}[${i}]`;
    const value = isTensorLike(leaf) ? leaf.asTensor() : leaf;
    const dtype = value instanceof Tensor ? value.dtype : inferDType(value, at);
    return toTensor(value, dtype, at, graph);
  });
  return { form, tensors };
}

/** Elements of a walk: tensors with a first axis, all of the same size. */
export function elementsOf(value: unknown, options: OpOptions): Formed {
  const elements = formed(value, 'elements', options);
  const { tensors } = elements;
  if (tensors.length === 0) throw new EngineError('INVALID_ARGUMENT', 'No elements provided');
  const scalar = tensors.find(({ shape }) => shape?.length === 0);
  if (scalar) throw invalidArgument('elements', 'tensors with a first axis', scalar.toString());
  const sizes = tensors.map(({ shape }) => shape?.[0]);
  const known = sizes.filter((size) => typeof size === 'number');
  if (known.every((size) => size === known[0])) return elements;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `All elements must have the same first dim, got ${sizes.join(', ')}`,
  );
}

/** Adds the scan that walks through the elements. */
export function addWalk(walk: Walk, options: OpOptions): Walked {
  const { what, elements, initial, reverse } = walk;
  const states = initial?.tensors ?? [];
  const own = [...states, ...elements.tensors];
  const slots = own.map((tensor) => ({ tensor }));
  const graph = targetGraph(graphOf(slots, options.graph));
  const captures: Tensor[] = [];
  const name = options.name ?? what;
  const body = new Subgraph(graph, captures, own.length, `a ${what}`, name);
  const inside = own.map((tensor, i) => {
    return body.parameter(i, tensor, i < states.length ? tensor.shape : rowShape(tensor.shape));
  });
  const given = {
    state: initial && inForm(initial.form, inside.slice(0, states.length)),
    element: inForm(elements.form, inside.slice(states.length)),
  };
  const parts = { next: undefined as Form | undefined, collected: undefined as Form | undefined };
  const built = body.buildStructure(() => {
    const { next, collected } = walk.step(given.element, given.state);
    return [next ?? [], collected ?? []];
  });
  if (built.form.kind === 'array') [parts.next, parts.collected] = built.form.items;
  const next = built.tensors.slice(0, leavesOf(parts.next));
  if (initial) checkStates(what, initial, { form: parts.next!, tensors: next });
  body.finish(built.tensors);
  const attrs = {
    Tstate: dtypesOf(states),
    Tsequence: dtypesOf(elements.tensors),
    Tcaptured: dtypesOf(captures),
    Tcollected: dtypesOf(built.tensors.slice(next.length)),
    body: body.graph.handle,
    reverse,
  };
  const type = body.stateful ? 'Scan' : 'StatelessScan';
  const inputs = [...own, ...captures];
  const { outputs } = addWithSubgraphs(graph, type, inputs, attrs, [body], { ...options, name });
  return {
    final: initial && inForm(initial.form, outputs),
    collected: parts.collected && inForm(parts.collected, outputs.slice(states.length)),
  };
}

function checkStates(what: string, initial: Formed, next: Formed): void {
  checkSameForm(`The initial value and the results of fn in ${what}`, initial.form, next.form);
  for (const [i, { dtype }] of initial.tensors.entries()) {
    if (next.tensors[i]!.dtype === dtype) continue;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `State ${i} of ${what} must keep its type: it is ${dtype} at first, and ` +
        `${next.tensors[i]!.dtype} after one step`,
    );
  }
}

function leavesOf(form: Form | undefined): number {
  if (!form) return 0;
  return form.kind === 'leaf' ? 1 : form.items.reduce((sum, item) => sum + leavesOf(item), 0);
}

function rowShape(shape: StaticShape): StaticShape {
  return shape === null ? null : shape.slice(1);
}

function dtypesOf(tensors: readonly Tensor[]) {
  return tensors.map(({ dtype }) => dtype);
}
