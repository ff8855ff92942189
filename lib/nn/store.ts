import type { FloatDType } from '../dtype.js';
import type { Graph } from '../graph.js';
import type { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';

/** What the variable scopes know of one graph. */
interface Store {
  /** The variables of `getVariable`, by their full names. */
  readonly variables: Map<string, Variable>;
  /** How often a scope of each name was opened outside of all scopes. */
  readonly uses: Map<string, number>;
  /** The penalties that `regularizer`s gave, by the names of the variables. */
  readonly penalties: Map<string, Tensor<FloatDType>>;
}

const stores = new WeakMap<Graph, Store>();

function storeOf(graph: Graph): Store {
  const known = stores.get(graph);
  if (known) return known;
  const store: Store = { variables: new Map(), uses: new Map(), penalties: new Map() };
  stores.set(graph, store);
  return store;
}

export function variablesOf(graph: Graph): Map<string, Variable> {
  return storeOf(graph).variables;
}

export function rootUses(graph: Graph): Map<string, number> {
  return storeOf(graph).uses;
}

export function penaltiesOf(graph: Graph): Map<string, Tensor<FloatDType>> {
  return storeOf(graph).penalties;
}
