import { elementOf } from '../../byName.js';
import { EngineError, invalidArgument } from '../../errors.js';
import type { Graph } from '../../graph.js';
import { isPlainObject } from '../../plainObject.js';
import { Tensor } from '../../tensor.js';
import { Variable } from '../../variable.js';
import type { NamedShape, SaveOptions } from './options.js';

/** A tensor with the name that it has in the file. */
export interface Named {
  readonly name: string;
  readonly tensor: Tensor;
}

/** "probs" for the first output of an op, "split:1" for others. */
export function nameOf(tensor: Tensor): string {
  return tensor.index === 0 ? tensor.op.name : tensor.name;
}

/** What is to be saved: names come from the keys of objects, else from the tensors. */
export function outputsOf(graph: Graph, fetches: unknown): readonly Named[] {
  const found: Named[] = [];
  const visit = (part: unknown, path: string): void => {
    if (Array.isArray(part)) {
      for (const [i, item] of part.entries()) visit(item, path && `${path}.${i}`);
    } else if (isPlainObject(part)) {
      for (const key of Object.keys(part)) visit(part[key], path ? `${path}.${key}` : key);
    } else {
      const tensor = tensorOf(graph, part);
      found.push({ name: path || nameOf(tensor), tensor });
    }
  };
  visit(fetches, '');
  if (found.length > 0) return checkNames(found, 'outputs');
  throw invalidArgument('fetches', 'at least one tensor', fetches);
}

function tensorOf(graph: Graph, fetch: unknown): Tensor {
  const element = fetch instanceof Variable ? fetch.value : elementOf(graph, fetch);
  if (element instanceof Tensor) return element;
  const [first, ...others] = element.outputs;
  if (first && others.length === 0) return first;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Expected tensors for fetches but received the operation '${element.name}', which has ` +
      `${element.outputs.length} outputs`,
  );
}

/** The inputs that the caller names; undefined when there is no word about them. */
export function inputsOf(
  graph: Graph,
  inputs: SaveOptions['inputs'],
): readonly Named[] | undefined {
  if (inputs === undefined) return undefined;
  const entries: readonly (readonly [string, unknown])[] = Array.isArray(inputs)
    ? inputs.map((tensor: unknown) => [tensor instanceof Tensor ? nameOf(tensor) : '', tensor])
    : isPlainObject(inputs)
      ? Object.entries(inputs)
      : fail(inputs);
  const named = entries.map(([name, tensor]) => {
    if (!(tensor instanceof Tensor)) throw invalidArgument(`inputs.${name}`, 'a tensor', tensor);
    graph.checkOwn(tensor);
    return { name, tensor };
  });
  return checkNames(named, 'inputs');
}

function fail(inputs: unknown): never {
  throw invalidArgument('inputs', 'tensors by name or a list of tensors', inputs);
}

function checkNames(list: readonly Named[], what: string): readonly Named[] {
  const seen = new Set<string>();
  for (const { name } of list) {
    if (name === '') throw invalidArgument(`the names of ${what}`, 'names of some length', name);
    if (seen.has(name)) {
      const text = `two ${what} are called '${name}': an object of them gives names`;
      throw new EngineError('INVALID_ARGUMENT', text);
    }
    seen.add(name);
  }
  return list;
}

/** The shape that the caller gives an input or output, which must fit what the graph knows. */
export function shapeFor(
  { name, tensor }: Named,
  shapes: SaveOptions['shapes'],
): NamedShape | null | undefined {
  const given = shapes?.[name];
  if (given === undefined || given === null) return given ?? tensor.shape;
  const isDim = (dim: unknown) =>
    dim === null || typeof dim === 'string' || (Number.isInteger(dim) && Number(dim) >= 0);
  if (!Array.isArray(given) || !given.every(isDim)) {
    throw invalidArgument(`shapes.${name}`, 'a list of sizes, names and nulls', given);
  }
  const own = tensor.shape;
  const fits =
    own === null ||
    (own.length === given.length &&
      own.every((dim, i) => dim === null || typeof given[i] !== 'number' || given[i] === dim));
  if (fits) return given.map((dim, i) => own?.[i] ?? dim);
  throw new EngineError(
    'INVALID_ARGUMENT',
    `shapes.${name} is [${given.join(', ')}], but the tensor '${tensor.name}' has the shape ` +
      `[${own.map((dim) => dim ?? '?').join(', ')}]`,
  );
}

/** Throws for shapes and docs of what is neither input nor output. */
export function checkKnown(names: readonly string[], { shapes, docs }: SaveOptions): void {
  for (const [option, entries] of Object.entries({ shapes, docs })) {
    for (const name of Object.keys(entries ?? {})) {
      if (names.includes(name)) continue;
      throw invalidArgument(
        option,
        `entries for inputs and outputs (${names.join(', ')})`,
        name,
        'ERR_INVALID_ARG_VALUE',
      );
    }
  }
}
