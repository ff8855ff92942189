import { checkKeys } from './attrs.js';
import { invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import type { NDArray } from './ndArray.js';
import type { Operation } from './operation.js';
import type { Variable } from './variable.js';

export interface InitializeOptions {
  /** Which; default all that the graph has by now. */
  readonly variables?: readonly Variable[] | undefined;
  /** True: also those that have a value, which begin anew; default false. */
  readonly force?: boolean | undefined;
}

export function checkInitialize(
  graph: Graph,
  options: unknown,
): { readonly variables: readonly Variable[]; readonly force: boolean } {
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
  return { variables: [...new Set(variables)], force };
}

/** Of the variables without a value; flags: whether each has one. */
export function initializersOf(
  variables: readonly Variable[],
  flags: readonly NDArray<'bool'>[],
): Operation[] {
  const missing = variables.filter((_, i) => !flags[i]?.item());
  return missing.map(({ initializer }) => initializer);
}
