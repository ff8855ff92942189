import { throwIfAborted } from './abort.js';
import { checkKeys } from './attrs.js';
import { native, type SessionHandle } from './binding.js';
import { CallSite } from './callSite.js';
import { compute } from './compute.js';
import { getDefaultGraph, registerSession, within } from './defaults.js';
import { settledSoon, start } from './dispatch.js';
import { describe, EngineError, invalidArgument } from './errors.js';
import { entriesOf, type FeedKey } from './feeds.js';
import type { Fetched, Fetches, Kept } from './fetchTypes.js';
import { Graph } from './graph.js';
import { type InitializeOptions, initialization, initializersOf } from './initialize.js';
import type { FilePath } from './io/files.js';
import type { NDArray } from './ndArray.js';
import { type DeviceInfo, devicesWith, type Placement, placementOf } from './placement.js';
import { PlanCache } from './planCache.js';
import { PreparedRun } from './prepared.js';
import { checkKeep, checkTimeout, checkTrace, type RunOptions } from './runOptions.js';
import type { Feed, RunPlan } from './runPlan.js';
import * as saving from './saving.js';
import { checkSessionOptions, type SessionOptions } from './sessionOptions.js';
import type { Restored, RestoreOptions, SaveOptions } from './sessionState.js';
import { located } from './sites.js';
import { type FeedsSource, type StreamOptions, streamRuns } from './stream.js';
import type { Variable } from './variable.js';

let sessions = 0;

/** Runs a graph, and keeps the state of its variables. */
export class Session {
  readonly graph: Graph;
  /** What error messages call it. */
  readonly label: string;
  readonly #handle: SessionHandle;
  readonly #access: saving.SessionAccess;
  readonly #memoryLimit: number;
  /** Of runs that say none. */
  readonly #timeout: number | undefined;
  readonly #plans: PlanCache;
  #closed = false;
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(graph?: Graph, options?: SessionOptions);
  constructor(options?: SessionOptions);
  constructor(first?: Graph | SessionOptions, second?: SessionOptions) {
    const given = first instanceof Graph;
    if (!given && first !== undefined && (typeof first !== 'object' || first === null)) {
      const text = `graph must be a Graph, but got ${describe(first)}`;
      throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
    }
    this.graph = given ? first : getDefaultGraph();
    const options = given ? second : (second ?? first);
    const { forNative, softPlacement, timeout } = checkSessionOptions(options);
    this.#memoryLimit = forNative.memoryLimit || native.memoryLimit();
    this.#timeout = timeout;
    this.#handle = native.newSession(this.graph.handle, forNative);
    this.#plans = new PlanCache(this.graph, this.#handle, softPlacement);
    this.#access = this.#makeAccess();
    this.label = `session ${++sessions}`;
    this.graph.sessions.add(this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Computes the fetches without blocking the event loop. */
  run<const F extends Fetches>(
    fetches: F,
    options: RunOptions & { readonly keep: true },
  ): Promise<Kept<F>>;
  run<const F extends Fetches>(fetches: F, options?: RunOptions): Promise<Fetched<F>>;
  run(fetches: Fetches, options: RunOptions = {}): Promise<unknown> {
    try {
      throwIfAborted(options.signal);
      this.#checkOpen();
      const { plan, feeds } = this.#plans.planFor(fetches, entriesOf(options.feeds), options);
      return this.#start(plan, feeds, options);
    } catch (error) {
      return Promise.reject(located(this.graph, error));
    }
  }

  /** The same on the calling thread. */
  runSync<const F extends Fetches>(
    fetches: F,
    options: RunOptions & { readonly keep: true },
  ): Kept<F>;
  runSync<const F extends Fetches>(fetches: F, options?: RunOptions): Fetched<F>;
  runSync(fetches: Fetches, options: RunOptions = {}): unknown {
    throwIfAborted(options.signal);
    this.#checkOpen();
    const { plan, feeds } = this.#plans.planFor(fetches, entriesOf(options.feeds), options);
    return this.#runNow(plan, feeds, options);
  }

  /** Looks up everything once; the result takes the values of `feeds` in their order. */
  prepare<const F extends Fetches>(
    fetches: F,
    options?: { readonly feeds?: readonly FeedKey[] },
  ): PreparedRun<Fetched<F>>;
  prepare(
    fetches: Fetches,
    options: { readonly feeds?: readonly FeedKey[] } = {},
  ): PreparedRun<unknown> {
    this.#checkOpen();
    checkKeys('prepare', options, ['feeds']);
    const { feeds = [] } = options;
    if (!Array.isArray(feeds)) throw invalidArgument('feeds', 'a list of tensors', feeds);
    const plan = this.#plans.compile(fetches, this.#plans.slots(feeds));
    return new PreparedRun(plan, {
      run: (values, run) => {
        try {
          this.#checkOpen();
          throwIfAborted(run.signal);
          return this.#start(plan, plan.convert(values), run);
        } catch (error) {
          return Promise.reject(located(this.graph, error));
        }
      },
      runSync: (values, run) => {
        if (this.#closed) this.#checkOpen();
        return this.#runNow(plan, plan.convert(values), run);
      },
    });
  }

  /**
   * The results for each feeds of an iterable, in order: `for await (const y of session.stream(...))`.
   * Feeds are asked for and runs done ahead of the loop, by `prefetch`; leaving it cancels them.
   */
  stream<const F extends Fetches>(
    fetches: F,
    feeds: FeedsSource,
    options?: StreamOptions,
  ): AsyncGenerator<Fetched<F>, void, undefined>;
  stream(
    fetches: Fetches,
    feeds: FeedsSource,
    options: StreamOptions = {},
  ): AsyncGenerator<unknown, void, undefined> {
    return streamRuns((given, run) => this.run(fetches, { ...run, feeds: given }), feeds, options);
  }

  /**
   * Gives the variables that have no value yet their initial values, such as those that were added
   * since or that a checkpoint left out; `graph.initializer` sets all of them anew.
   */
  async initialize(options: InitializeOptions = {}): Promise<void> {
    const wanted = initialization(this.graph, options);
    await this.run(initializersOf(wanted, await this.run(wanted.flags)));
  }

  initializeSync(options: InitializeOptions = {}): void {
    const wanted = initialization(this.graph, options);
    this.runSync(initializersOf(wanted, this.runSync(wanted.flags)));
  }

  /** The variables that have no value yet. */
  async uninitializedVariables(): Promise<Variable[]> {
    const { variables } = this.graph;
    const flags = await this.run(variables.map(({ isInitialized }) => isInitialized));
    return variables.filter((_, i) => !flags[i]!.item());
  }

  /**
   * Writes the variables and the positions of the random ops into a file, as they are at the call.
   * The file is replaced as a whole: a crash leaves the old one or the new one.
   */
  save(path: FilePath, options: SaveOptions = {}): Promise<void> {
    return saving.save(this.#access, path, options);
  }

  saveSync(path: FilePath, options: SaveOptions = {}): void {
    saving.saveSync(this.#access, path, options);
  }

  /**
   * Gives variables and random ops the state in a file of `save`; nothing need be initialised. A
   * file that is damaged, is no checkpoint or does not fit the graph is refused, and then nothing
   * is changed.
   */
  restore(path: FilePath, options: RestoreOptions = {}): Promise<Restored> {
    return saving.restore(this.#access, path, options);
  }

  restoreSync(path: FilePath, options: RestoreOptions = {}): Restored {
    return saving.restoreSync(this.#access, path, options);
  }

  /** @internal */
  write(variable: Variable, value: NDArray, async: boolean): Promise<void> | undefined {
    return saving.write(this.#access, variable, value, async);
  }

  /** The operations that ask for a device, with the one that they get. */
  placement(): Placement[] {
    return placementOf(this.graph.operations);
  }

  /** What there is to run on. */
  devices(): DeviceInfo[] {
    return devicesWith(this.#memoryLimit);
  }

  /** Bytes in use, kept for reuse, and the most that were ever in use. */
  memory(): { readonly live: number; readonly pooled: number; readonly peak: number } {
    const [live = 0, pooled = 0, peak = 0] = native.stats(this.#handle);
    return { live, pooled, peak };
  }

  /** Makes this the default session for fn, also in what it awaits. */
  asDefault<R>(fn: () => R): R {
    return within({ session: this, entered: new CallSite() }, fn);
  }

  /** Cancels the runs in progress, waits for their end and releases everything. */
  async close(): Promise<void> {
    this.#release();
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Cancels and releases without waiting. */
  [Symbol.dispose](): void {
    this.#release();
  }

  #release(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.graph.sessions.delete(this);
    this.#plans.release();
    native.closeSession(this.#handle);
  }

  #makeAccess(): saving.SessionAccess {
    return {
      graph: this.graph,
      handle: () => {
        this.#checkOpen();
        return this.#handle;
      },
      started: this.#started,
      ended: this.#ended,
      run: (fetches, options) => this.run(fetches, options),
      runSync: (fetches, options) => this.runSync(fetches, options),
      values: (tensors) => this.runSync(tensors),
    };
  }

  #checkOpen(): void {
    if (this.#closed) {
      throw new EngineError('FAILED_PRECONDITION', 'Attempted to use a closed Session.');
    }
  }

  #runNow(plan: RunPlan, feeds: readonly Feed[], options: RunOptions): unknown {
    try {
      return compute(plan, feeds, options, this.#timeout);
    } catch (error) {
      throw located(this.graph, error);
    }
  }

  #start(plan: RunPlan, feeds: readonly Feed[], options: RunOptions): Promise<unknown> {
    const keep = options.keep !== undefined && checkKeep(options, plan);
    const outs = plan.outs(options.out);
    if (plan.id === undefined) return settledSoon(plan.read(null, feeds, outs));
    const run = start(plan, feeds, {
      outs,
      signal: options.signal,
      timeout: checkTimeout(options.timeout ?? this.#timeout),
      trace: checkTrace(options.trace) ? options.trace : undefined,
      keep,
      mayWait: this.graph.functions.size > 0,
      started: this.#started,
      ended: this.#ended,
    });
    if (this.graph.sites === undefined) return run;
    return run.catch((error: unknown) => {
      throw located(this.graph, error);
    });
  }

  readonly #started = (): void => {
    this.#running += 1;
  };

  readonly #ended = (): void => {
    this.#running -= 1;
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
  };
}

registerSession((graph) => new Session(graph));
