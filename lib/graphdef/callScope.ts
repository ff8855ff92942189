import { invalid, parseInput } from './checkDef.js';
import type { NodeIndex } from './nodeIndex.js';
import { isEffect, outputIndex } from './opFacts.js';
import type { NodeDef } from './types.js';
import type { WorkFunction } from './workGraph.js';

/** Ops that call the function that they have as attr "f". */
export const callOps = new Set([
  'PartitionedCall',
  'StatefulPartitionedCall',
  'StatelessPartitionedCall',
]);

export interface Frame {
  /** Of the names of the nodes. */
  readonly prefix: string;
  /** The functions that are being inlined. */
  readonly stack: readonly string[];
  readonly call?: NodeDef;
  readonly fn?: WorkFunction;
  /** What the parameters stand for. */
  readonly args?: ReadonlyMap<string, string>;
}

/** The nodes of one body, as references inside see them. */
export class Scope {
  readonly frame: Frame;
  readonly functions: ReadonlyMap<string, WorkFunction>;
  readonly nodes: NodeIndex;
  /** Names of the results of each call, in place of the call. */
  readonly results = new Map<string, readonly string[]>();
  /** What of each call has to run. */
  readonly effects = new Map<string, readonly string[]>();

  constructor(frame: Frame, nodes: NodeIndex, functions: ReadonlyMap<string, WorkFunction>) {
    this.frame = frame;
    this.functions = functions;
    this.nodes = nodes;
  }
}

/** Control inputs once each; values may come twice. */
export function unique(inputs: readonly string[]): string[] {
  const seen = new Set<string>();
  return inputs.filter((ref) => {
    if (!ref.startsWith('^')) return true;
    const isNew = !seen.has(ref);
    seen.add(ref);
    return isNew;
  });
}

/** What a reference in a body means outside of it; a control input may be several. */
export function resolved(ref: string, scope: Scope): readonly string[] {
  const { prefix, fn, args } = scope.frame;
  const { node, index } = parseInput(ref);
  if (index < 0) {
    const arg = args?.get(node);
    if (arg !== undefined) return [`^${parseInput(arg).node}`];
    return (scope.results.get(node) ?? [prefix + node]).map((name) => `^${name}`);
  }
  const arg = args?.get(ref) ?? (ref === `${node}:0` ? args?.get(node) : undefined);
  if (arg !== undefined) return [arg];
  const place = fn ? flatPlace(ref, scope) : { name: node, flat: index };
  const results = scope.results.get(place.name);
  if (!results && !fn) return [prefix + ref];
  if (!results) {
    return [place.flat === 0 ? prefix + place.name : `${prefix}${place.name}:${place.flat}`];
  }
  const result = results[place.flat];
  if (result !== undefined) return [result];
  throw invalid(`'${ref}': '${place.name}' gives ${results.length} values`, prefix + place.name);
}

/** "node:output:1" of a function's body as a node and the flat index of its output. */
function flatPlace(ref: string, scope: Scope): { readonly name: string; readonly flat: number } {
  const [name = '', output = '', index = '0'] = ref.split(':');
  const node = scope.nodes.get(name);
  if (!node || /^\d*$/.test(output)) return { name, flat: Number(output || 0) };
  const at = Number(index);
  const called = scope.functions.get(node.op)?.signature.outputArg;
  if (called) return { name, flat: called.findIndex((arg) => arg.name === output) + at };
  return { name, flat: (callOps.has(node.op) ? 0 : outputIndex(node, output)) + at };
}

/** The operations that a call of the function has to run, as control inputs. */
export function effectsOf({ controlRet }: WorkFunction, scope: Scope): string[] {
  const { prefix } = scope.frame;
  const names = unique(Object.values(controlRet).map((name) => `^${name}`));
  return unique(
    names.flatMap((control) => {
      const name = control.slice(1);
      const node = scope.nodes.get(name);
      if (!node) throw invalid(`a function runs '${name}', which it does not have`);
      return scope.effects.get(name) ?? (isEffect(node.op) ? [`^${prefix}${name}`] : []);
    }),
  );
}
