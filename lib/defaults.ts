import { AsyncLocalStorage } from 'node:async_hooks';

import type { CallSite } from './callSite.js';
import { invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import type { Operation } from './operation.js';
import type { Session } from './session.js';

export interface Controls {
  readonly operations: readonly Operation[];
  /** The ops added in the scope: what reads one of them comes after `operations` anyway. */
  readonly added: WeakSet<Operation>;
}

/** What one `asDefault`, `nameScope`, `device` or `controlDependencies` call puts in force. */
export interface Frame {
  /** The default graph. */
  readonly graph?: Graph;
  /** The default session, and where it was made the default. */
  readonly session?: Session;
  readonly entered?: CallSite;
  /** The graph that the fields below are for. */
  readonly target?: Graph;
  /** The prefix of names, "" or ending in "/". */
  readonly nameScope?: string;
  readonly device?: string;
  /** The operation whose device that is. */
  readonly colocated?: Operation;
  /** Names of gradients by op types. */
  readonly gradientOverrides?: Readonly<Record<string, string>>;
  /** Control inputs of new ops; null forgets those of the outer frames. */
  readonly controls?: Controls | null;
}

interface Entry {
  readonly frame: Frame;
  readonly outer: Entry | undefined;
}

const storage = new AsyncLocalStorage<Entry>();

/** Calls fn with the frame in force, also in what it awaits. */
export function within<R>(frame: Frame, fn: () => R): R {
  if (typeof fn !== 'function') throw invalidArgument('fn', 'a function', fn);
  return storage.run({ frame, outer: storage.getStore() }, fn);
}

function* frames(): Generator<Frame> {
  for (let entry = storage.getStore(); entry; entry = entry.outer) yield entry.frame;
}

let rootGraph: Graph | undefined;
let makeGraph: (() => Graph) | undefined;

/** graph.ts says how the implicit default graph is made. */
export function registerGraph(make: () => Graph): void {
  makeGraph = make;
}

let makeSession: ((graph: Graph) => Session) | undefined;

/** session.ts says how a graph gets its own session. */
export function registerSession(make: (graph: Graph) => Session): void {
  makeSession = make;
}

/** A session for a graph that needs one of its own. */
export function sessionOf(graph: Graph): Session {
  return makeSession!(graph);
}

/** The graph of the innermost `graph.asDefault`. */
export function defaultGraphInForce(): Graph | undefined {
  for (let entry = storage.getStore(); entry; entry = entry.outer) {
    if (entry.frame.graph) return entry.frame.graph;
  }
  return undefined;
}

/** The branch or body inside the graph whose function is being called, else the graph. */
export function beingBuilt(graph: Graph): Graph {
  const inner = defaultGraphInForce();
  return inner?.place?.sees(graph) ? inner : graph;
}

/** The graph of the innermost `graph.asDefault`, else the one of this JavaScript environment. */
export function getDefaultGraph(): Graph {
  const graph = defaultGraphInForce();
  if (graph) return graph;
  rootGraph ??= makeGraph!();
  return rootGraph;
}

/** Makes a fresh implicit default graph at the next use; an error inside `graph.asDefault`. */
export function resetDefaultGraph(): void {
  for (const frame of frames()) {
    if (frame.graph) {
      throw new Error(
        'Do not use resetDefaultGraph() to clear nested graphs. If you need a cleared graph, ' +
          'exit the nesting and create a new graph.',
      );
    }
  }
  rootGraph = undefined;
}

/** The session of the innermost `session.asDefault`, or null. */
export function getDefaultSession(): Session | null {
  return sessionFrame()?.session ?? null;
}

/** The innermost frame with a session. */
export function sessionFrame(): Frame | undefined {
  for (const frame of frames()) if (frame.session) return frame;
  return undefined;
}

/** The prefix of the names of new ops of the graph. */
export function currentNameScope(graph: Graph): string {
  for (let entry = storage.getStore(); entry; entry = entry.outer) {
    const { target, nameScope } = entry.frame;
    if (nameScope !== undefined && target === graph) return nameScope;
  }
  return '';
}

export function currentDevice(graph: Graph): string {
  for (let entry = storage.getStore(); entry; entry = entry.outer) {
    const { target, device } = entry.frame;
    if (device !== undefined && target === graph) return device;
  }
  return '';
}

/** The operation of the innermost `colocateWith`. */
export function currentColocation(graph: Graph): Operation | undefined {
  for (let entry = storage.getStore(); entry; entry = entry.outer) {
    const { target, colocated } = entry.frame;
    if (colocated !== undefined && target === graph) return colocated;
  }
  return undefined;
}

/** The scopes of control inputs in force for the graph, the innermost first. */
export function currentControls(graph: Graph): readonly Controls[] {
  const found: Controls[] = [];
  for (let entry = storage.getStore(); entry; entry = entry.outer) {
    const { target, controls } = entry.frame;
    if (controls === undefined || target !== graph) continue;
    if (controls === null) break;
    found.push(controls);
  }
  return found;
}

/** The name of the gradient that new operations of the type get; also of branches in the scope. */
export function overridesInForce(graph: Graph, type: string): string | undefined {
  for (let entry = storage.getStore(); entry; entry = entry.outer) {
    const { target, gradientOverrides } = entry.frame;
    if (gradientOverrides === undefined || !Object.hasOwn(gradientOverrides, type)) continue;
    if (target === graph || (target && graph.place?.sees(target))) return gradientOverrides[type];
  }
  return undefined;
}
