import { types } from 'node:util';

import { native } from './binding.js';
import { toValue } from './convert.js';
import { type DType, viewOf } from './dtype.js';
import { codeNumber, EngineError, type ErrorCode, isErrorCode } from './errors.js';
import type { Graph } from './graph.js';
import { NDArray } from './ndArray.js';
import { type Shape, sizeOf } from './shape.js';
import type { Value, Values } from './value.js';

/** What a host function may give: nothing, one value, or as many as were declared. */
export type HostResult = Values | undefined | null | readonly Values[];

/** A function in a graph. */
export interface HostFunction {
  readonly name: string;
  readonly fn: (...inputs: NDArray[]) => HostResult | Promise<HostResult>;
  readonly dtypes: readonly DType[];
  /** The same for a synchronous run, which cannot wait for a promise. */
  readonly sync?: (...inputs: NDArray[]) => HostResult;
}

// A graph keeps its functions, which may well refer to it.
const graphs = new Map<number, WeakRef<Graph>>();
const gone = new FinalizationRegistry<number>((id) => graphs.delete(id));
let last = 0;

/** The number under which steps call the function, as long as the graph is in use. */
export function register(graph: Graph, fn: HostFunction): number {
  last += 1;
  graph.functions.set(last, fn);
  graphs.set(last, new WeakRef(graph));
  gone.register(graph, last);
  return last;
}

function functionOf(id: number): HostFunction {
  const found = graphs.get(id)?.deref()?.functions.get(id);
  if (found) return found;
  throw new EngineError(
    'FAILED_PRECONDITION',
    `host function ${id} belongs to a graph that is gone`,
  );
}

/** A failure as it crosses: number, code, message. */
function failure(call: number, error: unknown): unknown[] {
  const code = codeOf(error);
  // What the engine says of a result needs no stack: no line of it is the user's.
  const stack = types.isNativeError(error) && !(error instanceof ResultError) && error.stack;
  const text = stack || (types.isNativeError(error) ? error.message : String(error));
  return [call, codeNumber(code), text];
}

function codeOf(error: unknown): ErrorCode {
  if (!types.isNativeError(error)) return 'UNKNOWN';
  const code: unknown = Reflect.get(error, 'code');
  if (isErrorCode(code) && codeNumber(code) > 0) return code;
  if (error.name === 'AbortError') return 'CANCELLED';
  const isArgument = ['TypeError', 'RangeError', 'SyntaxError'].includes(error.name);
  return isArgument ? 'INVALID_ARGUMENT' : 'UNKNOWN';
}

/** What is wrong with the results of a function. */
class ResultError extends EngineError {}

/** The arrays that a function is given; they are its own. */
function inputsOf(crossing: readonly unknown[]): NDArray[] {
  const inputs: NDArray[] = [];
  for (let i = 2; i < crossing.length; i += 3) {
    inputs.push(arrayOf(crossing[i] as DType, crossing[i + 1] as Shape, crossing[i + 2]));
  }
  return inputs;
}

function arrayOf(dtype: DType, shape: Shape, memory: unknown): NDArray {
  if (dtype === 'string') return new NDArray<DType>(memory as string[], shape, dtype);
  return new NDArray<DType>(
    viewOf(dtype as 'float32', memory as ArrayBuffer, 0, sizeOf(shape)),
    shape,
    dtype,
  );
}

function resultsOf(call: number, fn: HostFunction, given: HostResult): unknown[] {
  const values = listOf(fn, given).map((value, i) => converted(fn, value, i));
  return [call, ...values.flatMap(({ dtype, shape, data }) => [dtype, shape, data])];
}

function listOf({ name, dtypes }: HostFunction, given: HostResult): readonly unknown[] {
  const wanted = dtypes.length;
  if (wanted === 1) return [given];
  const list: readonly unknown[] = Array.isArray(given) ? given : given == null ? [] : [given];
  if (list.length === wanted || wanted === 0) return wanted === 0 ? [] : list;
  throw new ResultError(
    'INVALID_ARGUMENT',
    `${name} returns ${list.length} values, but expects to see ${wanted} values.`,
  );
}

function converted({ name, dtypes }: HostFunction, value: unknown, i: number): Value {
  const dtype = dtypes[i]!;
  if (value instanceof NDArray && value.dtype !== dtype) {
    throw new ResultError(
      'INVALID_ARGUMENT',
      `${i}-th value returned by ${name} is ${value.dtype}, but expects ${dtype}`,
    );
  }
  try {
    return toValue(value, dtype, `value ${i} returned by ${name}`);
  } catch (error) {
    if (!types.isNativeError(error)) throw error;
    throw new ResultError('INVALID_ARGUMENT', error.message, { cause: error });
  }
}

/** Calls a function for a synchronous run. */
function serveNow(crossing: readonly unknown[]): unknown[] {
  try {
    const fn = functionOf(crossing[1] as number);
    const given = (fn.sync ?? fn.fn)(...inputsOf(crossing));
    if (!types.isPromise(given)) return resultsOf(0, fn, given);
    given.catch(() => {});
    const text = `${fn.name} gives a promise: run() waits for it, runSync() cannot`;
    throw new ResultError('FAILED_PRECONDITION', text);
  } catch (error) {
    return failure(0, error);
  }
}

async function serve(crossing: readonly unknown[]): Promise<void> {
  const call = crossing[0] as number;
  let outcome: unknown[];
  try {
    const fn = functionOf(crossing[1] as number);
    outcome = resultsOf(call, fn, await fn.fn(...inputsOf(crossing)));
  } catch (error) {
    outcome = failure(call, error);
  }
  native.finishHostCall(outcome);
}

/** Begins to serve the calls that steps wait for. */
export function serveWaiting(): void {
  for (let call = native.nextHostCall(); call; call = native.nextHostCall()) void serve(call);
}

native.serveHostCalls(serveNow);
