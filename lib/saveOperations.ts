import { checkOptions } from './attrs.js';
import { group } from './control/group.js';
import { getDefaultGraph } from './defaults.js';
import { EngineError, invalidArgument } from './errors.js';
import { readCheckpointSync, writeCheckpointSync } from './io/checkpoint.js';
import { checkPath, type FilePath } from './io/files.js';
import { hostOperation } from './jsFunction.js';
import type { NDArray } from './ndArray.js';
import type { OpOptions } from './node.js';
import type { Operation } from './operation.js';
import { output } from './operation.js';
import type { Variable } from './variable.js';

export interface SaveOperationOptions extends OpOptions {
  /** Default: those that the graph has now. */
  readonly variables?: readonly Variable[] | undefined;
}

/**
 * An operation that writes the variables, as a run finds them, into a file that `session.restore`
 * and `restoreOperation` read. The file is replaced as a whole. The event loop waits for the disk:
 * `session.save` leaves it free, and keeps the positions of random ops too.
 */
export function saveOperation(path: FilePath, options: SaveOperationOptions = {}): Operation {
  const { variables, rest } = given('saveOperation', options);
  const file = checkPath(path);
  const write = (...values: NDArray[]): null => {
    const tensors = Object.fromEntries(values.map((value, i) => [variables[i]!.name, value]));
    writeCheckpointSync(file, { tensors, random: [], metadata: {} });
    return null;
  };
  const reads = variables.map((variable) => variable.read());
  return hostOperation(write, reads, [], { name: 'save', ...rest });
}

/**
 * An operation that gives the variables the values in a file of `saveOperation` or `session.save`.
 * All are read and checked before the first one is written; those of the file that have no variable
 * are ignored.
 */
export function restoreOperation(path: FilePath, options: SaveOperationOptions = {}): Operation {
  const { variables, rest } = given('restoreOperation', options);
  const file = checkPath(path);
  const read = (): NDArray[] => {
    const { tensors } = readCheckpointSync(file);
    return variables.map(({ name }) => {
      const value = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
      if (value) return value;
      throw new EngineError('NOT_FOUND', `Key ${name} not found in checkpoint ${file}`);
    });
  };
  const dtypes = variables.map(({ dtype }) => dtype);
  const shapes = variables.map(({ shape }) => shape);
  const only = variables.length === 1 ? () => read()[0] : read;
  const op = hostOperation(only, [], dtypes, { name: 'restore', ...rest, shapes });
  return group(
    variables.map((variable, i) => variable.assign(output(op, i))),
    { name: `${op.name}/all/` },
  );
}

function given(name: string, options: SaveOperationOptions) {
  checkOptions(name, options, ['variables']);
  const { variables: chosen, ...rest } = options;
  const variables = chosen ?? (rest.graph ?? getDefaultGraph()).variables;
  if (!Array.isArray(variables)) throw invalidArgument('variables', 'a list', variables);
  const graph = variables[0]?.graph;
  if (!graph) throw new EngineError('INVALID_ARGUMENT', 'No variables to save');
  return { variables: variables as readonly Variable[], rest: { ...rest, graph } };
}
