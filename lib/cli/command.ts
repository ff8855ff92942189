import { parseArgs } from 'node:util';

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
): { readonly path: string; readonly asJson: boolean } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean' } },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) {
    throw new UsageError(`${command} takes one model file`);
  }
  return { path, asJson: values.json || !isTTY };
}
