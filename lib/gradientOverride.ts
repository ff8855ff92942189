import { native } from './binding.js';
import { overridesInForce } from './defaults.js';
import { EngineError, invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import type { Operation } from './operation.js';
import type { Tensor } from './tensor.js';

/**
 * From an operation and one gradient for each of its outputs to one for each of its inputs, in order:
 * null where there is none.
 */
export type RegisteredGradient = (
  op: Operation,
  ...dys: Tensor[]
) => Tensor | null | readonly (Tensor | null)[];

const registered = new Map<string, RegisteredGradient>();

/** Names a gradient for `graph.gradientOverrideMap`; the name may be used once. */
export function registerGradient(name: string, fn: RegisteredGradient): void {
  if (typeof name !== 'string' || name === '') throw invalidArgument('name', 'a name', name);
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  if (registered.has(name)) {
    throw new EngineError('ALREADY_EXISTS', `Registering two gradient with name '${name}'!`);
  }
  registered.set(name, fn);
}

export function isRegisteredGradient(name: string): boolean {
  return registered.has(name);
}

/** The gradient that an operation names. */
export function gradientNamed(name: string, { name: node, type }: Operation): RegisteredGradient {
  const fn = registered.get(name);
  if (fn) return fn;
  const text =
    `No gradient defined for operation '${node}' (op type: ${type}): the gradient registry has no ` +
    `entry for: ${name}. Give it one by registerGradient('${name}', fn).`;
  throw new EngineError('UNIMPLEMENTED', text, { op: type, node });
}

export type GradientOverrides = Readonly<Record<string, string>>;

/** Checks names of ops and gradients; the gradients need not be registered yet. */
export function checkOverrides(map: unknown): GradientOverrides {
  const wrong = () => invalidArgument('map', 'an object from op types to names of gradients', map);
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw wrong();
  const known = new Set(native.listOps().map(({ name }) => name));
  const checked: Record<string, string> = {};
  for (const [type, name] of Object.entries(map)) {
    if (typeof name !== 'string') throw wrong();
    if (!known.has(type)) {
      const text = `Op type not registered: '${type}'. Expected the type of an op, as operation.type gives it, for map`;
      throw new EngineError('INVALID_ARGUMENT', text);
    }
    checked[type] = name;
  }
  return checked;
}

const overridden = new WeakMap<Graph, Map<Operation, string>>();

/** Notes what the scopes in force say of an operation that was just added. */
export function noteOverride(op: Operation): void {
  const name = overridesInForce(op.graph, op.type);
  if (name !== undefined) overrideGradient(op, name);
}

export function overrideGradient(op: Operation, name: string): void {
  const { graph } = op;
  if (graph.place) {
    const text =
      `the gradient of ${op.type} '${op.name}' in ${graph.place.what} cannot be overridden by ` +
      `'${name}'; use customGradient(fn) around the op`;
    throw new EngineError('UNIMPLEMENTED', text, { op: op.type, node: op.name });
  }
  const known = overridden.get(graph);
  if (known) known.set(op, name);
  else overridden.set(graph, new Map([[op, name]]));
}

/** The operations of a graph with gradients of their own, and the names of these. */
export function overridesOf(graph: Graph): ReadonlyMap<Operation, string> {
  return overridden.get(graph) ?? new Map();
}
