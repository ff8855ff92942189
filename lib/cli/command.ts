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
