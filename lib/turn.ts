/** How long microtasks may go on without a turn of the event loop, in milliseconds. */
const kLongest = 1;

let turnDue = false;
let since = 0;

function turned(): void {
  turnDue = false;
}

/**
 * Whether the event loop has not turned for too long, so that what is ready now should wait for
 * the next turn. To be asked whenever a promise is about to be settled.
 */
export function turnOverdue(): boolean {
  if (!turnDue) {
    turnDue = true;
    since = performance.now();
    setImmediate(turned).unref();
    return false;
  }
  return performance.now() - since > kLongest;
}
