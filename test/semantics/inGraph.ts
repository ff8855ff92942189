import { type ErrorCode, Graph, Session, type SessionOptions } from '../../lib/index.js';

export interface Room {
  readonly graph: Graph;
  readonly session: Session;
}

/** A test inside a fresh default graph, with a session of it that is closed at the end. */
export function inGraph(
  title: string,
  fn: (room: Room) => unknown,
  options: SessionOptions = {},
): void {
  test(title, async () => {
    const graph = new Graph();
    await using session = new Session(graph, options);
    await graph.asDefault(async () => fn({ graph, session }));
  });
}

/** What `toThrow` and `rejects.toThrow` compare an EngineError with: code, parts of the message. */
export function engineError(code: ErrorCode, ...parts: readonly string[]): Error {
  return expect.objectContaining({ name: 'EngineError', code, message: containing(parts) });
}

/** The same for the TypeErrors of wrong arguments. */
export function typeError(...parts: readonly string[]): Error {
  return expect.objectContaining({ name: 'TypeError', message: containing(parts) });
}

function containing(parts: readonly string[]): unknown {
  const literal = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return expect.stringMatching(new RegExp(literal.join('.*'), 's'));
}

/** A value whose declared type is a lie, for what only JavaScript callers can do. */
export function mistyped<T>(value: unknown): T {
  return JSON.parse('[0]').map(() => value)[0];
}
