import { checkKeys } from './attrs.js';
import { invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import { tablesOf } from './lookup/tables.js';
import type { NDArray } from './ndArray.js';
import type { Operation } from './operation.js';
import type { Tensor } from './tensor.js';
import type { Variable } from './variable.js';

export interface InitializeOptions {
  /** Which; default all that the graph has by now, and its tables. */
  readonly variables?: readonly Variable[] | undefined;
  /** True: also those that have a value, which begin anew; default false. */
  readonly force?: boolean | undefined;
}

/** What `session.initialize` is to do. */
export interface Initialization {
  readonly variables: readonly Variable[];
  /** Whether each has a value; nothing when that does not matter. */
  readonly flags: readonly Tensor<'bool'>[];
  /** What fills tables: they hold the same each time. */
  readonly tables: readonly Operation[];
}

export function initialization(graph: Graph, options: unknown): Initialization {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument('options', 'an object', options);
  }
  checkKeys('session.initialize', options, ['variables', 'force']);
  const all = graph.variables;
  const { variables = all, force = false }: InitializeOptions = options;
  if (typeof force !== 'boolean') throw invalidArgument('force', 'a boolean', force);
  if (!Array.isArray(variables)) throw invalidArgument('variables', 'a list', variables);
  const own = new Set<unknown>(all);
  for (const [i, variable] of variables.entries()) {
    if (own.has(variable)) continue;
    throw invalidArgument(`variables[${i}]`, `a variable of ${graph.label}`, variable);
  }
  const chosen = [...new Set(variables)];
  const flags = force ? [] : chosen.map(({ isInitialized }) => isInitialized);
  const tables = variables === all ? tablesOf(graph) : [];
  return {
    variables: chosen,
    flags,
    tables: tables.flatMap(({ initializer }) => initializer ?? []),
  };
}

/** What to run, when the flags are worth this. */
export function initializersOf(
  { variables, tables }: Initialization,
  flags: readonly NDArray<'bool'>[],
): Operation[] {
  const missing = variables.filter((_, i) => !flags[i]?.item());
  return [...missing.map(({ initializer }) => initializer), ...tables];
}
