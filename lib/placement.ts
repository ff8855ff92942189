import { EngineError } from './errors.js';
import type { Graph } from './graph.js';
import type { Operation } from './operation.js';
import type { Tensor } from './tensor.js';

/** Where an operation runs. */
export interface Placement {
  readonly name: string;
  /** As asked for. */
  readonly requested: string;
  readonly device: string;
}

/** What runs can use. */
export interface DeviceInfo {
  readonly name: string;
  readonly type: string;
  /** Bytes that the session may use. */
  readonly memoryLimit: number;
}

const kCpu = '/device:CPU:0';
const kFullName = `/job:localhost/replica:0/task:0${kCpu}`;

/** The devices that there are: so far the processor. */
export function devicesWith(memoryLimit: number): DeviceInfo[] {
  return [{ name: kFullName, type: 'CPU', memoryLimit }];
}

/** Whether the processor is what a well-formed device string asks for. */
function isCpu(requested: string): boolean {
  return /^(\/(job|replica|task):[^/]*)*(\/device:CPU:(0|\*))?$/.test(requested);
}

/** Every operation that asks for a device, with the one that it gets. */
export function placementOf(operations: readonly Operation[]): Placement[] {
  return operations
    .filter((op) => op.device !== '')
    .map(({ name, device }) => ({ name, requested: device, device: kCpu }));
}

/** Throws for an operation which a run needs and which asks for a device that is not there. */
export function checkPlacement(
  graph: Graph,
  fetches: readonly Tensor[],
  targets: readonly Operation[],
  fed: readonly Tensor[],
): void {
  if (graph.size === 0) return;
  for (const { name, requested } of placementOf(needed(fetches, targets, fed))) {
    if (isCpu(requested)) continue;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Cannot assign a device for operation ${name}: ${name} was explicitly assigned to ` +
        `${requested} but available devices are [ ${kFullName} ]. Make sure the device ` +
        'specification refers to a valid device, or leave softPlacement on.',
      { node: name },
    );
  }
}

/** The operations that run for these fetches, in the order in which they were added. */
function needed(
  fetches: readonly Tensor[],
  targets: readonly Operation[],
  fed: readonly Tensor[],
): Operation[] {
  const given = new Set(fed);
  const found = new Set<Operation>(targets);
  for (const tensor of fetches) if (!given.has(tensor)) found.add(tensor.op);
  for (const op of found) {
    for (const tensor of op.inputs) if (!given.has(tensor)) found.add(tensor.op);
    for (const control of op.controlInputs) found.add(control);
  }
  return [...found].sort((a, b) => a.id - b.id);
}
