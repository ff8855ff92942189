import { parseArgs } from 'node:util';

import type { InputShapes } from '../onnx/index.js';

/** Where a command writes: stdout carries results, stderr progress and errors. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
}

export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface Command {
  readonly help: string;
  /** Gives the exit code: 0, or 1 when the answer is no. */
  run(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number>;
}

/** A mistake in the arguments: exit code 2. */
export class UsageError extends Error {}

/** The arguments of a command that takes one model file and says what it found. */
export function modelArguments(
  command: string,
  args: readonly string[],
  { isTTY }: Output,
): { readonly path: string; readonly asJson: boolean; readonly shapes: InputShapes } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, shape: { type: 'string', multiple: true } },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) {
    throw new UsageError(`${command} takes one model file`);
  }
  return { path, asJson: values.json || !isTTY, shapes: parseShapes(values.shape) };
}

/** The shapes of `--shape NAME=2,3,?`, a question mark for a size that runs decide. */
export function parseShapes(given: readonly string[] = []): InputShapes {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.lastIndexOf('=');
      const dims = text.slice(at + 1);
      const sizes = dims === '' ? [] : dims.split(',');
      if (at < 1 || !sizes.every((size) => /^(\d{1,15}|\?)$/.test(size))) {
        throw new UsageError(`Expected NAME=2,3,? for --shape but received '${text}'`);
      }
      return [text.slice(0, at), sizes.map((size) => (size === '?' ? null : Number(size)))];
    }),
  );
}
