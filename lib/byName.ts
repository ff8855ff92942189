import { type GraphHandle, native } from './binding.js';
import { currentNameScope } from './defaults.js';
import { EngineError, invalidArgument, typeOf } from './errors.js';
import type { Graph } from './graph.js';
import { isTensorLike } from './node.js';
import { Operation } from './operation.js';
import { Tensor } from './tensor.js';

export function operationNamed(graph: Graph, name: unknown): Operation {
  if (typeof name !== 'string') throw notAName('Operation', name);
  const id = native.findNode(graph.handle, name);
  if (id >= 0) return graph.operationAt(id);
  throw name.includes(':')
    ? invalid(`Name '${name}' appears to refer to a Tensor, not a Operation.`)
    : new EngineError('NOT_FOUND', `The name '${name}' refers to an Operation not in the graph.`);
}

export function tensorNamed(graph: Graph, name: unknown): Tensor {
  if (typeof name !== 'string') throw notAName('Tensor', name);
  const match = /^(.*):(\d+)$/.exec(name);
  if (!match || match[1]!.includes(':')) throw notATensorName(graph.handle, name);
  const id = native.findNode(graph.handle, match[1]!);
  const missing = `The name '${name}' refers to a Tensor which does not exist.`;
  if (id < 0) {
    const why = `The operation, '${match[1]}', does not exist in the graph.`;
    throw new EngineError('NOT_FOUND', `${missing} ${why}`);
  }
  const { outputs } = graph.operationAt(id);
  const tensor = outputs[Number(match[2])];
  if (tensor) return tensor;
  const why = `The operation, '${match[1]}', exists but only has ${outputs.length} outputs.`;
  throw new EngineError('NOT_FOUND', `${missing} ${why}`);
}

export function elementOf(graph: Graph, x: unknown): Operation | Tensor {
  if (typeof x === 'string') {
    return x.includes(':') ? tensorNamed(graph, x) : operationNamed(graph, x);
  }
  const element = isTensorLike(x) ? x.asTensor() : x;
  if (element instanceof Operation || element instanceof Tensor) {
    graph.checkOwn(element);
    return element;
  }
  throw wrongType(`Can not convert a ${typeOf(x)} into a Tensor or Operation.`);
}

/** The prefix of the names in a scope: "" or ending in "/". */
export function scopePrefix(graph: Graph, name: string | null): string {
  if (name === null || name === '') return '';
  const outer = currentNameScope(graph);
  const pattern = outer ? /^[\w.\\/-]*$/ : /^[A-Za-z0-9.][\w.\\/-]*$/;
  if (!pattern.test(name)) throw invalid(`'${name}' is not a valid scope name`);
  if (name.endsWith('/')) return name;
  return `${native.uniqueName(graph.handle, outer + name, true)}/`;
}

function notAName(kind: string, name: unknown): TypeError {
  return wrongType(`${kind} names are strings (or similar), not ${typeOf(name)}.`);
}

function wrongType(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

function invalid(message: string): EngineError {
  return new EngineError('INVALID_ARGUMENT', message);
}

function notATensorName(graph: GraphHandle, name: string): EngineError {
  const form = 'Tensor names must be of the form "<op_name>:<output_index>".';
  if (name.includes(':')) {
    return invalid(
      `The name '${name}' looks a like a Tensor name, but is not a valid one. ${form}`,
    );
  }
  return invalid(
    native.findNode(graph, name) >= 0
      ? `The name '${name}' refers to an Operation, not a Tensor. ${form}`
      : `The name '${name}' looks like an (invalid) Operation name, not a Tensor. ${form}`,
  );
}

/** The operations that operations, tensors, variables and names stand for. */
export function operationsOf(graph: Graph, list: unknown): Operation[] {
  if (!Array.isArray(list)) {
    throw invalidArgument('inputs', 'a list of operations and tensors, or null', list);
  }
  return list.map((x: unknown) => {
    if (x instanceof Operation) return x;
    if (typeof x === 'object' && x && 'op' in x && x.op instanceof Operation) return x.op;
    const element = elementOf(graph, x);
    return element instanceof Operation ? element : element.op;
  });
}
