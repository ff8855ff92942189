import { inspect } from 'node:util';
import { checkOptions } from './attrs.js';
import type { DType } from './dtype.js';
import { invalidArgument } from './errors.js';
import { identity } from './generated/array.js';
import { hostOperation } from './jsFunction.js';
import type { OpOptions } from './node.js';
import type { Operand } from './op.js';
import type { Tensor } from './tensor.js';

export interface PrintOptions extends OpOptions {
  /** What to print; default: the tensor itself. */
  readonly data?: readonly Operand[] | undefined;
  /** What stands before it. */
  readonly message?: string | undefined;
  /** Where it is written, a line at a time; default: process.stderr. */
  readonly stream?: { write(text: string): unknown } | undefined;
  /** Only in the first so many runs of the process. */
  readonly firstN?: number | undefined;
}

/**
 * The tensor itself; each run that needs it writes values to a stream. Gradients pass through.
 */
export function print<D extends DType>(tensor: Tensor<D>, options: PrintOptions = {}): Tensor<D> {
  checkOptions('print', options, ['data', 'message', 'stream', 'firstN']);
  const { data = [tensor], message = '', stream = process.stderr, firstN, ...rest } = options;
  if (typeof stream?.write !== 'function') {
    throw invalidArgument('stream', 'something with a function write', stream);
  }
  if (firstN !== undefined && !(Number.isInteger(firstN) && firstN >= 0)) {
    throw invalidArgument('firstN', 'an integer of at least 0', firstN);
  }
  let printed = 0;
  const write = hostOperation(
    (...values) => {
      printed += 1;
      if (firstN !== undefined && printed > firstN) return;
      stream.write(`${message}${values.map((value) => inspect(value)).join(' ')}\n`);
    },
    data,
    [],
    { name: 'print' },
  );
  return identity(tensor, { ...rest, controlInputs: [write, ...(rest.controlInputs ?? [])] });
}
