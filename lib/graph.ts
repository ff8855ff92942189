import { inspect } from 'node:util';

import { type GraphHandle, native } from './binding.js';
import { currentNameScope, type Frame, registerGraph, within } from './defaults.js';
import { checkDevice } from './device.js';
import { type DType, dtypeFromCode } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import { Initializer } from './initializer.js';
import { Operation } from './operation.js';
import type { Session } from './session.js';
import type { Tensor } from './tensor.js';
import type { Variable } from './variable.js';

export interface GraphOptions {
  /** False: the graph makes no session of its own for `eval` and `run`. */
  readonly defaultSession?: boolean;
  /** Seeds the random ops, together with their names. */
  readonly seed?: number;
}

let makeSession: ((graph: Graph) => Session) | undefined;
let graphs = 0;

/** session.ts says how a graph gets its own session. */
export function registerSession(make: (graph: Graph) => Session): void {
  makeSession = make;
}

/** An append-only list of operations with unique names. */
export class Graph {
  /** @internal */
  readonly handle: GraphHandle;
  /** What error messages call it. */
  readonly label: string;
  /** Runs the initializers of all variables that the graph has when it runs. */
  readonly initializer: Initializer = new Initializer(this);
  /** @internal Small unnamed constants, shared by those that need the same. */
  readonly constants = new Map<string, Tensor>();
  readonly #operations: Operation[] = [];
  readonly #variables: Variable[] = [];
  readonly #updates: Operation[] = [];
  readonly #unfeedable = new WeakSet<Tensor>();
  readonly #unfetchable = new WeakSet<Operation>();
  readonly #hasSession: boolean;
  #session: Session | undefined;

  constructor(options: GraphOptions = {}) {
    const { defaultSession = true, seed } = options;
    if (seed !== undefined && !Number.isSafeInteger(seed)) {
      throw invalidArgument('seed', 'an integer', seed);
    }
    graphs += 1;
    this.label = `graph ${graphs}`;
    this.#hasSession = defaultSession;
    this.handle = native.newGraph(seed);
  }

  /** All operations, in the order in which they were added. */
  get operations(): readonly Operation[] {
    const size = native.graphSize(this.handle);
    for (let id = 0; id < size; id++) this.operationAt(id);
    return this.#operations.slice();
  }

  /** The variables, in the order in which they were made. */
  get variables(): readonly Variable[] {
    return this.#variables.slice();
  }

  /** Those that optimizers change. */
  get trainableVariables(): readonly Variable[] {
    return this.#variables.filter(({ trainable }) => trainable);
  }

  /** What a training step runs beside its optimizer, such as the moving averages of nn.batchNorm. */
  get updates(): readonly Operation[] {
    return this.#updates.slice();
  }

  /** Adds to `updates`. */
  addUpdate(op: Operation): void {
    this.checkOwn(op);
    this.#updates.push(op);
  }

  /** From now on a run cannot override the tensor. */
  preventFeeding(tensor: Tensor): void {
    this.checkOwn(tensor);
    this.#unfeedable.add(tensor);
  }

  isFeedable(tensor: Tensor): boolean {
    return !this.#unfeedable.has(tensor);
  }

  /** From now on a run cannot fetch the operation or its outputs. */
  preventFetching(op: Operation): void {
    this.checkOwn(op);
    this.#unfetchable.add(op);
  }

  isFetchable(x: Operation | Tensor): boolean {
    return !this.#unfetchable.has(x instanceof Operation ? x : x.op);
  }

  /** The number of operations. */
  get size(): number {
    return native.graphSize(this.handle);
  }

  /** @internal */
  operationAt(id: number): Operation {
    const known = this.#operations[id];
    if (known) return known;
    const [type, name, ...codes] = native.describeNode(this.handle, id);
    return this.adopt(id, type, name, codes.map(dtypeFromCode));
  }

  /** @internal */
  adopt(id: number, type: string, name: string, dtypes: readonly DType[]): Operation {
    const op = new Operation(this, id, type, name, dtypes);
    this.#operations[id] = op;
    return op;
  }

  /** The operation of that name; an error when there is none. */
  operation(name: string): Operation {
    if (typeof name !== 'string') {
      const text = `Operation names are strings (or similar), not ${typeof name}.`;
      throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
    }
    const id = native.findNode(this.handle, name);
    if (id >= 0) return this.operationAt(id);
    throw name.includes(':')
      ? invalid(`Name '${name}' appears to refer to a Tensor, not a Operation.`)
      : new EngineError('NOT_FOUND', `The name '${name}' refers to an Operation not in the graph.`);
  }

  /** The tensor of the name "op:index"; an error when there is none. */
  tensor(name: string): Tensor {
    if (typeof name !== 'string') {
      const text = `Tensor names are strings (or similar), not ${typeof name}.`;
      throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
    }
    const match = /^(.*):(\d+)$/.exec(name);
    if (!match || match[1]!.includes(':')) throw notATensorName(this.handle, name);
    const id = native.findNode(this.handle, match[1]!);
    const missing = `The name '${name}' refers to a Tensor which does not exist.`;
    if (id < 0) {
      const why = `The operation, '${match[1]}', does not exist in the graph.`;
      throw new EngineError('NOT_FOUND', `${missing} ${why}`);
    }
    const { outputs } = this.operationAt(id);
    const tensor = outputs[Number(match[2])];
    if (tensor) return tensor;
    const why = `The operation, '${match[1]}', exists but only has ${outputs.length} outputs.`;
    throw new EngineError('NOT_FOUND', `${missing} ${why}`);
  }

  /** Makes this the default graph for fn, also in what it awaits. */
  asDefault<R>(fn: () => R): R {
    return within({ graph: this }, fn);
  }

  /**
   * Puts a prefix before the names of the ops that fn adds. A name ending in "/" is taken as it
   * is, which enters a scope again; null goes to the root.
   */
  nameScope<R>(name: string | null, fn: (scope: string) => R): R {
    const nameScope = this.#scopePrefix(name);
    return within({ target: this, nameScope }, () => fn(nameScope));
  }

  #scopePrefix(name: string | null): string {
    if (name === null || name === '') return '';
    const outer = currentNameScope(this);
    const pattern = outer ? /^[\w.\\/-]*$/ : /^[A-Za-z0-9.][\w.\\/-]*$/;
    if (!pattern.test(name)) throw invalid(`'${name}' is not a valid scope name`);
    if (name.endsWith('/')) return name;
    return `${native.uniqueName(this.handle, outer + name, true)}/`;
  }

  /** Asks for a device for the ops that fn adds. */
  device<R>(device: string | null, fn: () => R): R {
    return within({ target: this, device: checkDevice(device ?? '') }, fn);
  }

  /** Ops that fn adds run after these; null forgets the outer ones. */
  controlDependencies<R>(
    inputs: readonly (Operation | Tensor | Variable)[] | null,
    fn: () => R,
  ): R {
    const operations = inputs?.map((x) => (x instanceof Operation ? x : x.op));
    for (const op of operations ?? []) this.checkOwn(op);
    const controls = operations ? { operations, added: new WeakSet<Operation>() } : null;
    return within({ target: this, controls } satisfies Frame, fn);
  }

  /** The name that the next op of this name would get. */
  uniqueName(name: string, markAsUsed = true): string {
    return native.uniqueName(this.handle, currentNameScope(this) + name, markAsUsed);
  }

  /** No op can be added any more. */
  finalize(): void {
    native.finalizeGraph(this.handle);
  }

  get finalized(): boolean {
    return native.isFinalized(this.handle);
  }

  /** The graph's own session, made when first needed; null when the graph is to have none. */
  get defaultSession(): Session | null {
    if (!this.#hasSession) return null;
    this.#session ??= makeSession!(this);
    return this.#session;
  }

  /** Closes the graph's own session, if there is one; the graph stays usable. */
  async close(): Promise<void> {
    await this.#session?.close();
  }

  /** @internal */
  addVariable(variable: Variable): void {
    this.#variables.push(variable);
  }

  /** @internal */
  checkOwn(x: Operation | Tensor): void {
    if (x.graph === this) return;
    const kind = x instanceof Operation ? 'Operation' : 'Tensor';
    throw invalid(`${kind} ${x.name} is not an element of this graph.`);
  }

  [inspect.custom](): string {
    return `Graph(${this.size} operations)`;
  }
}

registerGraph(() => new Graph());

function invalid(message: string): EngineError {
  return new EngineError('INVALID_ARGUMENT', message);
}

function notATensorName(graph: GraphHandle, name: string): EngineError {
  const form = 'Tensor names must be of the form "<op_name>:<output_index>".';
  if (name.includes(':')) {
    return invalid(
      `The name '${name}' looks a like a Tensor name, but is not a valid one. ${form}`,
    );
  }
  return invalid(
    native.findNode(graph, name) >= 0
      ? `The name '${name}' refers to an Operation, not a Tensor. ${form}`
      : `The name '${name}' looks like an (invalid) Operation name, not a Tensor. ${form}`,
  );
}
