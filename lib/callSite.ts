import { sep } from 'node:path';

/** So many frames of this library may lie above the caller's. */
const kFrames = 30;

/** Remembers the place in the user's code from which it is made; looked up when asked for. */
export class CallSite {
  readonly #trace: Error;

  constructor() {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = kFrames;
    this.#trace = new Error();
    Error.stackTraceLimit = limit;
  }

  /** "file:line:column" of the innermost frame outside of this library; "" if there is none. */
  toString(): string {
    for (const line of (this.#trace.stack ?? '').split('\n').slice(1)) {
      const place = /\(?((?:file:|\/|[A-Za-z]:\\)[^()]*:\d+:\d+)\)?$/.exec(line)?.[1];
      if (place && !place.replace('file://', '').startsWith(__dirname + sep)) return place;
    }
    return '';
  }
}
