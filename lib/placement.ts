import { EngineError } from './errors.js';
import type { Graph } from './graph.js';

/** Where an operation runs. */
export interface Placement {
  readonly name: string;
  /** As asked for. */
  readonly requested: string;
  readonly device: string;
}

const kCpu = '/device:CPU:0';

/** Whether the processor is what a well-formed device string asks for. */
function isCpu(requested: string): boolean {
  const device = requested.split('/').find((part) => !/^(job|replica|task):|^$/i.test(part));
  return device === undefined || /^(device:)?cpu(:(0|\*))?$/i.test(device);
}

/** Every operation that asks for a device, with the one that it gets. */
export function placementOf(graph: Graph): Placement[] {
  return graph.operations
    .filter((op) => op.device !== '')
    .map(({ name, device }) => ({ name, requested: device, device: kCpu }));
}

/** Throws for an operation that asks for a device that is not there. */
export function checkPlacement(graph: Graph): void {
  for (const { name, requested } of placementOf(graph)) {
    if (isCpu(requested)) continue;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Cannot assign a device for operation ${name}: ${name} was explicitly assigned to ` +
        `${requested} but available devices are [ ${kCpu} ]`,
      { node: name },
    );
  }
}
