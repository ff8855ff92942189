import { readsOf, stackOf } from './listNodes.js';
import { type Body, numbersOf, usesOf } from './listUses.js';
import { type Filled, LoopView, type Read } from './loopView.js';
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
      // One of ours, which stacks already.
      if (node.attr?.Tcollected?.list?.type?.length) continue;
      const loop = new LoopView(body, node, condition, step);
      const lists = loop.lists();
      if (lists.size > 0) new Replacement(graph, loop, lists).replace();
    }
  };
  for (const body of [...graph.bodies()]) visit(body);
}

/** A loop with tensors in the place of lists. */
class Replacement {
  readonly #graph: WorkGraph;
  readonly #loop: LoopView;
  readonly #lists: ReadonlyMap<number, Read | Filled>;

  constructor(graph: WorkGraph, loop: LoopView, lists: ReadonlyMap<number, Read | Filled>) {
    this.#graph = graph;
    this.#loop = loop;
    this.#lists = lists;
  }

  /** Results of the loop keep their places; the place of a list that it fills holds its size. */
  replace(): void {
    const lists = this.#lists;
    const { node, inputs: given, types, condition: test, step: body } = this.#loop;
    const collected = [...lists].flatMap(([k, list]) => (list.kind === 'all' ? [{ k, list }] : []));
    this.#moveUses(new Map(collected.map(({ k }, i) => [k, types.length + i] as const)));
    const condition = this.#changed(test);
    const step = this.#changed(body);
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
    const controls = (node.input ?? []).filter((ref) => ref.startsWith('^'));
    const inputs = given.map((ref, k) => {
      const list = lists.get(k);
      return list ? (list.kind === 'read' ? list.tensor : list.size) : ref;
    });
    this.#loop.outer.nodes.set({
      ...node,
      input: [...inputs, ...controls],
      attr: {
        ...node.attr,
        T: { list: { type: inputArg.map(({ type }) => type) } },
        Tcollected: { list: { type: items.map(({ type }) => type) } },
        cond: { func: { name: condition.signature.name } },
        body: { func: { name: signature.name } },
      },
    });
  }

  /** A function with tensors for lists that are read and sizes for the others. */
  #changed(fn: WorkFunction): WorkFunction {
    const inputArg = (fn.signature.inputArg ?? []).map((arg, k) => {
      const list = this.#lists.get(k);
      return list ? { ...arg, type: list.kind === 'read' ? list.type : 'DT_INT32' } : arg;
    });
    const name = this.#graph.functionName(`${fn.signature.name}_tensors`);
    const signature = { ...fn.signature, name, inputArg };
    const made = { ...fn, signature, nodes: this.#without(fn) };
    this.#graph.functions.set(name, made);
    return made;
  }

  /** Has what reads lists of the loop read tensors; `places`: of the items of those it fills. */
  #moveUses(places: ReadonlyMap<number, number>): void {
    const { node: loop, outer, inputs } = this.#loop;
    const { name } = loop;
    const { nodes } = outer;
    const changed = new Map<string, readonly NodeDef[]>();
    for (const [k, list] of this.#lists) {
      if (list.kind === 'read') {
        nodes.redirect(`${name}:${k}`, inputs[k]!);
        continue;
      }
      const items = `${name}:${list.kind === 'last' ? list.state : places.get(k)}`;
      const { first, through } = usesOf(outer, { node: name, index: k });
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
  #without(fn: WorkFunction): NodeIndex {
    const dropped = new Set<string>();
    const changed = new Map<string, readonly NodeDef[]>();
    for (const [k, list] of this.#lists) {
      const uses = this.#loop.uses(fn, k);
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
