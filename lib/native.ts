import type { EngineError } from './errors.js';
import type { Shape, StaticShape } from './shape.js';

declare const graphTag: unique symbol;
declare const blockTag: unique symbol;
declare const keptTag: unique symbol;
declare const sessionTag: unique symbol;
/** A graph of the core, kept alive by the handle. */
export interface GraphHandle {
  readonly [graphTag]: never;
}
/** Memory of the core that is to become a constant. */
export interface BlockHandle {
  readonly [blockTag]: never;
}
/** A result that stays in the memory of the core. */
export interface KeptHandle {
  readonly [keptTag]: never;
}
/** A session of the core, kept alive by the handle. */
export interface SessionHandle {
  readonly [sessionTag]: never;
}

/** An input or output of an op type; see native/graph/op_def.h. */
export interface ArgDescription {
  readonly name: string;
  /** The dtype's number, 0 when an attr decides. */
  readonly dtype: number;
  readonly typeAttr: string;
  readonly numberAttr: string;
  readonly typesAttr: string;
  readonly optional: boolean;
}

export interface AttrDescription {
  readonly name: string;
  /** "int", "list(shape)" and so on. */
  readonly kind: string;
  readonly optional: boolean;
  readonly hidden: boolean;
  /** Absent when the attr must be given or inferred. */
  readonly defaultValue?: unknown;
  /** Allowed dtype numbers of a type attr. */
  readonly dtypes: readonly number[];
  readonly choices: readonly string[];
  readonly least?: number;
}

export interface OpDescription {
  readonly name: string;
  readonly doc: string;
  /** The public name, "" for an op without a wrapper. */
  readonly api: string;
  readonly inputs: readonly ArgDescription[];
  readonly outputs: readonly ArgDescription[];
  readonly attrs: readonly AttrDescription[];
  readonly stateful: boolean;
  /** Why there is no gradient, "" when there is one. */
  readonly noGradient: string;
}

export interface NativeSessionOptions {
  readonly threads: number;
  readonly memoryLimit: number;
  readonly strict: boolean;
  readonly disabledPasses: readonly string[];
}

/**
 * What the addon exports. Tensors cross as pairs (node id, output index) in flat lists, dtypes by
 * their numbers, unknown dims as null. Errors arrive as EngineErrors.
 */
export interface Native {
  /** Once per environment, before anything else. */
  start(mailbox: ArrayBuffer, errorType: typeof EngineError, drain: () => void): void;
  isa(): string;
  threads(): number;
  /** The default limit of a session, in bytes. */
  memoryLimit(): number;
  listOps(): readonly OpDescription[];
  describeOp(type: string): OpDescription;
  hasOp(type: string): boolean;

  /** Memory to be filled piece by piece, then given as `block` in the value of a Const. */
  newBlock(bytes: number): BlockHandle;
  /** The same, made and touched on another thread. */
  newBlockAsync(bytes: number): Promise<BlockHandle>;
  fillBlock(block: BlockHandle, offset: number, bytes: Uint8Array): void;
  /**
   * A block with so many bytes of a file. `sum`: the CRC-32C that they have to have. Packed as a
   * StoredMatrix when that is given.
   */
  readBlock(
    path: string,
    offset: number,
    bytes: number,
    sum?: number,
    matrix?: readonly number[] | undefined,
  ): BlockHandle;
  /** As readBlock, by another thread. */
  readBlockAsync(
    path: string,
    offset: number,
    bytes: number,
    sum?: number,
    matrix?: readonly number[] | undefined,
  ): Promise<BlockHandle>;

  /**
   * Reads from an open file what is in memory already; gives how many bytes, 0 when others are to
   * be waited for.
   */
  readCached(file: number, offset: number, to: Uint8Array): number;

  newGraph(seed: number | undefined): GraphHandle;
  graphSize(graph: GraphHandle): number;
  /** Gives id, name and the dtypes of the outputs. */
  addNode(
    graph: GraphHandle,
    type: string,
    name: string,
    inputs: readonly number[],
    controls: readonly number[],
    /** Name, value, name, value, ... */
    attrs: readonly unknown[],
    device: string,
  ): readonly [id: number, name: string, ...dtypes: number[]];
  /** Of a subgraph: the pairs that it gives, in order. */
  setResults(graph: GraphHandle, results: readonly number[]): void;
  describeNode(
    graph: GraphHandle,
    id: number,
  ): readonly [type: string, name: string, ...dtypes: number[]];
  nodeInputs(graph: GraphHandle, id: number): readonly number[];
  nodeControls(graph: GraphHandle, id: number): readonly number[];
  nodeDevice(graph: GraphHandle, id: number): string;
  /** Dtypes by name, unknown dims as null; undefined when not given. */
  nodeAttr(graph: GraphHandle, id: number, name: string): unknown;
  /**
   * Name, kind and value, in turn, of the attrs that are given: tensors as dtype, shape and memory,
   * subgraphs as handles.
   */
  nodeAttrs(graph: GraphHandle, id: number): readonly unknown[];
  /** Of a subgraph: the pairs that it gives. */
  graphResults(graph: GraphHandle): readonly number[];
  /** -1: there is none. */
  findNode(graph: GraphHandle, name: string): number;
  uniqueName(graph: GraphHandle, name: string, markAsUsed: boolean): string;
  outputShape(graph: GraphHandle, node: number, index: number): StaticShape;
  mergeShape(graph: GraphHandle, node: number, index: number, shape: StaticShape): void;
  finalizeGraph(graph: GraphHandle): void;
  isFinalized(graph: GraphHandle): boolean;
  /** A pair per x, with node -1 where nothing depends on it. */
  gradients(
    graph: GraphHandle,
    ys: readonly number[],
    xs: readonly number[],
    gradYs: readonly number[],
    stop: readonly number[],
  ): readonly number[];
  /** A sentence for each place between ys and xs that lets no gradient through. */
  gradientObstacles(
    graph: GraphHandle,
    ys: readonly number[],
    xs: readonly number[],
  ): readonly string[];

  newSession(graph: GraphHandle, options: NativeSessionOptions): SessionHandle;
  /** Cancels the runs in progress; later ones fail. */
  closeSession(session: SessionHandle): void;
  /** A number for later runs; nothing is compiled yet. */
  newPlan(
    session: SessionHandle,
    feeds: readonly number[],
    fetches: readonly number[],
    targets: readonly number[],
  ): number;
  releasePlan(plan: number): void;
  /**
   * Feeds stand in the mailbox, those too large for it in `payload`; `outs` are typed arrays to
   * be filled, or undefined, by fetch. Gives the results that are not in the mailbox.
   */
  runSync(
    plan: number,
    payload?: readonly unknown[],
    outs?: readonly unknown[],
    timeout?: number,
    traced?: boolean,
    keep?: boolean,
  ): readonly unknown[] | undefined;
  /** As runSync when the run is short and `mayWait` is not set; else starts it, gives its number. */
  runAsync(
    plan: number,
    payload?: readonly unknown[],
    outs?: readonly unknown[],
    timeout?: number,
    traced?: boolean,
    keep?: boolean,
    mayWait?: boolean,
  ): readonly unknown[] | undefined | number;
  /** Gives what calls a function of JavaScript for a synchronous run, and gives its outcome. */
  serveHostCalls(serve: (call: readonly unknown[]) => readonly unknown[]): void;
  /**
   * A call that a step waits for: its number, that of the function, and dtype, shape and memory of
   * each input. Undefined: there is none.
   */
  nextHostCall(): readonly unknown[] | undefined;
  /** Number, then dtype, shape and data of each result; or number, code and message. */
  finishHostCall(outcome: readonly unknown[]): void;
  cancel(run: number): void;
  /**
   * Whether a run has ended, without waiting: 0 no, 1 yes, 2 no and polling is over, so that the
   * next one that ends calls `drain`. `stop` asks for that.
   */
  poll(stop: boolean): number;
  /**
   * The next run that has ended; its number is in the mailbox. Undefined: there is none. Else an
   * error, a list as runSync's, or null for an empty one.
   */
  nextCompletion(): readonly unknown[] | Error | null | undefined;
  /**
   * The steps of the traced run whose results were given last: node, op, start and end in
   * milliseconds, bytes of the outputs, threads and depth, for each.
   */
  takeTrace(): readonly (string | number)[];
  /** A copy of a kept value. */
  readKept(kept: KeptHandle): ArrayBuffer | readonly string[];
  releaseKept(kept: KeptHandle): void;
  /**
   * Bytes of the same run: the arena, values at their worst moment, the number of that step,
   * temporaries of one step at most, variables, results, and what the session had given out.
   */
  takeMemory(): readonly number[];
  /** Detaches a result that lies in a pool block and gives the block back. */
  releaseResult(buffer: ArrayBufferLike): void;
  stats(session: SessionHandle): readonly number[];

  /**
   * The values of variables, by the ids of their handles, as they are at the call: a pair of shape
   * and memory, or nothing for one without a value. The copying is done on another thread.
   */
  readVariables(
    session: SessionHandle,
    ids: readonly number[],
    async: true,
  ): Promise<readonly VariableValue[]>;
  readVariables(
    session: SessionHandle,
    ids: readonly number[],
    async: false,
  ): readonly VariableValue[];
  /** Sets variables, all or none; the bytes must not be detached meanwhile. */
  writeVariables(
    session: SessionHandle,
    ids: readonly number[],
    shapes: readonly Shape[],
    bytes: readonly Uint8Array[],
    async: boolean,
  ): Promise<void> | undefined;
  /** Name and position, in turn, of the random ops that have drawn numbers. */
  randomState(session: SessionHandle): readonly string[];
  /** Sets these; all others begin anew. */
  setRandomState(session: SessionHandle, state: readonly string[]): void;
}

export type VariableValue = readonly [shape: Shape, memory: ArrayBuffer] | undefined;
