import { native } from '../binding.js';
import { dtypeFromCode, isDType } from '../dtype.js';
import { countOf } from './arguments.js';
import { invalid, parseInput, sorted } from './checkDef.js';
import { dataTypeOf } from './dataTypes.js';
import type { NodeIndex } from './nodeIndex.js';
import { hasState, isOp } from './opFacts.js';
import type { FunctionDef, NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

const switches = new Set(['Switch', 'RefSwitch']);
const merges = new Set(['Merge', 'RefMerge']);

/**
 * Puts branches in the place of pairs of Switch and Merge, TensorFlow 1's conditionals: a Merge
 * becomes an If, whose branches are what its inputs need up to the switches by one predicate.
 */
export function makeBranches(graph: WorkGraph): void {
  if (!graph.nodes.some(({ op }) => merges.has(op))) return;
  // Loops are made of the same ops; what they lack besides is told by its name.
  if (graph.nodes.some(({ op }) => /^(Ref)?Enter$/.test(op))) return;
  new Conditionals(graph).translate();
}

/** Each branch is found among all nodes: so many conditionals times nodes take seconds. */
const kMostVisits = 2e7;

/** One branch: which switches bound it, and which of their outputs it begins at. */
interface Side {
  readonly predicate: string;
  readonly index: 0 | 1;
}

/** A branch, what it gives and which of the inputs of the Merge that is. */
interface Branch extends Side {
  readonly ref: string;
  readonly place: number;
  /** The nodes behind its switches. */
  readonly dependents: ReadonlySet<string>;
}

class Conditionals {
  readonly #graph: WorkGraph;
  readonly #nodes: NodeIndex;
  readonly #order: readonly string[];
  /** The place of each node in the order. */
  readonly #places: ReadonlyMap<string, number>;
  /** The switches by their predicates. */
  readonly #switches = new Map<string, string[]>();
  #left = kMostVisits;

  constructor(graph: WorkGraph) {
    this.#graph = graph;
    this.#nodes = graph.nodes;
    const inputsOf = ({ input = [] }: NodeDef) => input.map((ref) => parseInput(ref).node);
    this.#order = sorted([...graph.nodes], inputsOf).map(({ name }) => name);
    this.#places = new Map(this.#order.map((name, i) => [name, i] as const));
    for (const { name, op, input = [] } of graph.nodes) {
      if (!switches.has(op)) continue;
      const predicate = this.#outside(input[1] ?? '');
      const others = this.#switches.get(predicate);
      if (others) others.push(name);
      else this.#switches.set(predicate, [name]);
    }
  }

  /** Inner conditionals come before those around. */
  translate(): void {
    for (const name of this.#order) {
      const node = this.#nodes.get(name)!;
      if (merges.has(node.op)) this.#nodes.set(this.#conditional(node));
    }
    this.#dropBranches();
  }

  /** Drops the switches and what is behind them: that is in the branches now. */
  #dropBranches(): void {
    const inside = new Set<string>();
    for (const name of this.#order) {
      const { op, input = [] } = this.#nodes.get(name)!;
      const isInside = input.some((ref) => inside.has(parseInput(ref).node));
      if (isInside || switches.has(op)) inside.add(name);
    }
    this.#nodes.expand((node) => (inside.has(node.name) ? [] : node));
  }

  #conditional(merge: NodeDef): NodeDef {
    const sides = this.#sidesOf(merge);
    const captured: string[] = [];
    const branches = sides.map((side) => this.#branch(merge, side, captured));
    const [{ predicate, ref }] = sides;
    const types = captured.map((each) => this.#dtypeOf(each));
    const type = this.#dtypeOf(ref);
    for (const { signature, ...fn } of branches) {
      const inputArg = types.map((each, i) => ({ name: `arg_${i}`, type: each }));
      this.#graph.addFunction({ ...fn, signature: { ...signature, inputArg } });
    }
    const [then, other] = branches.map(({ signature }) => ({ func: { name: signature.name } }));
    const isInside = (ref: string) => sides.some((side) => side.dependents.has(ref.slice(1)));
    const controls = (merge.input ?? []).filter((each) => each.startsWith('^') && !isInside(each));
    const isStateful = branches.some(({ nodeDef = [] }) => nodeDef.some(({ op }) => hasState(op)));
    return {
      name: merge.name,
      op: isStateful ? 'If' : 'StatelessIf',
      device: merge.device ?? '',
      input: [predicate, ...captured, ...controls],
      attr: {
        Tcond: { type: 'DT_BOOL' },
        Tin: { list: { type: types } },
        Tout: { list: { type: [type, 'DT_INT32'] } },
        then_branch: then!,
        else_branch: other!,
      },
    };
  }

  /** What is merged when the predicate holds, and when not, in whichever order the inputs are. */
  #sidesOf(merge: NodeDef): readonly [Branch, Branch] {
    const inputs = (merge.input ?? []).filter((ref) => !ref.startsWith('^'));
    const [first = '', second = ''] = inputs;
    for (const [no, yes, place] of [[first, second, 1] as const, [second, first, 0] as const]) {
      // Switches that the one input leaves by output 0, the other by output 1.
      const [a, b] = [this.#predicates(no, 0), this.#predicates(yes, 1)];
      const predicate = inputs.length === 2 ? [...a].find((each) => b.has(each)) : undefined;
      if (predicate === undefined) continue;
      const [then, other] = [{ predicate, index: 1 } as const, { predicate, index: 0 } as const];
      return [
        { ...then, ref: yes, place, dependents: this.#dependents(then) },
        { ...other, ref: no, place: 1 - place, dependents: this.#dependents(other) },
      ];
    }
    const text = `Node '${merge.name}': no predicate decides between the inputs of ${merge.op}`;
    throw invalid(text, merge.name);
  }

  /** The predicates of the switches that come first on the ways back, left by that output. */
  #predicates(ref: string, index: number): Set<string> {
    const found = new Set<string>();
    const seen = new Set<string>();
    const open = [ref];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const at = parseInput(next);
      const node = this.#nodes.get(at.node);
      if (!node || seen.has(`${at.node}:${at.index}`)) continue;
      seen.add(`${at.node}:${at.index}`);
      if (!switches.has(node.op)) open.push(...(node.input ?? []));
      else if (at.index === index) found.add(this.#outside(node.input?.[1] ?? ''));
    }
    return found;
  }

  /** Through identities, as of predicates. */
  #outside(ref: string): string {
    let { node: name, index } = parseInput(ref);
    for (let steps = 0; steps <= this.#nodes.size; steps++) {
      const node = this.#nodes.get(name);
      const [from] = node?.input ?? [];
      if (!node || from === undefined || node.op !== 'Identity') break;
      ({ node: name, index } = parseInput(from));
    }
    return index === 0 ? name : `${name}:${index}`;
  }

  /** What a branch computes, as a function of what it captures. */
  #branch(merge: NodeDef, side: Branch, captured: string[]): FunctionDef {
    const { ref, dependents } = side;
    const argument = (from: string): string => {
      let place = captured.indexOf(from);
      if (place < 0) place = captured.push(from) - 1;
      return `arg_${place}`;
    };
    /** How the branch refers to what the graph around refers to by `each`. */
    const within = (each: string): string[] => {
      const { node: name, index } = parseInput(each);
      const node = this.#nodes.get(name);
      if (node && this.#bounds(node, index, side)) {
        return index < 0 ? [] : [argument(node.input?.[0] ?? '')];
      }
      if (dependents.has(name)) return [each];
      // What comes before the conditional anyway need not be waited for inside.
      return index < 0 ? [] : [argument(each)];
    };
    const controls = (merge.input ?? []).filter((each) => each.startsWith('^'));
    const nodeDef = this.#needed([ref, ...controls], side).map((node) => {
      return { ...node, input: (node.input ?? []).flatMap(within) };
    });
    const output = `${merge.name}/_output`;
    const type = this.#dtypeOf(ref);
    const input = [ref, ...controls].flatMap(within);
    const index = `${merge.name}/_value_index`;
    const int32 = { type: 'DT_INT32' };
    const tensor = { dtype: int32.type, tensorShape: {}, intVal: [side.place] };
    const attr = { dtype: int32, value: { tensor } };
    return {
      signature: {
        name: this.#graph.functionName(`${merge.name}_${side.index === 1 ? 'then' : 'else'}`),
        outputArg: [
          { name: 'output', type },
          { name: 'value_index', type: int32.type },
        ],
      },
      nodeDef: [
        ...nodeDef,
        { name: output, op: 'Identity', input, attr: { T: { type } } },
        { name: index, op: 'Const', attr },
      ],
      ret: { output, value_index: index },
    };
  }

  /** The nodes of the branch that these need, in order. */
  #needed(refs: readonly string[], side: Branch): NodeDef[] {
    const { dependents } = side;
    const needed = new Set<string>();
    const open = [...refs];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node: name, index } = parseInput(next);
      const node = this.#nodes.get(name);
      if (!node || needed.has(name) || !dependents.has(name)) continue;
      if (this.#bounds(node, index, side)) continue;
      needed.add(name);
      open.push(...(node.input ?? []));
    }
    const place = (name: string) => this.#places.get(name) ?? 0;
    const inOrder = [...needed].sort((a, b) => place(a) - place(b));
    return inOrder.map((name) => this.#nodes.get(name)!);
  }

  /** Whether an output of the node is where the branch begins. */
  #bounds(node: NodeDef, index: number, { predicate, index: wanted }: Side): boolean {
    if (!switches.has(node.op)) return false;
    return (index < 0 || index === wanted) && this.#outside(node.input?.[1] ?? '') === predicate;
  }

  /** The nodes behind the switches of a branch, by values or by waiting. */
  #dependents(side: Side): Set<string> {
    const found = new Set<string>();
    const open = (this.#switches.get(side.predicate) ?? []).flatMap((name) => {
      const node = this.#nodes.get(name)!;
      const isBehind = (ref: string) => {
        const from = parseInput(ref);
        return from.node === name && this.#bounds(node, from.index, side);
      };
      return this.#nodes.usersOf(name).filter(({ input = [] }) => input.some(isBehind));
    });
    for (let node = open.pop(); node; node = open.pop()) {
      if (found.has(node.name)) continue;
      found.add(node.name);
      this.#left -= 1;
      if (this.#left < 0) throw invalid('There are too many conditionals for so many nodes');
      open.push(...this.#nodes.usersOf(node.name));
    }
    return found;
  }

  /** The type of an output, as its node's attrs say it. */
  #dtypeOf(ref: string): string {
    const { node: name, index } = parseInput(ref);
    const node = this.#nodes.get(name);
    const attr = (key: string) => node?.attr?.[key];
    if (!node) throw invalid(`Unknown input node '${ref}'`);
    if (switches.has(node.op) || merges.has(node.op)) return attr('T')?.type ?? 'DT_0';
    if (!isOp(node.op)) return attr('T')?.type ?? attr('dtype')?.type ?? 'DT_0';
    const { outputs, attrs } = native.describeOp(node.op);
    let rest = index;
    for (const arg of outputs) {
      const types = arg.typesAttr ? (attr(arg.typesAttr)?.list?.type ?? []) : undefined;
      const count = countOf(arg, (key) => attr(key)?.i ?? attr(key)?.list?.type ?? []);
      if (rest >= count) {
        rest -= count;
        continue;
      }
      if (types) return types[rest] ?? 'DT_0';
      if (arg.dtype) return dataTypeOf(dtypeFromCode(arg.dtype));
      const standard = attrs.find((each) => each.name === arg.typeAttr)?.defaultValue;
      const given = attr(arg.typeAttr)?.type;
      return given?.replace(/_REF$/, '') ?? (isDType(standard) ? dataTypeOf(standard) : 'DT_0');
    }
    throw invalid(`Node '${name}' has no output ${index}`, name);
  }
}
