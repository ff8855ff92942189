import { type Body, endOfRange, isSame, numberOf, originOf, usesOf } from './listUses.js';
import type { NodeDef } from './types.js';
import type { WorkFunction } from './workGraph.js';

/** A list that the loop only reads: the slices of a tensor. */
export interface Read {
  readonly kind: 'read';
  readonly tensor: string;
  readonly type: string;
}

/** A list that the loop fills, item by item, or whose one item it sets again and again. */
export interface Filled {
  readonly kind: 'all' | 'last';
  readonly set: NodeDef;
  readonly size: string;
  readonly grows: boolean;
  /** Of "last": the variable that is the item as well. */
  readonly state: number;
}

/** A loop with its functions, and what it does with the lists among its variables. */
export class LoopView {
  readonly outer: Body;
  readonly node: NodeDef;
  readonly inputs: readonly string[];
  readonly types: readonly string[];
  readonly condition: WorkFunction;
  readonly step: WorkFunction;

  constructor(outer: Body, node: NodeDef, condition: WorkFunction, step: WorkFunction) {
    this.outer = outer;
    this.node = node;
    this.inputs = (node.input ?? []).filter((ref) => !ref.startsWith('^'));
    this.types = node.attr?.T?.list?.type ?? [];
    this.condition = condition;
    this.step = step;
  }

  /** What of its lists can be tensors, by the places of the variables. */
  lists(): ReadonlyMap<number, Read | Filled> {
    const lists = new Map<number, Read | Filled>();
    for (const [k, type] of this.types.entries()) {
      const found = type === 'DT_VARIANT' ? (this.#read(k) ?? this.#filled(k)) : undefined;
      if (found) lists.set(k, found);
    }
    return lists;
  }

  #argument(fn: WorkFunction, k: number): string {
    return fn.signature.inputArg?.[k]?.name ?? '';
  }

  #result(k: number): string {
    const name = this.step.signature.outputArg?.[k]?.name ?? '';
    return this.step.ret[name] ?? name;
  }

  uses(fn: WorkFunction, k: number) {
    return usesOf(fn, { node: this.#argument(fn, k), index: 0 });
  }

  #read(k: number): Read | undefined {
    const inside = this.uses(this.step, k);
    const tested = this.uses(this.condition, k);
    const isRead = [...inside.first, ...tested.first].every(({ op }) =>
      /^TensorList(GetItem|Length)$/.test(op),
    );
    const isKept = inside.results.length === 1 && this.#isArgument(this.#result(k), k);
    if (!isRead || !isKept || inside.others + tested.others > 0) return undefined;
    if (usesOf(this.outer, { node: this.node.name, index: k }).results.length > 0) {
      return undefined;
    }
    const { nodes } = this.outer;
    const list = nodes.get(originOf(nodes, this.inputs[k] ?? '').node);
    const [first, value, indices] = list?.input ?? [];
    const type = list?.attr?.element_dtype?.type ?? '';
    if (list?.op === 'TensorListFromTensor') return { kind: 'read', tensor: first!, type };
    const isWhole = list?.op === 'TensorListScatterIntoExistingList' && endOfRange(nodes, indices);
    return isWhole ? { kind: 'read', tensor: value!, type } : undefined;
  }

  #filled(k: number): Filled | undefined {
    const { nodes } = this.step;
    const { node: name } = originOf(nodes, this.#result(k));
    const set = nodes.get(name);
    const [list = '', index = '', item = ''] = set?.input ?? [];
    if (set?.op !== 'TensorListSetItem' || !this.#isArgument(list, k)) return undefined;
    const before = this.uses(this.step, k);
    const after = usesOf(this.step, { node: name, index: 0 });
    const tested = this.uses(this.condition, k);
    const isOnly =
      before.first.length === 1 && before.results.length + before.others + after.others === 0;
    const isGiven = after.first.length === 0 && after.results.length === 1;
    if (!isOnly || !isGiven || tested.first.length + tested.others > 0) return undefined;
    const outer = this.outer.nodes;
    const made = outer.get(originOf(outer, this.inputs[k] ?? '').node);
    const size = made?.op === 'TensorListReserve' ? made.input?.[1] : undefined;
    const grows = set.attr?.resize_if_index_out_of_bounds?.b ?? false;
    // Lists of lists stay.
    if (set.attr?.element_dtype?.type === 'DT_VARIANT') return undefined;
    if (size === undefined || !this.#isStacked(k, grows ? undefined : size)) return undefined;
    if (this.#counts(index)) return { kind: 'all', set, size, grows, state: -1 };
    const at = originOf(nodes, item);
    const state = this.types.findIndex(
      (_, j) => j !== k && isSame(originOf(nodes, this.#result(j)), at),
    );
    const isLast = numberOf(nodes, index) === 0 && numberOf(outer, size) === 1 && state >= 0;
    return isLast ? { kind: 'last', set, size, grows: false, state } : undefined;
  }

  #isArgument(ref: string, k: number): boolean {
    const { node, index } = originOf(this.step.nodes, ref);
    return node === this.#argument(this.step, k) && index === 0;
  }

  /** Whether a value is 0 in the first step, 1 in the second, and so on. */
  #counts(ref: string): boolean {
    const c = this.types.findIndex((_, k) => this.#isArgument(ref, k));
    if (c < 0 || numberOf(this.outer.nodes, this.inputs[c]) !== 0) return false;
    const { nodes } = this.step;
    const next = nodes.get(originOf(nodes, this.#result(c)).node);
    const [a = '', b = ''] = next?.op === 'AddV2' ? (next.input ?? []) : [];
    const isNext = (x: string, y: string) => this.#isArgument(x, c) && numberOf(nodes, y) === 1;
    return isNext(a, b) || isNext(b, a);
  }

  /** Whether all that is done with the list, of that size if it stays, is to stack it. */
  #isStacked(k: number, size: string | undefined): boolean {
    const { nodes } = this.outer;
    const value = { node: this.node.name, index: k };
    const { first, others, results } = usesOf(this.outer, value);
    return (
      others + results.length === 0 &&
      first.every(({ op, input = [] }) => {
        if (op === 'TensorListStack' || op === 'TensorListLength') return true;
        const end = op === 'TensorListGather' ? endOfRange(nodes, input[1]) : undefined;
        if (end === undefined) return false;
        const at = originOf(nodes, end);
        const length = nodes.get(at.node);
        const [list = ''] = length?.op === 'TensorListLength' ? (length.input ?? []) : [];
        if (isSame(originOf(nodes, list), value)) return true;
        return size !== undefined && isSame(at, originOf(nodes, size));
      })
    );
  }
}
