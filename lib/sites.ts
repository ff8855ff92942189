import { CallSite } from './callSite.js';
import { EngineError } from './errors.js';
import type { Graph } from './graph.js';

/** Where the operations of a graph were added, for messages. */
export class Sites {
  readonly #sites = new Map<number, CallSite>();

  note(id: number): void {
    this.#sites.set(id, new CallSite());
  }

  /** "file:line:column"; "" when it is not known. */
  of(id: number): string {
    return String(this.#sites.get(id) ?? '');
  }
}

/** The error with the place where its operation was added, when the graph keeps these. */
export function located(graph: Graph, error: unknown): unknown {
  if (!graph.sites || !(error instanceof EngineError) || error.node === undefined) return error;
  const op = graph.operations.find(({ name }) => name === error.node);
  const site = op?.definedAt ?? '';
  if (site === '') return error;
  const { code, op: type, node, cause } = error;
  return new EngineError(code, `${error.message} (defined at ${site})`, { op: type, node, cause });
}
