// Loads and runs mutants; one line per file on stdout: "INDEX OUTCOME ...". Arguments: seed, the
// first index, the index after the last, then folders of models.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { corpusOf } from './corpus.mjs';
import { mutant } from './mutate.mjs';
import { Random } from './random.mjs';

const require = createRequire(import.meta.url);
const { EngineError } = require('../../dist/errors.js');
const { loadSync, infoSync } = require('../../dist/onnx/index.js');
const { Session } = require('../../dist/session.js');

const limits = { memoryLimit: 256 << 20, timeout: 700, threads: 1 };
const largestFeed = 1 << 20;

const [seed, first, end, ...folders] = process.argv.slice(2);
const corpus = corpusOf(folders);

function valueFor(random, { dtype, shape }) {
  if (dtype === 'variant') return [];
  const dims = (shape ?? [2]).map((dim) => dim ?? random.pick([1, 2, 3]));
  const size = dims.reduce((a, b) => a * b, 1);
  if (!(size <= largestFeed)) return undefined;
  const { ndarray } = require('../../dist/ndArray.js');
  const wide = dtype === 'complex64' || dtype === 'complex128' ? 2 : 1;
  const values = Array.from({ length: size * wide }, () => random.below(5));
  if (dtype === 'string') return ndarray(values.map(String), { shape: dims, dtype });
  if (dtype === 'int64' || dtype === 'uint64') {
    return ndarray(values.map(BigInt), { shape: dims, dtype });
  }
  if (dtype === 'bool')
    return ndarray(
      values.map((v) => v > 1),
      { shape: dims, dtype },
    );
  const { arrayType } = require('../../dist/dtype.js');
  const { NDArray } = require('../../dist/ndArray.js');
  return new NDArray(arrayType(dtype).from(values), dims, dtype);
}

function run(random, model) {
  const feeds = [];
  for (const tensor of Object.values(model.inputs)) {
    const value = valueFor(random, tensor);
    if (value === undefined) return 'loaded';
    feeds.push([tensor, value]);
  }
  const session = new Session(model.graph, limits);
  try {
    const results = session.runSync(model.outputs, { feeds });
    for (const result of Object.values(results)) result.dispose?.();
    return 'ran';
  } finally {
    session[Symbol.dispose]();
  }
}

/** Whether an error comes of our own code: TypeErrors that tell of arguments have a code. */
function isMistake(error) {
  return (
    error instanceof Error &&
    !(error instanceof EngineError) &&
    error.code === undefined &&
    ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(error.name)
  );
}

function outcomeOf(index) {
  const random = new Random(Number(seed), index);
  const file = mutant(random, corpus);
  let step = 'load';
  try {
    if (random.chance(0.1)) infoSync(file);
    const model = loadSync(file);
    step = 'run';
    return run(random, model);
  } catch (error) {
    const isExpected = error instanceof EngineError && error.code !== 'INTERNAL';
    if (isExpected && !isMistake(error?.cause)) return `${step}-error`;
    const wrong = isMistake(error?.cause) ? error.cause : error;
    const stack = String(wrong?.stack ?? wrong).split('\n');
    return `WRONG ${step}: ${stack.slice(0, 4).join(' | ').slice(0, 700)}`;
  }
}

function say(line) {
  const bytes = Buffer.from(`${line}\n`);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

say('ready');
for (let index = Number(first); index < Number(end); index++) {
  const began = performance.now();
  const outcome = outcomeOf(index);
  const ms = Math.round(performance.now() - began);
  say(`${index} ${ms} ${Math.round(process.resourceUsage().maxRSS / 1024)} ${outcome}`);
  if (index % 256 === 0) globalThis.gc?.();
}
