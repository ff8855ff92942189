import { inspect } from 'node:util';

import { checkKeys } from './attrs.js';
import { type GraphHandle, native } from './binding.js';
import { elementOf, operationNamed, tensorNamed } from './byName.js';
import { Collections } from './collections.js';
import { currentNameScope, registerGraph, sessionOf, within } from './defaults.js';
import { type DType, dtypeFromCode } from './dtype.js';
import { EngineError } from './errors.js';
import type { GradientOverrides } from './gradientOverride.js';
import { type ExportOptions, graphDefOf } from './graphdef/export.js';
import { jsonOf } from './graphdef/json.js';
import type { GraphDef } from './graphdef/types.js';
import { writeGraphDef } from './graphdef/write.js';
import { checkGraphOptions, type GraphOptions } from './graphOptions.js';
import { dotOf, summaryOf } from './graphText.js';
import { GrowthWatch } from './growth.js';
import type { HostFunction } from './hostCalls.js';
import { Initializer } from './initializer.js';
import type { TensorLike } from './node.js';
import { Operation } from './operation.js';
import type { Place } from './place.js';
import { colocatedWith, inNameScope, onDevice, runningAfter, withGradients } from './scopes.js';
import type { Session } from './session.js';
import { Sites } from './sites.js';
import type { Tensor } from './tensor.js';
import type { Variable } from './variable.js';
import { WeakList } from './weakList.js';

let graphs = 0;

/** An append-only list of operations with unique names. */
export class Graph {
  /** @internal */
  readonly handle: GraphHandle;
  /** What error messages call it. */
  readonly label: string;
  /** What random ops draw depends on it; undefined: on nothing that comes again. */
  readonly seed: number | undefined;
  /** Runs the initializers of all variables that the graph has when it runs. */
  readonly initializer: Initializer = new Initializer(this);
  /** @internal Small unnamed constants, shared by those that need the same. */
  readonly constants = new Map<string, Tensor>();
  /** @internal */
  readonly growth = new GrowthWatch();
  /** @internal Where operations were added, if that is kept. */
  readonly sites: Sites | undefined;
  /** @internal Those that are open, for hints in messages. */
  readonly sessions = new WeakList<Session>();
  /** @internal The functions of `jsFunction`, by their numbers. */
  readonly functions = new Map<number, HostFunction>();
  /** @internal Of a graph that is part of an op. */
  place: Place | undefined;
  readonly #operations: Operation[] = [];
  /** Lists that users and layers keep with the graph. */
  readonly collections: Collections = new Collections(
    {
      variables: () => this.variables,
      trainable_variables: () => this.trainableVariables,
      update_ops: () => this.updates,
    },
    () => this.finalized,
  );
  readonly #variables: Variable[] = [];
  readonly #updates: Operation[] = [];
  readonly #unfeedable = new WeakSet<Tensor>();
  readonly #unfetchable = new WeakSet<Operation>();
  readonly #hasSession: boolean;
  #session: Session | undefined;

  constructor(options: GraphOptions = {}) {
    checkGraphOptions(options);
    const { defaultSession = true, seed, callSites = false } = options;
    graphs += 1;
    this.label = `graph ${graphs}`;
    this.#hasSession = defaultSession;
    this.seed = seed;
    this.sites = callSites ? new Sites() : undefined;
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

  /**
   * What a tensor, operation, variable, name or object with `asTensor` stands for: "x" is an
   * operation, "x:0" a tensor.
   */
  element(x: Operation | Tensor | TensorLike | string): Operation | Tensor {
    return elementOf(this, x);
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
    return operationNamed(this, name);
  }

  /** The tensor of the name "op:index"; an error when there is none. */
  tensor(name: string): Tensor {
    return tensorNamed(this, name);
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
    return inNameScope(this, name, fn);
  }

  /**
   * Asks for a device for the ops that fn adds. Fields that it leaves open are those of the scope
   * around; null forgets that scope.
   */
  device<R>(device: string | null, fn: () => R): R {
    return onDevice(this, device, fn);
  }

  /**
   * The ops that fn adds are to be on the operation's device, whatever the scopes around say. A
   * device scope inside refines it.
   */
  colocateWith<R>(x: Operation | Tensor, fn: () => R): R {
    return colocatedWith(this, x, fn);
  }

  /**
   * Operations that fn adds get other gradients: by the op's type, the name of a gradient that
   * `registerGradient` knows by the time when gradients go through them. Inner maps win.
   */
  gradientOverrideMap<R>(map: GradientOverrides, fn: () => R): R {
    return withGradients(this, map, fn);
  }

  /** Ops that fn adds run after these; null forgets the outer ones. */
  controlDependencies<R>(
    inputs: readonly (Operation | Tensor | Variable)[] | null,
    fn: () => R,
  ): R {
    return runningAfter(this, inputs, fn);
  }

  /** The name that the next op of this name would get. */
  uniqueName(name: string, markAsUsed = true): string {
    return native.uniqueName(this.handle, currentNameScope(this) + name, markAsUsed);
  }

  /** The graph as TensorFlow's GraphDef, in protobuf: Netron and TensorBoard show it. */
  toGraphDef(options: ExportOptions = {}): Uint8Array {
    checkKeys('toGraphDef', options, ['shapes', 'from']);
    return writeGraphDef(graphDefOf(this, options));
  }

  /** The same GraphDef as an object for JSON; `importGraphDef` takes it too. */
  toJSON(): GraphDef {
    return jsonOf(graphDefOf(this, {}));
  }

  /** A line for each operation, and the sizes of variables and constants. */
  summary(): string {
    return summaryOf(this);
  }

  /** The graph in the language of Graphviz. */
  toDot(): string {
    return dotOf(this);
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
    this.#session ??= sessionOf(this);
    return this.#session;
  }

  /** Closes the graph's own session, if there is one; the graph stays usable. */
  async close(): Promise<void> {
    await this.#session?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  addVariable(variable: Variable): void {
    this.#variables.push(variable);
  }

  /** @internal */
  checkOwn(x: Operation | Tensor): void {
    if (x.graph === this) return;
    const kind = x instanceof Operation ? 'Operation' : 'Tensor';
    const text = `${kind} ${x.name} is not an element of this graph.`;
    throw new EngineError('INVALID_ARGUMENT', text);
  }

  [inspect.custom](): string {
    return `Graph(${this.size} operations)`;
  }
}

registerGraph(() => new Graph());
