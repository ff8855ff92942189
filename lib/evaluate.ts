import { sessionFrame } from './defaults.js';
import type { DType } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import type { Feeds } from './feeds.js';
import type { Graph } from './graph.js';
import type { Initializer } from './initializer.js';
import type { NDArray } from './ndArray.js';
import type { Operation } from './operation.js';
import { unfetchable } from './place.js';
import type { Session } from './session.js';
import type { Tensor } from './tensor.js';

export interface EvalOptions {
  readonly feeds?: Feeds | undefined;
  readonly session?: Session | undefined;
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds. */
  readonly timeout?: number | undefined;
}

type Element = Tensor | Operation | Initializer;

/** Gives the value of a tensor, null for an operation, from the session that is in force. */
export function evaluate<D extends DType>(x: Tensor<D>, options: EvalOptions): Promise<NDArray<D>>;
export function evaluate(x: Operation | Initializer, options: EvalOptions): Promise<null>;
export async function evaluate(x: Element, options: EvalOptions): Promise<unknown> {
  const { session, ...run } = options;
  return sessionFor(x, session).run(x, run);
}

export function evaluateSync<D extends DType>(x: Tensor<D>, options: EvalOptions): NDArray<D>;
export function evaluateSync(x: Operation | Initializer, options: EvalOptions): null;
export function evaluateSync(x: Element, options: EvalOptions): unknown {
  const { session, ...run } = options;
  return sessionFor(x, session).runSync(x, run);
}

/** The session given, the innermost default session, or the graph's own. */
export function sessionFor(x: Element, given: Session | undefined): Session {
  const { graph } = x;
  if (graph.place && 'op' in x) throw unfetchable(x.op);
  if (graph.place && 'type' in x) throw unfetchable(x);
  if (given !== undefined && given !== null) {
    if (typeof given !== 'object' || typeof given.run !== 'function') {
      throw invalidArgument('session', 'a Session', given);
    }
    if (given.graph === graph) return given;
    throw wrongGraph(x, given, 'given', '.', '');
  }
  const frame = sessionFrame();
  const session = frame?.session;
  if (session === undefined) return graph.defaultSession ?? noSession(x);
  if (session.graph === graph) return session;
  const call = isTensor(x) ? '`eval(session=sess)`.' : 'run(session=sess).';
  const place = String(frame?.entered ?? '');
  const entered = place === '' ? '' : `, and became the default at ${place}`;
  throw wrongGraph(x, session, 'default', `. Pass an explicit session to ${call}`, entered);
}

function isTensor(x: Element): x is Tensor {
  return 'dtype' in x;
}

function noSession(x: Element): never {
  const [what, call, scope] = isTensor(x)
    ? ['evaluate tensor', 'eval', '`with sess.as_default()`']
    : ['execute operation', 'run', '`with sess.as_default():`'];
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Cannot ${what} using \`${call}()\`: No default session is registered. Use ${scope} or pass ` +
      `an explicit session to \`${call}(session=sess)\` ('${x.name}' is in ${x.graph.label}, made ` +
      `without a default session: session.asDefault(fn) or ${call}({ session }) give one` +
      `${hint(x.graph)})`,
  );
}

/** Says so when exactly one open session would do; it is not used by itself. */
function hint(graph: Graph): string {
  const open = graph.sessions.list();
  return open.length === 1 ? `; one open session, ${open[0]!.label}, runs ${graph.label}` : '';
}

function wrongGraph(
  x: Element,
  session: Session,
  which: string,
  advice: string,
  entered: string,
): EngineError {
  const what = isTensor(x) ? 'evaluate tensor' : 'execute operation';
  const kind = isTensor(x) ? 'tensor' : 'operation';
  return new EngineError(
    'INVALID_ARGUMENT',
    `Cannot use the ${which} session to ${what}: the ${kind}'s graph is different from the ` +
      `session's graph${advice} ('${x.name}' is in ${x.graph.label}, ${session.label} runs ` +
      `${session.graph.label}${entered}${hint(x.graph)})`,
  );
}
