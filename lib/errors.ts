import { inspect, types } from 'node:util';

// In the order of their numbers, from 1 on, as the core has them.
const codes = [
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** TensorFlow's canonical status codes. */
export type ErrorCode = (typeof codes)[number];

const known: ReadonlySet<unknown> = new Set(codes);

/** The number of a code in the core; 0 for one that the core does not have. */
export function codeNumber(code: ErrorCode): number {
  return code === 'UNAUTHENTICATED' ? 0 : codes.indexOf(code) + 1;
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return known.has(value);
}

export interface EngineErrorOptions extends ErrorOptions {
  /** The type of the op that failed, such as `MatMul`. */
  readonly op?: string | undefined;
  /** The name of the node that failed, such as `logits`. */
  readonly node?: string | undefined;
}

/** A failure of the engine: what was wrong, where, what was expected and what was got. */
export class EngineError extends Error {
  readonly code: ErrorCode;
  declare readonly op?: string;
  declare readonly node?: string;

  constructor(code: ErrorCode, message: string, options: EngineErrorOptions = {}) {
    super(message, options);
    this.code = code;
    if (options.op) this.op = options.op;
    if (options.node) this.node = options.node;
  }

  static {
    Object.defineProperty(EngineError.prototype, 'name', { value: 'EngineError', writable: true });
  }
}

/** An error of the addon (`code`, `op` and `node` as properties) as EngineError; others as is. */
export function toEngineError(error: unknown): unknown {
  if (!types.isNativeError(error) || error instanceof EngineError) return error;
  const code: unknown = Reflect.get(error, 'code');
  if (!isErrorCode(code)) return error;
  return new EngineError(code, error.message, {
    op: text(Reflect.get(error, 'op')),
    node: text(Reflect.get(error, 'node')),
    cause: error.cause,
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The code of a mistake in an argument's type, as Node.js names them. */
export type ArgumentCode = 'ERR_INVALID_ARG_TYPE' | 'ERR_INVALID_ARG_VALUE' | 'ERR_OUT_OF_RANGE';

export interface ArgumentError extends TypeError {
  readonly code: ArgumentCode;
}

/** "Expected EXPECTED for NAME but received ACTUAL", to be thrown. */
export function invalidArgument(
  name: string,
  expected: string,
  actual: unknown,
  code: ArgumentCode = 'ERR_INVALID_ARG_TYPE',
): ArgumentError {
  const message = `Expected ${expected} for ${name} but received ${describe(actual)}`;
  return Object.assign(new TypeError(message), { code });
}

/** The type of a value, or the name of its class, for messages. */
export function typeOf(value: unknown): string {
  if (typeof value !== 'object') return typeof value;
  return value === null ? 'null' : (value.constructor?.name ?? 'object');
}

/** A value in the few words that an error message has room for. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return value.name ? `function ${value.name}` : 'a function';
  if (typeof value === 'string' && value.length > 60) return inspect(`${value.slice(0, 57)}...`);
  if (ArrayBuffer.isView(value)) {
    return `${value.constructor.name} of ${value.byteLength} bytes`;
  }
  const long = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 8 });
  return long.length > 120 ? `${long.slice(0, 117)}...` : long;
}
