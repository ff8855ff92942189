import { type ImportContext, type Problem, Unsupported } from './context.js';
import { placeOfCall } from './functions.js';
import type { Versions } from './mapping.js';
import { opsetMap } from './model.js';
import { domains } from './ops/index.js';
import type { FunctionProto, NodeProto } from './proto.js';
import { graphsOf } from './sortNodes.js';
import { operatorsOf } from './standard.js';

/** What a report needs of the surroundings. */
type Surroundings = Pick<
  ImportContext,
  'opsets' | 'functions' | 'examined' | 'problems' | 'within'
>;

/** The mappings of a node's operator, undefined when there are none. */
export function versionsOf({ domain, opType }: NodeProto): Versions | undefined {
  const family = Object.hasOwn(domains, domain) ? domains[domain] : undefined;
  return family && Object.hasOwn(family, opType) ? family[opType] : undefined;
}

export function unknownOp({ domain }: NodeProto, { opsets }: Surroundings): string {
  return `the operator of ${domain || 'ai.onnx'} opset ${opsets.get(domain) ?? 1}`;
}

export function report({ problems, within }: Surroundings, problem: Problem): void {
  problems.push(within.length > 0 ? { ...problem, within } : problem);
}

/** Throws for an attribute that a mapping did not read, when the standard has none of that name. */
export function refuseAttribute(node: NodeProto, attribute: string): void {
  if (isForeign(node, attribute)) throw new Unsupported(foreign(attribute));
}

function isForeign({ domain, opType }: NodeProto, attribute: string): boolean {
  const operator = operatorsOf(domain).get(opType);
  return operator !== undefined && !operator.attributes.has(attribute);
}

function foreign(attribute: string): string {
  return `the attribute '${attribute}', which the operator does not have`;
}

/**
 * Reports what can be seen of a node that cannot be mapped, because what it reads is not supported:
 * operators without a mapping and attributes that the standard does not have, in its subgraphs too.
 */
export function examine(node: NodeProto, around: Surroundings): void {
  const { opType: op } = node;
  const name = node.name || (node.outputs[0] ?? '');
  const fn = around.functions.get(`${node.domain}:${op}`);
  if (fn) {
    examineBody(fn, node, around);
    return;
  }
  if (!versionsOf(node)) report(around, { node: name, op, why: unknownOp(node, around) });
  for (const [attribute, value] of node.attributes) {
    if (isForeign(node, attribute)) report(around, { node: name, op, why: foreign(attribute) });
    for (const graph of graphsOf(value)) {
      const within = [...around.within, `${attribute} of '${name}'`];
      for (const inner of graph.nodes) examine(inner, { ...around, within });
    }
  }
}

/** Looks at the body of a function, once. */
function examineBody(fn: FunctionProto, caller: NodeProto, around: Surroundings): void {
  if (around.examined.has(fn)) return;
  around.examined.add(fn);
  const within = [...around.within, placeOfCall(fn, caller)];
  const opsets = new Map([...around.opsets, ...opsetMap(fn.opsetImport)]);
  for (const inner of fn.nodes) examine(inner, { ...around, opsets, within });
}
