import { parseArgs } from 'node:util';

import { EngineError } from '../errors.js';
import type { NDArray } from '../ndArray.js';
import { type InputShapes, load, type Model } from '../onnx/index.js';
import { Session } from '../session.js';
import { batchOf, concatenate, rowsOf } from './batches.js';
import { type Command, parseShapes, type Terminal, UsageError } from './command.js';
import { compare, type Difference, type Tolerance } from './compare.js';
import { Progress } from './progress.js';
import { filesIn, parseInputs, readAll, writeAll } from './valueFiles.js';

const help = `Usage: tensorwright run MODEL [--input NAME=FILE.npy ...] [--output DIR] [options]

Runs an ONNX model on npy files. A model with one input takes --input FILE.npy too.

  --input NAME=FILE   the value of an input; may be given several times
  --shape NAME=2,3,?  the shape of an input, where the file leaves it open
  --output DIR        writes each output to DIR/NAME.npy, sequences and maps to DIR/NAME.json
  --batch N           cuts the inputs into batches of N along their first axis
  --threads N         threads to compute with; all by default
  --expect DIR        compares the outputs with the npy files of DIR: those that its io.json names,
                      else NAME.npy. Without --input the inputs come from there too
  --rtol R, --atol A  |output - expected| may be up to A + R * |expected|; default 1e-3 and 1e-4
  --json              writes JSON; so does output that does not go to a terminal
  --help              shows this text

Exit code: 0 when all went well, 1 for an error or an output that is not as expected, 2 for wrong
arguments, 130 when interrupted.
`;

interface RunArguments {
  readonly path: string;
  readonly input: readonly string[];
  readonly shapes: InputShapes;
  readonly output: string | undefined;
  readonly batch: number | undefined;
  readonly threads: number | undefined;
  readonly expect: string | undefined;
  readonly tolerance: Tolerance;
  readonly json: boolean;
}

export const runCommand: Command = {
  help,
  async run(args, terminal, signal) {
    const given = parse(args);
    const model = await loadModel(given, terminal, signal);
    const inputs = await readAll(await inputFiles(given, model));
    for (const name of Object.keys(model.inputs)) {
      if (!inputs.has(name)) throw new UsageError(`no value for the input '${name}': give --input`);
    }
    const result = await compute(model, inputs, given, terminal, signal);
    const files =
      given.output === undefined ? undefined : await writeAll(given.output, result.outputs);
    const differences = await compareAll(given, result.outputs);
    const ok = [...differences.values()].every((difference) => difference.ok);
    report({ given, result, files, differences, ok }, terminal);
    return ok ? 0 : 1;
  },
};

function parse(args: readonly string[]): RunArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      input: { type: 'string', multiple: true },
      shape: { type: 'string', multiple: true },
      output: { type: 'string' },
      batch: { type: 'string' },
      threads: { type: 'string' },
      expect: { type: 'string' },
      rtol: { type: 'string' },
      atol: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const [path, ...rest] = positionals;
  if (path === undefined || rest.length > 0) throw new UsageError('run takes one model file');
  return {
    path,
    input: values.input ?? [],
    shapes: parseShapes(values.shape),
    output: values.output,
    batch: count('batch', values.batch),
    threads: count('threads', values.threads),
    expect: values.expect,
    tolerance: { rtol: bound('rtol', values.rtol, 1e-3), atol: bound('atol', values.atol, 1e-4) },
    json: values.json ?? false,
  };
}

function count(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`Expected a positive integer for --${name} but received '${text}'`);
}

function bound(name: string, text: string | undefined, fallback: number): number {
  const value = text === undefined ? fallback : Number(text);
  if (value >= 0 && text !== '') return value;
  throw new UsageError(`Expected a number from 0 on for --${name} but received '${text}'`);
}

async function loadModel(
  { path, shapes }: RunArguments,
  { err }: Terminal,
  signal: AbortSignal,
): Promise<Model> {
  const progress = new Progress(err, 'load', '');
  try {
    return await load(path, {
      shapes,
      signal,
      onProgress: ({ done, total }) => progress.update(done, total),
    });
  } finally {
    progress.end();
  }
}

function inputFiles({ input, expect }: RunArguments, model: Model) {
  const names = Object.keys(model.inputs);
  if (input.length > 0 || expect === undefined) return parseInputs(input, names);
  return filesIn(expect, 'inputs', names);
}

interface Result {
  readonly outputs: ReadonlyMap<string, NDArray>;
  readonly runs: number;
  readonly rows: number | undefined;
  readonly milliseconds: number;
  readonly threads: number | undefined;
}

async function compute(
  model: Model,
  inputs: ReadonlyMap<string, NDArray>,
  { batch, threads }: RunArguments,
  { err }: Terminal,
  signal: AbortSignal,
): Promise<Result> {
  const session = new Session(model.graph, { threads });
  const rows = batch === undefined ? undefined : rowsOf(inputs);
  const names = Object.keys(model.outputs);
  const parts = new Map(names.map((name): [string, NDArray[]] => [name, []]));
  const progress = new Progress(err, 'run ', 'rows');
  const start = performance.now();
  let runs = 0;
  try {
    for (let at = 0; at < (rows ?? 1); at += batch ?? 1) {
      const end = Math.min(rows ?? 1, at + (batch ?? 1));
      const values = rows === undefined ? inputs : batchOf(inputs, at, end);
      const feeds = [...values].map(([name, value]) => [model.inputs[name]!, value] as const);
      const outputs = await session.run(model.outputs, { feeds, signal });
      for (const name of names) parts.get(name)?.push(outputs[name]!);
      runs += 1;
      if (rows !== undefined) progress.update(end, rows);
    }
  } finally {
    progress.end();
    await session.close();
  }
  const milliseconds = performance.now() - start;
  const outputs = new Map(names.map((name) => [name, concatenate(name, parts.get(name) ?? [])]));
  return { outputs, runs, rows, milliseconds, threads };
}

async function compareAll(
  { expect, tolerance }: RunArguments,
  outputs: ReadonlyMap<string, NDArray>,
): Promise<ReadonlyMap<string, Difference>> {
  const differences = new Map<string, Difference>();
  if (expect === undefined) return differences;
  const expected = await readAll(await filesIn(expect, 'outputs', [...outputs.keys()]));
  if (expected.size === 0) {
    throw new EngineError('NOT_FOUND', `'${expect}' has no npy file for any output of the model`);
  }
  for (const [name, array] of expected) {
    differences.set(name, compare(outputs.get(name)!, array, tolerance));
  }
  return differences;
}

interface Report {
  readonly given: RunArguments;
  readonly result: Result;
  readonly files: ReadonlyMap<string, string> | undefined;
  readonly differences: ReadonlyMap<string, Difference>;
  readonly ok: boolean;
}

function report(all: Report, { out }: Terminal): void {
  const { given, result } = all;
  if (given.json || !out.isTTY) {
    out.write(`${JSON.stringify(jsonOf(all), null, 2)}\n`);
    return;
  }
  const seconds = result.milliseconds / 1000;
  const rows = result.rows === undefined ? '' : `, ${(result.rows / seconds).toFixed(0)} rows/s`;
  out.write(`${given.path}: ${result.runs} runs in ${seconds.toFixed(3)} s${rows}\n`);
  for (const [name, { dtype, shape }] of result.outputs) {
    const file = all.files?.get(name);
    const to = file === undefined ? '' : ` -> ${file}`;
    out.write(
      `  ${name}: ${dtype} [${shape.join(', ')}]${to}${verdict(all.differences.get(name))}\n`,
    );
  }
}

function verdict(difference: Difference | undefined): string {
  if (!difference) return '';
  const { ok, why, mismatches, size, maxAbsolute = 0 } = difference;
  const distance = `largest difference ${maxAbsolute.toPrecision(3)}`;
  if (ok) return `  as expected (${distance})`;
  return `  NOT AS EXPECTED: ${why ?? `${mismatches} of ${size} elements, ${distance}`}`;
}

function jsonOf({ given, result, files, differences, ok }: Report): unknown {
  const outputs: Record<string, unknown> = {};
  for (const [name, { dtype, shape }] of result.outputs) {
    outputs[name] = { dtype, shape, file: files?.get(name), comparison: differences.get(name) };
  }
  const { runs, rows, milliseconds, threads } = result;
  return { model: given.path, ok, runs, rows, milliseconds, threads, outputs };
}
