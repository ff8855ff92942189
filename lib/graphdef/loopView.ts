import type { InputRef } from './checkDef.js';
import { functionsOf } from './functions.js';
import { type Body, isSame, makerOf, numberOf, originOf, readersOf, tensorOf } from './listUses.js';
import type { NodeDef } from './types.js';
import type { WorkFunction } from './workGraph.js';

/** A list to which each step of a loop adds one item, or whose one item each step sets. */
export interface Filled {
  /** The place of the list among the variables. */
  readonly k: number;
  readonly item: string;
  readonly type: string;
  /** How many items it has at first; none: as many as there are steps. */
  readonly size: string | undefined;
  /** Whether it has more when there are more steps. */
  readonly grows: boolean;
  /** Of a list of one item: the variable that is this item as well. */
  readonly state: number | undefined;
  /** What the number of steps is at the end. */
  readonly counter: string | undefined;
}

export type Functions = ReadonlyMap<string, WorkFunction>;

const readers = /^TensorList(GetItem|Length|Gather|Stack)$/;

/** Whether all that a body does with a list is to read it, also where it hands it on. */
export function isOnlyRead(
  body: Readonly<Body>,
  list: InputRef,
  functions: Functions,
  seen = new Set<string>(),
): boolean {
  const { nodes } = body;
  return readersOf(body, list).every((name) => {
    const node = nodes.get(name);
    if (!node) return false;
    if (readers.test(node.op)) return true;
    const inputs = (node.input ?? []).filter((ref) => !ref.startsWith('^'));
    const places = [...inputs.keys()].filter((k) => isSame(originOf(nodes, inputs[k]!), list));
    const called = functionsOf(node).map((each) => functions.get(each));
    if (/^(Stateless)?If$/.test(node.op)) {
      return places.every((k) =>
        called.every((fn) => fn && takesToRead(fn, k - 1, functions, seen)),
      );
    }
    const loop = /^(Stateless)?While$/.test(node.op) ? loopIn(body, node, functions) : undefined;
    return loop !== undefined && places.every((k) => loop.reads(k, seen));
  });
}

/**
 * Whether a function only reads the list that it takes in a place. What was seen before is not
 * looked at again: the answer is that of all together.
 */
export function takesToRead(
  fn: WorkFunction,
  k: number,
  functions: Functions,
  seen = new Set<string>(),
): boolean {
  const { name, inputArg = [] } = fn.signature;
  if (seen.has(`${k} ${name}`)) return true;
  seen.add(`${k} ${name}`);
  const arg = inputArg[k]?.name;
  return arg !== undefined && isOnlyRead(fn, { node: arg, index: 0 }, functions, seen);
}

/** The loop that a node of a body is, if its functions are there. */
export function loopIn(body: Body, node: NodeDef, functions: Functions): LoopView | undefined {
  const [step, condition] = [node.attr?.body, node.attr?.cond].map((attr) =>
    functions.get(attr?.func?.name ?? ''),
  );
  return step && condition ? new LoopView(body, node, condition, step, functions) : undefined;
}

/** A loop with its functions, and what it does with the lists among its variables. */
export class LoopView {
  readonly outer: Body;
  readonly node: NodeDef;
  readonly inputs: readonly string[];
  readonly types: readonly string[];
  readonly condition: WorkFunction;
  readonly step: WorkFunction;
  readonly #functions: Functions;

  constructor(
    outer: Body,
    node: NodeDef,
    condition: WorkFunction,
    step: WorkFunction,
    functions: Functions,
  ) {
    this.outer = outer;
    this.node = node;
    this.inputs = (node.input ?? []).filter((ref) => !ref.startsWith('^'));
    this.types = node.attr?.T?.list?.type ?? [];
    this.condition = condition;
    this.step = step;
    this.#functions = functions;
  }

  /** The places of the lists of which something holds. */
  places(holds: (k: number) => boolean): number[] {
    return [...this.types.keys()].filter((k) => this.types[k] === 'DT_VARIANT' && holds(k));
  }

  /** Whether a list is the slices of a tensor in all steps, and is only read. */
  isRead(k: number): boolean {
    return this.reads(k) && tensorOf(this.outer.nodes, this.inputs[k]!) !== undefined;
  }

  /** Whether a list is the same in all steps, and is only read. */
  reads(k: number, seen = new Set<string>()): boolean {
    if (this.#resultsOf(k).length !== 1 || !this.#isArgument(this.#result(k), k)) return false;
    return [{ ...this.step, ret: {} }, this.condition].every((fn) =>
      takesToRead(fn, k, this.#functions, seen),
    );
  }

  /** How the steps fill a list, if they do nothing else with it. */
  filled(k: number): Filled | undefined {
    const write = makerOf(this.step.nodes, this.#result(k));
    const isPushed = write?.op === 'TensorListPushBack';
    if (!write || !(isPushed || write.op === 'TensorListSetItem')) return undefined;
    const [list = '', ...operands] = (write.input ?? []).filter((ref) => !ref.startsWith('^'));
    const type = write.attr?.element_dtype?.type ?? 'DT_VARIANT';
    // Lists of lists stay.
    if (type === 'DT_VARIANT' || !this.#isArgument(list, k)) return undefined;
    const readers = [...this.#readers(this.step, k), ...this.#readers(this.condition, k)];
    const given = readersOf(this.step, { node: write.name, index: 0 });
    if (readers.length !== 1 || given.length !== 1 || this.#resultsOf(k).length > 0)
      return undefined;
    const made = makerOf(this.outer.nodes, this.inputs[k]);
    const [item = ''] = operands.slice(-1);
    const common = { k, item, type, counter: this.#counter(), state: undefined };
    if (isPushed) {
      return made?.op === 'EmptyTensorList'
        ? { ...common, size: undefined, grows: true }
        : undefined;
    }
    const size = made?.op === 'TensorListReserve' ? made.input?.[1] : undefined;
    if (size === undefined) return undefined;
    const grows = write.attr?.resize_if_index_out_of_bounds?.b ?? false;
    const [index = ''] = operands;
    if (this.types.some((_, c) => this.#isArgument(index, c) && this.#counts(c))) {
      return { ...common, size, grows };
    }
    const isOne = numberOf(this.step.nodes, index) === 0 && numberOf(this.outer.nodes, size) === 1;
    const state = this.#stateOf(item, k);
    return isOne && state >= 0 && common.counter ? { ...common, size, grows, state } : undefined;
  }

  /** What is the number of steps when the loop has ended. */
  #counter(): string | undefined {
    const c = this.types.findIndex((_, each) => this.#counts(each));
    return c < 0 ? undefined : `${this.node.name}:${c}`;
  }

  /** The variable that has the value after each step. */
  #stateOf(item: string, k: number): number {
    const { nodes } = this.step;
    const at = originOf(nodes, item);
    return this.types.findIndex((_, j) => j !== k && isSame(originOf(nodes, this.#result(j)), at));
  }

  #argument(fn: WorkFunction, k: number): string {
    return fn.signature.inputArg?.[k]?.name ?? '';
  }

  #result(k: number): string {
    const name = this.step.signature.outputArg?.[k]?.name ?? '';
    return this.step.ret[name] ?? name;
  }

  /** The nodes that read a variable. */
  #readers(fn: WorkFunction, k: number): NodeDef[] {
    const value = { node: this.#argument(fn, k), index: 0 };
    return readersOf({ nodes: fn.nodes }, value).map((name) => fn.nodes.get(name)!);
  }

  /** The results of a step that are a variable unchanged. */
  #resultsOf(k: number): string[] {
    return Object.values(this.step.ret).filter((ref) => this.#isArgument(ref, k));
  }

  #isArgument(ref: string, k: number): boolean {
    const { node, index } = originOf(this.step.nodes, ref);
    return node === this.#argument(this.step, k) && index === 0;
  }

  /** Whether a variable is 0 in the first step, 1 in the second, and so on. */
  #counts(c: number): boolean {
    if (numberOf(this.outer.nodes, this.inputs[c]) !== 0) return false;
    const { nodes } = this.step;
    const next = makerOf(nodes, this.#result(c));
    const [a = '', b = ''] = next?.op === 'AddV2' ? (next.input ?? []) : [];
    const isNext = (x: string, y: string) => this.#isArgument(x, c) && numberOf(nodes, y) === 1;
    return isNext(a, b) || isNext(b, a);
  }
}
