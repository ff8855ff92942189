import { readsOf, stackOf } from './listNodes.js';
import {
  type Body,
  endOfRange,
  isSame,
  numberOf,
  numbersOf,
  originOf,
  usesOf,
} from './listUses.js';
import { NodeIndex } from './nodeIndex.js';
import type { ArgDef, NodeDef } from './types.js';
import type { WorkFunction, WorkGraph } from './workGraph.js';

/**
 * Puts tensors in the place of the lists that a loop only reads, and what the engine stacks in loops
 * in the place of those that it fills in order: so they have gradients and known shapes. What a
 * loop does with a list otherwise, it does with the list.
 */
export function useTensorsInLoops(graph: WorkGraph): void {
  const done = new Set<Body>();
  const visit = (body: Body): void => {
    if (done.has(body)) return;
    done.add(body);
    for (const node of [...body.nodes]) {
      if (!/^(Stateless)?While$/.test(node.op)) continue;
      const step = graph.functions.get(node.attr?.body?.func?.name ?? '');
      const condition = graph.functions.get(node.attr?.cond?.func?.name ?? '');
      if (!step || !condition) continue;
      visit(step);
      new Loop(graph, body, node, condition, step).rewrite();
    }
  };
  for (const body of [...graph.bodies()]) visit(body);
}

/** A list that the loop only reads: the slices of a tensor. */
interface Read {
  readonly kind: 'read';
  readonly tensor: string;
  readonly type: string;
}

/** A list that the loop fills, item by item, or whose one item it sets again and again. */
interface Filled {
  readonly kind: 'all' | 'last';
  readonly set: NodeDef;
  readonly size: string;
  readonly grows: boolean;
  /** Of "last": the variable that is the item as well. */
  readonly state: number;
}

class Loop {
  readonly #graph: WorkGraph;
  readonly #outer: Body;
  readonly #node: NodeDef;
  readonly #inputs: readonly string[];
  readonly #types: readonly string[];
  readonly #condition: WorkFunction;
  readonly #step: WorkFunction;

  constructor(
    graph: WorkGraph,
    outer: Body,
    node: NodeDef,
    condition: WorkFunction,
    step: WorkFunction,
  ) {
    this.#graph = graph;
    this.#outer = outer;
    this.#node = node;
    this.#inputs = (node.input ?? []).filter((ref) => !ref.startsWith('^'));
    this.#types = node.attr?.T?.list?.type ?? [];
    this.#condition = condition;
    this.#step = step;
  }

  rewrite(): void {
    const lists = new Map<number, Read | Filled>();
    for (const [k, type] of this.#types.entries()) {
      const found = type === 'DT_VARIANT' ? (this.#read(k) ?? this.#filled(k)) : undefined;
      if (found) lists.set(k, found);
    }
    if (lists.size > 0) this.#replace(lists);
  }

  #argument(fn: WorkFunction, k: number): string {
    return fn.signature.inputArg?.[k]?.name ?? '';
  }

  #result(k: number): string {
    const name = this.#step.signature.outputArg?.[k]?.name ?? '';
    return this.#step.ret[name] ?? name;
  }

  #uses(fn: WorkFunction, k: number) {
    return usesOf(fn, { node: this.#argument(fn, k), index: 0 });
  }

  #read(k: number): Read | undefined {
    const inside = this.#uses(this.#step, k);
    const tested = this.#uses(this.#condition, k);
    const isRead = [...inside.first, ...tested.first].every(({ op }) =>
      /^TensorList(GetItem|Length)$/.test(op),
    );
    const isKept = inside.results.length === 1 && this.#isArgument(this.#result(k), k);
    if (!isRead || !isKept || inside.others + tested.others > 0) return undefined;
    if (usesOf(this.#outer, { node: this.#node.name, index: k }).results.length > 0) {
      return undefined;
    }
    const { nodes } = this.#outer;
    const list = nodes.get(originOf(nodes, this.#inputs[k] ?? '').node);
    const [first, value, indices] = list?.input ?? [];
    const type = list?.attr?.element_dtype?.type ?? '';
    if (list?.op === 'TensorListFromTensor') return { kind: 'read', tensor: first!, type };
    const isWhole = list?.op === 'TensorListScatterIntoExistingList' && endOfRange(nodes, indices);
    return isWhole ? { kind: 'read', tensor: value!, type } : undefined;
  }

  #filled(k: number): Filled | undefined {
    const { nodes } = this.#step;
    const { node: name } = originOf(nodes, this.#result(k));
    const set = nodes.get(name);
    const [list = '', index = '', item = ''] = set?.input ?? [];
    if (set?.op !== 'TensorListSetItem' || !this.#isArgument(list, k)) return undefined;
    const before = this.#uses(this.#step, k);
    const after = usesOf(this.#step, { node: name, index: 0 });
    const tested = this.#uses(this.#condition, k);
    const isOnly =
      before.first.length === 1 && before.results.length + before.others + after.others === 0;
    const isGiven = after.first.length === 0 && after.results.length === 1;
    if (!isOnly || !isGiven || tested.first.length + tested.others > 0) return undefined;
    const outer = this.#outer.nodes;
    const made = outer.get(originOf(outer, this.#inputs[k] ?? '').node);
    const size = made?.op === 'TensorListReserve' ? made.input?.[1] : undefined;
    const grows = set.attr?.resize_if_index_out_of_bounds?.b ?? false;
    if (size === undefined || !this.#isStacked(k, grows ? undefined : size)) return undefined;
    if (this.#counts(index)) return { kind: 'all', set, size, grows, state: -1 };
    const at = originOf(nodes, item);
    const state = this.#types.findIndex(
      (_, j) => j !== k && isSame(originOf(nodes, this.#result(j)), at),
    );
    const isLast = numberOf(nodes, index) === 0 && numberOf(outer, size) === 1 && state >= 0;
    return isLast ? { kind: 'last', set, size, grows: false, state } : undefined;
  }

  #isArgument(ref: string, k: number): boolean {
    const { node, index } = originOf(this.#step.nodes, ref);
    return node === this.#argument(this.#step, k) && index === 0;
  }

  /** Whether a value is 0 in the first step, 1 in the second, and so on. */
  #counts(ref: string): boolean {
    const c = this.#types.findIndex((_, k) => this.#isArgument(ref, k));
    if (c < 0 || numberOf(this.#outer.nodes, this.#inputs[c]) !== 0) return false;
    const { nodes } = this.#step;
    const next = nodes.get(originOf(nodes, this.#result(c)).node);
    const [a = '', b = ''] = next?.op === 'AddV2' ? (next.input ?? []) : [];
    const isNext = (x: string, y: string) => this.#isArgument(x, c) && numberOf(nodes, y) === 1;
    return isNext(a, b) || isNext(b, a);
  }

  /** Whether all that is done with the list, of that size if it stays, is to stack it. */
  #isStacked(k: number, size: string | undefined): boolean {
    const { nodes } = this.#outer;
    const value = { node: this.#node.name, index: k };
    const { first, others, results } = usesOf(this.#outer, value);
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

  /** Results of the loop keep their places; the place of a list that it fills holds its size. */
  #replace(lists: ReadonlyMap<number, Read | Filled>): void {
    const collected = [...lists].flatMap(([k, list]) => (list.kind === 'all' ? [{ k, list }] : []));
    this.#moveUses(
      lists,
      new Map(collected.map(({ k }, i) => [k, this.#types.length + i] as const)),
    );
    const condition = this.#changed(this.#condition, lists);
    const step = this.#changed(this.#step, lists);
    const items = collected.map(({ k, list }): ArgDef => {
      return { name: `collected_${k}`, type: itemType(list) };
    });
    const { inputArg = [], outputArg = [] } = step.signature;
    const results = outputArg.map((arg, k) => ({ ...arg, type: inputArg[k]!.type }));
    const ret = { ...step.ret };
    for (const [k, { kind }] of lists) {
      if (kind !== 'read') ret[outputArg[k]!.name] = inputArg[k]!.name;
    }
    for (const { k, list } of collected) ret[`collected_${k}`] = list.set.input?.[2] ?? '';
    const signature = { ...step.signature, outputArg: [...results, ...items] };
    this.#graph.functions.set(signature.name, { ...step, signature, ret });
    const controls = (this.#node.input ?? []).filter((ref) => ref.startsWith('^'));
    const inputs = this.#inputs.map((ref, k) => {
      const list = lists.get(k);
      return list ? (list.kind === 'read' ? list.tensor : list.size) : ref;
    });
    this.#outer.nodes.set({
      ...this.#node,
      input: [...inputs, ...controls],
      attr: {
        ...this.#node.attr,
        T: { list: { type: inputArg.map(({ type }) => type) } },
        Tcollected: { list: { type: items.map(({ type }) => type) } },
        cond: { func: { name: condition.signature.name } },
        body: { func: { name: signature.name } },
      },
    });
  }

  /** A function with tensors for lists that are read and sizes for the others. */
  #changed(fn: WorkFunction, lists: ReadonlyMap<number, Read | Filled>): WorkFunction {
    const inputArg = (fn.signature.inputArg ?? []).map((arg, k) => {
      const list = lists.get(k);
      return list ? { ...arg, type: list.kind === 'read' ? list.type : 'DT_INT32' } : arg;
    });
    const name = this.#graph.functionName(`${fn.signature.name}_tensors`);
    const signature = { ...fn.signature, name, inputArg };
    const made = { ...fn, signature, nodes: this.#without(fn, lists) };
    this.#graph.functions.set(name, made);
    return made;
  }

  /** Has what reads lists of the loop read tensors; `places`: of the items of those it fills. */
  #moveUses(lists: ReadonlyMap<number, Read | Filled>, places: ReadonlyMap<number, number>): void {
    const { name } = this.#node;
    const { nodes } = this.#outer;
    const changed = new Map<string, readonly NodeDef[]>();
    for (const [k, list] of lists) {
      if (list.kind === 'read') {
        nodes.redirect(`${name}:${k}`, this.#inputs[k]!);
        continue;
      }
      const items = `${name}:${list.kind === 'last' ? list.state : places.get(k)}`;
      const { first, through } = usesOf(this.#outer, { node: name, index: k });
      for (const each of through) {
        changed.set(each, [{ ...nodes.get(each)!, attr: { T: { type: 'DT_INT32' } } }]);
      }
      for (const user of first) {
        const shape = shapeOfItems(nodes, user.input?.at(user.op === 'TensorListGather' ? 2 : 1));
        const { size, grows } = list;
        const type = itemType(list);
        changed.set(user.name, stackOf(user, { items, type, shape, size, grows }, list.kind));
      }
    }
    nodes.expand((node) => changed.get(node.name) ?? node);
  }

  /** The nodes of a function, with what reads tensors for what reads lists, and no writes. */
  #without(fn: WorkFunction, lists: ReadonlyMap<number, Read | Filled>): NodeIndex {
    const dropped = new Set<string>();
    const changed = new Map<string, readonly NodeDef[]>();
    for (const [k, list] of lists) {
      const uses = this.#uses(fn, k);
      if (list.kind === 'read') {
        const T = { type: list.type };
        for (const name of uses.through)
          changed.set(name, [{ ...fn.nodes.get(name)!, attr: { T } }]);
        for (const node of uses.first) changed.set(node.name, readsOf(node, list.type));
        continue;
      }
      const after = usesOf(fn, { node: list.set.name, index: 0 });
      for (const name of [...uses.through, ...after.through, list.set.name]) dropped.add(name);
    }
    const nodes = new NodeIndex(fn.nodes);
    nodes.expand((node) => {
      if (dropped.has(node.name)) return [];
      const input = node.input ?? [];
      const left = input.filter((ref) => !(ref.startsWith('^') && dropped.has(ref.slice(1))));
      const kept = left.length === input.length ? node : { ...node, input: left };
      return changed.get(node.name) ?? kept;
    });
    return nodes;
  }
}

function itemType({ set }: Filled): string {
  return set.attr?.element_dtype?.type ?? '';
}

/** The dims that the shape of a list's items has, -1 for unknown ones, as far as it is constant. */
function shapeOfItems(nodes: NodeIndex, ref: string | undefined): readonly number[] | undefined {
  const dims = numbersOf(nodes, ref);
  return dims?.shape.length === 1 ? dims.values : undefined;
}
