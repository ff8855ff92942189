import { native } from './binding.js';
import {
  type Controls,
  currentColocation,
  currentControls,
  currentDevice,
  currentNameScope,
} from './defaults.js';
import { mergeDevices } from './device.js';
import { dtypeFromCode } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import { noteOverride } from './gradientOverride.js';
import type { Graph } from './graph.js';
import { Operation } from './operation.js';
import type { Tensor } from './tensor.js';

/** Something that stands for a tensor, such as a variable: each call is a use of its own. */
export interface TensorLike {
  asTensor(): Tensor;
}

export function isTensorLike(value: unknown): value is TensorLike {
  return typeof value === 'object' && value !== null && 'asTensor' in value;
}

/** What every function that adds an op takes, besides the op's own attributes. */
export interface OpOptions {
  /** The op's name; made unique in the graph. Ending in "/": taken as it is. */
  readonly name?: string | undefined;
  /** Such as "cpu:0". */
  readonly device?: string | undefined;
  /** Operations that have to run before. */
  readonly controlInputs?: readonly (Operation | Tensor)[] | undefined;
  /** For ops without tensor inputs; otherwise the graph is that of the inputs. */
  readonly graph?: Graph | undefined;
}

/** Adds a node whose inputs are tensors of the graph already; null for an input left out. */
export function addNode(
  graph: Graph,
  type: string,
  inputs: readonly (Tensor | null)[],
  attrs: Readonly<Record<string, unknown>>,
  options: OpOptions = {},
): Operation {
  const scopes = currentControls(graph);
  const [id, name, ...codes] = native.addNode(
    graph.handle,
    type,
    fullName(graph, type, options.name),
    pairsOf(inputs),
    controlIds(graph, scopes, inputs, options.controlInputs),
    Object.entries(attrs).flat(1),
    deviceOf(graph, options.device),
  );
  const op = graph.adopt(id, type, name, codes.map(dtypeFromCode));
  for (const { added } of scopes) added.add(op);
  noteOverride(op);
  graph.sites?.note(id);
  graph.growth.added(graph.label);
  const other = currentColocation(graph);
  if (other) op.colocate([other]);
  return op;
}

/** The device of the scopes in force, refined by the one given. */
function deviceOf(graph: Graph, given: string | undefined): string {
  const scope = currentDevice(graph);
  return given === undefined ? scope : mergeDevices(scope, given);
}

/** Node and output index of each tensor, -1 and 0 for null. */
export function pairsOf(tensors: readonly (Tensor | null | undefined)[]): number[] {
  const pairs: number[] = [];
  for (const tensor of tensors) pairs.push(tensor?.op.id ?? -1, tensor?.index ?? 0);
  return pairs;
}

const validName = /^[A-Za-z0-9.][A-Za-z0-9_.\\/-]*$/;

function fullName(graph: Graph, type: string, name: string | undefined): string {
  if (name !== undefined && typeof name !== 'string') throw invalidArgument('name', 'a name', name);
  if (name?.endsWith('/')) return name;
  const full = currentNameScope(graph) + (name ?? type);
  if (validName.test(full)) return full;
  throw new EngineError('INVALID_ARGUMENT', `'${name}' is not a valid node name`);
}

function invalidControl(x: unknown): TypeError {
  return invalidArgument('controlInputs', 'a list of operations and tensors', x);
}

function operationOf(x: unknown): Operation {
  const op: unknown = x instanceof Operation ? x : Reflect.get(Object(x), 'op');
  if (op instanceof Operation) return op;
  throw invalidControl(x);
}

/** Those given and those of the scopes, but for scopes after which the inputs come anyway. */
function controlIds(
  graph: Graph,
  scopes: readonly Controls[],
  inputs: readonly (Tensor | null)[],
  given: OpOptions['controlInputs'] = [],
): number[] {
  const controls = new Set<Operation>();
  const producers = inputs.flatMap((tensor) => tensor?.op ?? []);
  for (const { operations, added } of scopes) {
    if (producers.some((op) => added.has(op))) continue;
    for (const op of operations) if (!producers.includes(op)) controls.add(op);
  }
  if (!Array.isArray(given)) throw invalidControl(given);
  for (const x of given) controls.add(operationOf(x));
  const ids: number[] = [];
  for (const op of controls) {
    if (graph.place?.sees(op.graph)) {
      graph.place.waitFor(op);
      continue;
    }
    graph.checkOwn(op);
    ids.push(op.id);
  }
  return ids;
}
