import { textOf } from './attrs.js';
import { makeBranches } from './branches.js';
import { unique } from './callScope.js';
import { invalid, parseInput, sorted } from './checkDef.js';
import { NodeIndex } from './nodeIndex.js';
import { hasState } from './opFacts.js';
import type { ArgDef, NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

const kDeepest = 100;

/**
 * Puts a While in the place of each loop of TensorFlow 1, a frame of Enter, Merge, LoopCond, Switch,
 * NextIteration and Exit. What its Exits gave are identities of the results.
 */
export function makeLoops(graph: WorkGraph): void {
  if (graph.nodes.some(({ op }) => op === 'Enter')) new Frames(graph).translate();
}

/** One of the values that a loop carries from step to step. */
interface Carried {
  /** The name of the Merge that gives it. */
  readonly merge: string;
  readonly type: string;
  /** Before the first step, in the graph around; after each step, inside. */
  readonly first: string;
  readonly next: string;
}

interface Loop {
  readonly frame: string;
  readonly condition: NodeDef;
  readonly carried: readonly Carried[];
  /** Which variable a Merge of the loop is, and which one a Switch behind it, by their names. */
  readonly merges: ReadonlyMap<string, number>;
  readonly switches: ReadonlyMap<string, number>;
  /** What the loop reads of the graph around, with the dtypes. */
  readonly captured: Map<string, { readonly at: number; readonly type: string }>;
}

/** The condition begins at the Merges, the body at output 1 of the Switches. */
type Begin = 'merges' | 'switches';

class Frames {
  readonly #graph: WorkGraph;
  readonly #nodes: NodeIndex;
  /** The innermost loop of each node, by the node's name; none at the outside. */
  readonly #frameOf = new Map<string, string>();
  readonly #members = new Map<string, string[]>();
  readonly #depth = new Map<string, number>();
  /** The loop around each loop. */
  readonly #around = new Map<string, string>();

  constructor(graph: WorkGraph) {
    this.#graph = graph;
    this.#nodes = graph.nodes;
    for (const node of sorted([...graph.nodes], (each) => this.#before(each))) this.#place(node);
  }

  /** Inner loops come before those around. */
  translate(): void {
    const deepestFirst = [...this.#depth].sort(([, a], [, b]) => b - a);
    for (const [frame] of deepestFirst) this.#translate(frame);
  }

  /** What comes before a node in the same step. */
  #before({ input = [] }: NodeDef): string[] {
    const names = input.map((ref) => parseInput(ref).node);
    return names.filter((name) => this.#nodes.get(name)?.op !== 'NextIteration');
  }

  #place(node: NodeDef): void {
    const [first = ''] = node.input ?? [];
    const from = this.#frameOf.get(parseInput(first).node);
    let frame: string | undefined;
    if (node.op === 'Enter') {
      frame = textOf(node.attr?.frame_name?.s ?? '');
      if (!this.#depth.has(frame)) {
        const depth = from === undefined ? 1 : this.#depth.get(from)! + 1;
        if (depth > kDeepest) throw invalid('Loops lie too deep inside of each other', node.name);
        this.#depth.set(frame, depth);
        if (from !== undefined) this.#around.set(frame, from);
      }
    } else if (node.op === 'Exit') {
      frame = from === undefined ? undefined : this.#around.get(from);
    } else {
      for (const name of this.#before(node)) {
        const each = this.#frameOf.get(name);
        if (this.#deepness(each) > this.#deepness(frame)) frame = each;
      }
    }
    this.#join(node.name, frame);
  }

  #deepness(frame: string | undefined): number {
    return frame === undefined ? 0 : this.#depth.get(frame)!;
  }

  #join(name: string, frame: string | undefined): void {
    if (frame === undefined) return;
    this.#frameOf.set(name, frame);
    const members = this.#members.get(frame);
    if (members) members.push(name);
    else this.#members.set(frame, [name]);
  }

  #translate(frame: string): void {
    const loop = this.#loopOf(frame);
    const { condition, carried, captured } = loop;
    const test = this.#part(loop, 'merges', [condition.input?.[0] ?? '']);
    const nexts = carried.map(({ next }) => next);
    const step = this.#part(loop, 'switches', nexts);
    const others = [...captured.values()];
    const types = [...carried, ...others].map(({ type }) => type);
    const results = [...step.results, ...others.map(({ at }) => argument(at))];
    const name = this.#nodes.unused(condition.name.replace(/LoopCond$/, 'While'));
    const cond = this.#function(`${name}_cond`, types, test, ['DT_BOOL']);
    const body = this.#function(`${name}_body`, types, { ...step, results }, types);
    const isStateful = [...test.nodes, ...step.nodes].some(({ op }) => hasState(op));
    const waits = this.#waits(frame);
    const leaving = [...loop.switches].flatMap(([from, at]) => this.#leaving(from, at, loop, name));
    for (const member of this.#members.get(frame) ?? []) this.#nodes.delete(member);
    for (const node of leaving) this.#nodes.set(node);
    const made: NodeDef = {
      name,
      op: isStateful ? 'While' : 'StatelessWhile',
      device: condition.device ?? '',
      input: [...carried.map(({ first }) => first), ...captured.keys(), ...waits],
      attr: { T: { list: { type: types } }, cond: { func: cond }, body: { func: body } },
    };
    this.#nodes.add(made);
    this.#join(name, this.#around.get(frame));
  }

  /** What has to run before what enters the loop. */
  #waits(frame: string): string[] {
    const members = (this.#members.get(frame) ?? []).map((name) => this.#nodes.get(name)!);
    const enters = members.filter(({ op }) => op === 'Enter');
    const controls = enters.flatMap(({ input = [] }) => input.filter((ref) => ref.startsWith('^')));
    return unique(controls.filter((ref) => this.#frameOf.get(ref.slice(1)) !== frame));
  }

  #loopOf(frame: string): Loop {
    const members = (this.#members.get(frame) ?? []).map((name) => this.#nodes.get(name)!);
    const [condition, ...others] = members.filter(({ op }) => op === 'LoopCond');
    const carried = members.filter(({ op }) => op === 'Merge').flatMap((m) => this.#carried(m));
    if (!condition || others.length > 0 || carried.length === 0) {
      const conditions = others.length + (condition ? 1 : 0);
      const text = `The loop '${frame}' has ${conditions} conditions and ${carried.length} variables`;
      throw invalid(text, members[0]?.name);
    }
    const merges = new Map(carried.map(({ merge }, i) => [merge, i] as const));
    const switches = new Map<string, number>();
    for (const { name, op, input: [value = '', by = ''] = [] } of members) {
      const at = merges.get(parseInput(value).node);
      if (op !== 'Switch' || at === undefined || parseInput(by).node !== condition.name) continue;
      switches.set(name, at);
    }
    return { frame, condition, carried, merges, switches, captured: new Map() };
  }

  /** The identities in the place of the Exits behind a switch. */
  #leaving(from: string, at: number, { carried }: Loop, loop: string): NodeDef[] {
    return this.#nodes.usersOf(from).flatMap((exit) => {
      const [first = '', ...others] = exit.input ?? [];
      if (exit.op !== 'Exit' || parseInput(first).index !== 0) return [];
      const input = [at === 0 ? loop : `${loop}:${at}`, ...others];
      return [{ ...exit, op: 'Identity', input, attr: { T: { type: carried[at]!.type } } }];
    });
  }

  /** The variable of a Merge of the loop, if it is one. */
  #carried(merge: NodeDef): Carried[] {
    const inputs = (merge.input ?? []).map((ref) => this.#nodes.source(ref));
    const enter = inputs.find((node) => node?.op === 'Enter');
    const back = inputs.find((node) => node?.op === 'NextIteration');
    if (!enter || !back) return [];
    const [[first = ''], [next = '']] = [enter.input ?? [], back.input ?? []];
    return [{ merge: merge.name, type: merge.attr?.T?.type ?? 'DT_0', first, next }];
  }

  /** The parameter that an output inside of a loop stands for, if it is one. */
  #argument({ op, name, input, attr }: NodeDef, index: number, loop: Loop, begin: Begin) {
    if (op === 'Enter' && attr?.is_constant?.b) {
      const [from = ''] = input ?? [];
      const { captured } = loop;
      const at = captured.get(from)?.at ?? loop.carried.length + captured.size;
      captured.set(from, { at, type: attr.T?.type ?? 'DT_0' });
      return argument(at);
    }
    const at = index === (begin === 'merges' ? 0 : 1) ? loop[begin].get(name) : undefined;
    return at === undefined ? undefined : argument(at);
  }

  /** What results need of the loop's nodes. */
  #part(loop: Loop, begin: Begin, refs: readonly string[]): Part {
    const { frame, merges, switches } = loop;
    const within = (ref: string): string[] => {
      const { node: name, index } = parseInput(ref);
      const node = this.#nodes.get(name);
      if (!node || this.#frameOf.get(name) !== frame) {
        if (index < 0) return [];
        throw invalid(`The loop '${frame}' reads '${ref}', which is outside`, name);
      }
      const isBound = plumbing.has(node.op) || merges.has(name) || switches.has(name);
      if (index < 0) return isBound ? [] : [ref];
      return [this.#argument(node, index, loop, begin) ?? ref];
    };
    const needed = new Map<string, NodeDef>();
    const open = refs.flatMap(within);
    for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
      const node = this.#nodes.source(ref);
      if (!node || needed.has(node.name)) continue;
      if (plumbing.has(node.op)) {
        throw invalid(`Node '${node.name}': no loop explains this ${node.op}`, node.name);
      }
      const input = (node.input ?? []).flatMap(within);
      needed.set(node.name, { ...node, input });
      open.push(...input);
    }
    return { nodes: [...needed.values()], results: refs.flatMap(within) };
  }

  /** Adds a function; conditionals inside become branches. */
  #function(
    wished: string,
    types: readonly string[],
    { nodes, results }: Part,
    resultTypes: readonly string[],
  ): { readonly name: string } {
    const inputArg = types.map((type, i): ArgDef => ({ name: argument(i), type }));
    const stand = inputArg.map(({ name, type }): NodeDef => {
      return { name, op: 'Placeholder', attr: { dtype: { type } } };
    });
    const inside = new NodeIndex([...stand, ...nodes]);
    makeBranches(this.#graph.around(inside));
    for (const arg of inputArg) inside.delete(arg.name);
    const name = this.#graph.functionName(wished);
    const ret = Object.fromEntries(results.map((ref, i) => [`result_${i}`, ref] as const));
    const outputArg = resultTypes.map((type, i) => ({ name: `result_${i}`, type }));
    this.#graph.addFunction({
      signature: { name, inputArg, outputArg },
      nodeDef: [...inside],
      ret,
    });
    return { name };
  }
}

interface Part {
  readonly nodes: readonly NodeDef[];
  readonly results: readonly string[];
}

const plumbing = new Set(['Enter', 'LoopCond', 'NextIteration', 'Exit']);

const argument = (i: number) => `loop_arg_${i}`;
