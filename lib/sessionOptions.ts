import { checkKeys } from './attrs.js';
import { type NativeSessionOptions, native } from './binding.js';
import { EngineError, invalidArgument } from './errors.js';
import { checkTimeout } from './runOptions.js';

export interface SessionOptions {
  /** Threads that compute one run at most, from 1 to the pool's size, which is the default. */
  readonly threads?: number | undefined;
  /** In bytes; default 80 % of what the machine or the control group has. */
  readonly memoryLimit?: number | undefined;
  /** True: no rewrite that changes rounding, and no convolution by Winograd's algorithm. */
  readonly strict?: boolean | undefined;
  /** False: an op that asks for a device which is not there is an error; default true. */
  readonly softPlacement?: boolean | undefined;
  /** For runs that say none, in milliseconds; default none. */
  readonly timeout?: number | undefined;
  /** Names of passes to be left out, to find a bug. */
  readonly disabledPasses?: readonly string[] | undefined;
}

export interface CheckedSessionOptions {
  readonly forNative: NativeSessionOptions;
  readonly softPlacement: boolean;
  readonly timeout: number | undefined;
}

const names = ['threads', 'memoryLimit', 'strict', 'softPlacement', 'timeout', 'disabledPasses'];

export function checkSessionOptions(options: unknown = {}): CheckedSessionOptions {
  if (typeof options !== 'object' || options === null) {
    throw invalidArgument('options', 'an object', options);
  }
  checkKeys('Session', options, names);
  const given: SessionOptions = options;
  const { threads, memoryLimit = 0, strict = false } = given;
  const { disabledPasses = [], softPlacement = true, timeout } = given;
  checkTimeout(timeout);
  for (const [name, flag] of Object.entries({ strict, softPlacement })) {
    if (typeof flag !== 'boolean') throw invalidArgument(name, 'a boolean', flag);
  }
  if (!Number.isSafeInteger(memoryLimit) || memoryLimit < 0) {
    throw invalidArgument('memoryLimit', 'a number of bytes', memoryLimit);
  }
  if (!Array.isArray(disabledPasses) || !disabledPasses.every((p) => typeof p === 'string')) {
    throw invalidArgument('disabledPasses', 'a list of names', disabledPasses);
  }
  const forNative = { threads: checkThreads(threads), memoryLimit, strict, disabledPasses };
  return { forNative, softPlacement, timeout };
}

function checkThreads(threads: unknown): number {
  const most = native.threads();
  if (threads === undefined) return most;
  if (typeof threads !== 'number' || !Number.isInteger(threads)) {
    throw invalidArgument('threads', 'an integer', threads);
  }
  if (threads >= 1) return Math.min(threads, most);
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Expected at least 1 for threads but received ${threads}`,
  );
}
