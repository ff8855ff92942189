#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Command, type Terminal, UsageError } from './command.js';

/** Commands are loaded when they are asked for: `build` has to work without the addon. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  check: async () => (await import('./check.js')).checkCommand,
  info: async () => (await import('./info.js')).infoCommand,
  run: async () => (await import('./run.js')).runCommand,
  plot: async () => (await import('./plot.js')).plotCommand,
  build: async () => (await import('./build.js')).buildCommand,
};

/** Runs the command line and gives the exit code; errors go to stderr as one sentence. */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const [name = '--help', ...rest] = args;
  try {
    if (name === '--help' || name === '-h' || name === 'help') {
      terminal.out.write(overview);
      return 0;
    }
    if (name === '--version') {
      terminal.out.write(`${version()}\n`);
      return 0;
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!load) throw new UsageError(`there is no command '${name}'`);
    const command = await load();
    if (rest.includes('--help') || rest.includes('-h')) {
      terminal.out.write(command.help);
      return 0;
    }
    return await command.run(rest, terminal, signal);
  } catch (error) {
    return fail(error, terminal, signal);
  }
}

const overview = `Usage: tensorwright COMMAND ...

  check MODEL      reports all of a model that is not supported
  info MODEL       shows inputs, outputs, operators, parameters and what is unsupported
  run MODEL        runs a model on npy files, in batches, and compares the results
  plot RUN         draws the curves of a training, without TensorBoard
  build            compiles the native addon from source

tensorwright COMMAND --help tells more.
`;

function version(): string {
  const text = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  return String(Reflect.get(JSON.parse(text), 'version'));
}

function fail(error: unknown, { err }: Terminal, signal: AbortSignal): number {
  if (signal.aborted) {
    err.write('tensorwright: interrupted\n');
    return 130;
  }
  const isUsage = error instanceof UsageError || isArgumentError(error);
  const text = hasMessage(error) ? error.message : String(error);
  err.write(`tensorwright: ${text}\n`);
  if (isUsage) err.write('Try tensorwright --help.\n');
  return isUsage ? 2 : 1;
}

function hasMessage(error: unknown): error is { readonly message: string } {
  return typeof error === 'object' && error !== null && 'message' in error;
}

/** What parseArgs throws. */
function isArgumentError(error: unknown): boolean {
  const code: unknown = hasMessage(error) ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS_');
}

/** Whoever reads the output may stop early, as `head` does; then nobody waits for the rest. */
export function endWithReader(stream: NodeJS.EventEmitter, interrupt: AbortController): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    interrupt.abort();
  });
}

if (require.main === module) {
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  for (const stream of [process.stdout, process.stderr]) endWithReader(stream, interrupt);
  main(process.argv.slice(2), { out: process.stdout, err: process.stderr }, interrupt.signal).then(
    (code) => {
      process.exitCode = code;
    },
  );
}
