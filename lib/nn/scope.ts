import { AsyncLocalStorage } from 'node:async_hooks';

import { getDefaultGraph } from '../defaults.js';
import type { DType } from '../dtype.js';
import { EngineError, invalidArgument } from '../errors.js';
import type { Graph } from '../graph.js';
import { outermost } from '../subgraph.js';
import type { VariableInitializer } from './initializers/initializer.js';
import type { Regularizer } from './regularizers.js';
import { rootUses } from './store.js';

/**
 * Whether `getVariable` gives a variable that exists (true), makes a new one (false, the default),
 * or does what is needed ('auto').
 */
export type Reuse = boolean | 'auto';

/** What a scope gives to the variables made in it when they say nothing themselves. */
export interface VariableDefaults {
  readonly dtype?: DType | undefined;
  readonly initializer?: VariableInitializer | undefined;
  /**
   * A penalty on the variable's value; see `regularizationLoss`. That of a scope is for trainable
   * variables alone.
   */
  readonly regularizer?: Regularizer | undefined;
  readonly trainable?: boolean | undefined;
}

export interface VariableScopeOptions extends VariableDefaults {
  /** Inherited by the scopes inside; false does not turn it off. */
  readonly reuse?: Reuse | undefined;
  /** With a name of null: what the scope is called, made unique among its siblings. */
  readonly defaultName?: string | undefined;
  /** The graph whose ops are named after the scope; default: the default graph. */
  readonly graph?: Graph | undefined;
}

/** A scope as it was entered; giving it to `variableScope` enters it again from anywhere. */
export interface VariableScope extends VariableDefaults {
  /** The prefix of the names of variables, without a "/" at its end. */
  readonly name: string;
  readonly reuse: Reuse;
}

interface Entry {
  readonly scope: VariableScope;
  /** The default graph where it was entered: another one in force hides the scope. */
  readonly home: Graph;
  /** How often a scope of each name was opened in this one. */
  readonly uses: Map<string, number>;
}

const storage = new AsyncLocalStorage<Entry>();
const root: VariableScope = Object.freeze({ name: '', reuse: false });

function home(): Graph {
  return outermost(getDefaultGraph());
}

function current(graph: Graph): Entry {
  const inForce = storage.getStore();
  if (inForce && inForce.home === home()) return inForce;
  return { scope: root, home: home(), uses: rootUses(outermost(graph)) };
}

/** The variable scope in force for the graph. */
export function scopeOf(graph: Graph): VariableScope {
  return current(graph).scope;
}

type Name = string | VariableScope | null;
type Body<R> = (scope: VariableScope) => R;

/**
 * Calls fn, also what it awaits, in a variable scope: its name comes before the names of the
 * variables that `getVariable` and the layers make. Entering a scope of the same name again gives
 * the same names again. The ops of fn are in a name scope of their own: "a", then "a_1".
 */
export function variableScope<R>(name: Name, fn: Body<R>): R;
export function variableScope<R>(name: Name, options: VariableScopeOptions, fn: Body<R>): R;
export function variableScope<R>(
  name: Name,
  options: VariableScopeOptions | Body<R>,
  fn?: Body<R>,
): R {
  if (typeof options === 'function') return enter(name, {}, options);
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  return enter(name, options, fn);
}

function enter<R>(name: Name, options: VariableScopeOptions, fn: Body<R>): R {
  const graph = options.graph ?? getDefaultGraph();
  const outer = current(graph);
  const jumps = typeof name === 'object' && name !== null;
  const scope = jumps ? again(name, options) : below(outer, pathOf(name, options, outer), options);
  const last = scope.name.slice(scope.name.lastIndexOf('/') + 1);
  const entry: Entry = { scope, home: home(), uses: new Map() };
  return graph.nameScope(typeof name === 'string' ? name : last || null, () =>
    storage.run(entry, () => fn(scope)),
  );
}

/** The variable scope in force, whose name is "" outside of all scopes. */
export function currentVariableScope(): VariableScope {
  return scopeOf(getDefaultGraph());
}

const validName = /^[A-Za-z0-9_.-][\w.\\/-]*$/;

/** The path below the outer scope, counted as used there. */
function pathOf(name: string | null, options: VariableScopeOptions, outer: Entry): string {
  const path = name ?? options.defaultName;
  if (typeof path !== 'string') throw invalidArgument('name', 'a name or a variable scope', path);
  if (!validName.test(path) || path.endsWith('/')) {
    throw new EngineError('INVALID_ARGUMENT', `'${path}' is not a valid scope name`);
  }
  if (name === null && options.reuse === true) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `reuse: true cannot be used without a name: '${path}' is made unique each time`,
    );
  }
  const { uses } = outer;
  let unique = path;
  for (let k = 1; name === null && uses.has(unique); k++) unique = `${path}_${k}`;
  uses.set(unique, (uses.get(unique) ?? 0) + 1);
  return unique;
}

function below({ scope }: Entry, path: string, options: VariableScopeOptions): VariableScope {
  const name = scope.name === '' ? path : `${scope.name}/${path}`;
  return { ...scope, ...given(options), name, reuse: options.reuse || scope.reuse };
}

function again(scope: VariableScope, options: VariableScopeOptions): VariableScope {
  return { ...scope, ...given(options), reuse: options.reuse || scope.reuse };
}

function given(options: VariableScopeOptions): VariableDefaults {
  const { dtype, initializer, regularizer, trainable } = options;
  const all = Object.entries({ dtype, initializer, regularizer, trainable });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}
