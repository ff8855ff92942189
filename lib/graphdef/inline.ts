import { callOps, effectsOf, resolved, Scope, unique } from './callScope.js';
import { invalid } from './checkDef.js';
import { withGroups } from './colocation.js';
import { functionsOf } from './functions.js';
import { NodeIndex } from './nodeIndex.js';
import { isEffect } from './opFacts.js';
import type { AttrValue, NodeDef } from './types.js';
import type { WorkFunction, WorkGraph } from './workGraph.js';

type Functions = ReadonlyMap<string, WorkFunction>;

/** Functions that call others twice each grow fast: nodes for each one that is written. */
const kMostUses = 100;
const kMostNodes = 4000;
/** Calls inside of each other. */
const kDeepest = 200;

/**
 * Puts the nodes of functions in the places of their calls. A call "c" becomes nodes "c/...", and
 * its results identities "c", "c/_return_1", ... Functions that are branches and bodies of loops
 * stay functions, those that nobody uses go. All references are "a", "a:1" or "^a" afterwards, also
 * inside of functions.
 */
export function inlineCalls(graph: WorkGraph): void {
  const inliner = new Inliner(graph);
  const scope = new Scope({ prefix: '', stack: [] }, graph.nodes, graph.functions);
  graph.nodes = new NodeIndex(inliner.body(scope));
  graph.results = scope.results;
  const kept = inliner.kept([...graph.nodes]);
  graph.functions = new Map(kept.map((fn) => [fn.signature.name, fn] as const));
}

/** The function that a node calls, if it calls one. */
function calleeOf({ op, attr }: NodeDef, functions: Functions): string | undefined {
  if (callOps.has(op)) return attr?.f?.func?.name ?? '';
  return functions.has(op) ? op : undefined;
}

class Inliner {
  readonly #functions: Functions;
  readonly #gradients: ReadonlyMap<string, string>;
  /** Functions that are gradients, in the form that the op CustomGradient takes. */
  readonly made: WorkFunction[] = [];
  #left = kMostNodes;

  constructor(graph: WorkGraph) {
    this.#functions = graph.functions;
    this.#gradients = graph.gradients;
    for (const { nodes } of graph.bodies()) this.#left += kMostUses * nodes.size;
  }

  /** The nodes of a scope, with those of functions in the places of their calls. */
  body(scope: Scope): NodeDef[] {
    const added: NodeDef[] = [];
    for (const node of scope.nodes) this.#announce(node, scope);
    for (const node of scope.nodes) {
      this.#left -= 1;
      if (this.#left < 0) throw invalid('The functions of the library call each other too often');
      const name = calleeOf(node, this.#functions);
      if (name === undefined) added.push(this.#plain(node, scope));
      else this.#call(node, this.#function(name, node), scope, added);
    }
    return added;
  }

  #function(name: string, node: NodeDef): WorkFunction {
    const fn = this.#functions.get(name);
    if (fn) return fn;
    throw invalid(`Node '${node.name}': function '${name}' is not in the library`, node.name);
  }

  /** Names the results of a call, which nodes before it may refer to. */
  #announce(node: NodeDef, scope: Scope): void {
    const name = calleeOf(node, this.#functions);
    if (name === undefined) return;
    const { outputArg = [] } = this.#function(name, node).signature;
    const place = scope.frame.prefix + node.name;
    const names = outputArg.map((_, i) => (i === 0 ? place : `${place}/_return_${i}`));
    scope.results.set(node.name, names.length > 0 ? names : [place]);
  }

  #plain(node: NodeDef, scope: Scope): NodeDef {
    const input = unique((node.input ?? []).flatMap((ref) => resolved(ref, scope)));
    const { prefix, call, fn } = scope.frame;
    const made = { ...node, name: prefix + node.name, input, attr: attrsIn(node, call) ?? {} };
    // In a function names are its own.
    return fn
      ? withGroups(made, (name) => (scope.nodes.has(name) ? prefix + name : undefined))
      : made;
  }

  #call(node: NodeDef, fn: WorkFunction, scope: Scope, added: NodeDef[]): void {
    const { name, inputArg = [], outputArg = [] } = fn.signature;
    const { prefix, stack } = scope.frame;
    const place = prefix + node.name;
    if (stack.includes(name)) {
      const cycle = [...stack.slice(stack.indexOf(name)), name].join(' -> ');
      throw invalid(`Node '${place}': function '${name}' calls itself: ${cycle}`, place);
    }
    if (stack.length >= kDeepest) {
      const text = `Node '${place}': function '${name}' is called by more than ${kDeepest} others`;
      throw invalid(text, place);
    }
    const inputs = (node.input ?? []).flatMap((ref) => resolved(ref, scope));
    const values = inputs.filter((ref) => !ref.startsWith('^'));
    const controls = inputs.filter((ref) => ref.startsWith('^'));
    if (values.length !== inputArg.length) {
      throw invalid(
        `Node '${place}': function '${name}' takes ${inputArg.length} arguments but received ` +
          `${values.length}`,
        place,
      );
    }
    const args = new Map(inputArg.map((arg, i) => [arg.name, values[i]!] as const));
    const frame = { prefix: `${place}/`, stack: [...stack, name], call: node, fn, args };
    const inner = new Scope(frame, fn.nodes, this.#functions);
    const body = this.body(inner);
    const after = controls.length > 0;
    for (const each of body) {
      added.push(after && isEffect(each.op) ? withControls(each, controls) : each);
    }
    const effects = effectsOf(fn, inner);
    scope.effects.set(node.name, effects);
    const waits = unique([...effects, ...controls]);
    const found = outputArg.map((arg) => this.#result(fn, arg.name, inner));
    const results = this.#withGradient(fn, place, found, values, added);
    for (const [i, made] of (scope.results.get(node.name) ?? []).entries()) {
      const arg = outputArg[i];
      if (!arg) added.push({ name: made, op: 'NoOp', input: waits });
      else added.push(identity(made, arg.type, results[i]!, waits));
    }
  }

  /** The results of a call as its own gradient, where the library gives one, has them. */
  #withGradient(
    { signature }: WorkFunction,
    place: string,
    results: readonly string[],
    values: readonly string[],
    added: NodeDef[],
  ): readonly string[] {
    const gradient = this.#functions.get(this.#gradients.get(signature.name) ?? '');
    if (!gradient) return results;
    const { inputArg = [], outputArg = [] } = signature;
    const given = gradient.signature.inputArg ?? [];
    if (given.length !== inputArg.length + outputArg.length) {
      const text = `function '${gradient.signature.name}' does not take what '${signature.name}' takes and gives`;
      throw invalid(text, place);
    }
    const name = `${gradient.signature.name}_of_${this.made.length}`;
    const arguments_ = [...given.slice(inputArg.length), ...given.slice(0, inputArg.length)];
    this.made.push(this.#branch(gradient, { ...gradient.signature, name, inputArg: arguments_ }));
    const types = inputArg.map(({ type }) => type);
    added.push({
      name: `${place}/_gradient`,
      op: 'CustomGradient',
      input: [...results, ...values, ...values],
      attr: {
        Tvalues: { list: { type: outputArg.map(({ type }) => type) } },
        Tinputs: { list: { type: [...types, ...types] } },
        gradient: { func: { name } },
        count: { i: types.length },
      },
    });
    return results.map((_, i) => `${place}/_gradient${i > 0 ? `:${i}` : ''}`);
  }

  #result(fn: WorkFunction, name: string, scope: Scope): string {
    const [ref] = resolved(fn.ret[name] ?? name, scope);
    if (ref !== undefined && !ref.startsWith('^')) return ref;
    throw invalid(`function '${fn.signature.name}' gives no '${name}'`);
  }

  /** The functions that nodes and gradients still refer to, without calls in them. */
  kept(nodes: readonly NodeDef[]): WorkFunction[] {
    const kept = new Map<string, WorkFunction>();
    const gradients = this.made.flatMap((fn) => [...fn.nodes]);
    const open = [...nodes, ...gradients].flatMap(functionsOf);
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const fn = this.#functions.get(name);
      if (!fn || kept.has(name)) continue;
      const made = this.#branch(fn);
      kept.set(name, made);
      open.push(...[...made.nodes].flatMap(functionsOf));
    }
    return [...kept.values(), ...this.made];
  }

  /** A function that stays: calls inlined, and its effects before its results. */
  #branch(fn: WorkFunction, signature = fn.signature): WorkFunction {
    const args = new Map((signature.inputArg ?? []).map(({ name }) => [name, name] as const));
    const frame = { prefix: '', stack: [signature.name], fn, args };
    const scope = new Scope(frame, fn.nodes, this.#functions);
    const nodes = new NodeIndex(this.body(scope));
    const effects = effectsOf(fn, scope);
    const ret: Record<string, string> = {};
    for (const [i, { name, type }] of (signature.outputArg ?? []).entries()) {
      const ref = this.#result(fn, name, scope);
      ret[name] = ref;
      if (effects.length === 0) continue;
      ret[name] = nodes.unused(`_result_${i}`);
      nodes.add(identity(ret[name], type, ref, effects));
    }
    return { signature, nodes, ret, controlRet: {} };
  }
}

function identity(name: string, type: string, input: string, waits: readonly string[]): NodeDef {
  return { name, op: 'Identity', input: [input, ...waits], attr: { T: { type } } };
}

function withControls(node: NodeDef, controls: readonly string[]): NodeDef {
  return { ...node, input: unique([...(node.input ?? []), ...controls]) };
}

/** The attrs of a node of a function, with those of the call where they stand for these. */
function attrsIn(node: NodeDef, call: NodeDef | undefined): NodeDef['attr'] {
  const entries = Object.entries(node.attr ?? {});
  if (!entries.some(([, { placeholder }]) => placeholder)) return node.attr;
  const filled = entries.map(([name, value]): [string, AttrValue] => {
    if (!value.placeholder) return [name, value];
    const given = call?.attr?.[value.placeholder];
    if (given) return [name, given];
    throw invalid(`Node '${node.name}': attr '${name}' is not given by the call`, node.name);
  });
  return Object.fromEntries(filled);
}
