import { operationsOf, scopePrefix } from './byName.js';
import { beingBuilt, currentDevice, type Frame, within } from './defaults.js';
import { mergeDevices } from './device.js';
import { invalidArgument } from './errors.js';
import { checkOverrides, type GradientOverrides } from './gradientOverride.js';
import type { Graph } from './graph.js';
import { Operation } from './operation.js';
import type { Tensor } from './tensor.js';
import type { Variable } from './variable.js';

/** The scopes of `Graph`, which has the words about them: what holds for the ops that fn adds. */

export function inNameScope<R>(graph: Graph, name: string | null, fn: (scope: string) => R): R {
  const target = beingBuilt(graph);
  const nameScope = scopePrefix(target, name);
  return within({ target, nameScope }, () => fn(nameScope));
}

export function onDevice<R>(graph: Graph, device: string | null, fn: () => R): R {
  if (device !== null && typeof device !== 'string') {
    throw invalidArgument('device', 'the name of a device or null', device);
  }
  const target = beingBuilt(graph);
  const merged = device === null ? '' : mergeDevices(currentDevice(target), device);
  return within({ target, device: merged }, fn);
}

export function colocatedWith<R>(graph: Graph, x: Operation | Tensor, fn: () => R): R {
  const op = x instanceof Operation ? x : x.op;
  graph.checkOwn(op);
  return within({ target: graph, device: op.device, colocated: op }, fn);
}

export function withGradients<R>(graph: Graph, map: GradientOverrides, fn: () => R): R {
  return within({ target: beingBuilt(graph), gradientOverrides: checkOverrides(map) }, fn);
}

export function runningAfter<R>(
  graph: Graph,
  inputs: readonly (Operation | Tensor | Variable)[] | null,
  fn: () => R,
): R {
  const target = beingBuilt(graph);
  const operations = inputs === null ? undefined : operationsOf(graph, inputs);
  for (const op of operations ?? []) if (!target.place?.sees(op.graph)) target.checkOwn(op);
  const controls = operations ? { operations, added: new WeakSet<Operation>() } : null;
  return within({ target, controls } satisfies Frame, fn);
}
