// Runs one test per message { folder, name } and answers { status, why }. A test is a folder with
// model.onnx and test_data_set_*, or a model file with the output for made-up inputs beside it. A
// model that needs what is not supported is skipped. With `saved` the model is saved and loaded
// again before it is tested.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { feedOf, resultsOf } from './conformance-values.mjs';

const require = createRequire(import.meta.url);
const { compare } = require('../dist/cli/compare.js');
const { loadSync } = require('../dist/onnx/load.js');
const { readModel } = require('../dist/onnx/readModel.js');
const { runAtOnce } = require('../dist/sliced.js');
const { saveSync } = require('../dist/onnx/save.js');
const { Session } = require('../dist/session.js');

function valuesIn(set, kind, infos) {
  return infos
    .map((info, i) => [info, join(set, `${kind}_${i}.pb`)])
    .filter(([, path]) => existsSync(path));
}

// What data.json says, else rtol 1e-3 and atol 1e-5, both 1e-2 for 16 bits.
function toleranceOf(folder, dtype) {
  const path = join(folder, 'data.json');
  const given = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const isNarrow = dtype === 'float16' || dtype === 'bfloat16';
  return {
    rtol: given.rtol ?? (isNarrow ? 1e-2 : 1e-3),
    atol: given.atol ?? (isNarrow ? 1e-2 : 1e-5),
  };
}

function difference(folder, name, actual, expected) {
  if (actual.length !== expected.length) {
    return `${name}: ${actual.length} values, expected ${expected.length}`;
  }
  for (const [i, value] of expected.entries()) {
    const found = compare(actual[i], value, toleranceOf(folder, value.dtype));
    if (found.ok) continue;
    const { why, mismatches, size, maxAbsolute } = found;
    const place = expected.length > 1 ? `${name}, value ${i}` : name;
    return `${place}: ${why ?? `${mismatches} of ${size} differ, by up to ${maxAbsolute}`}`;
  }
  return undefined;
}

function checkRun(folder, model, feeds, expected) {
  const session = new Session(model.graph);
  const results = session.runSync(model.outputs, {
    feeds: feeds.map(([name, value]) => [model.inputs[name], value]),
  });
  for (const [name, values] of expected) {
    const why = difference(folder, name, resultsOf(results[name]), values);
    if (why !== undefined) return { status: 'failed', why };
  }
  return { status: 'passed' };
}

function checkSet(folder, set, model) {
  const { inputs, outputs } = model.signature;
  const feeds = valuesIn(set, 'input', inputs).map(([info, path]) => [
    info.name,
    feedOf(path, info),
  ]);
  const expected = valuesIn(set, 'output', outputs).map(([info, path]) => [
    info.name,
    resultsOf(feedOf(path, info)),
  ]);
  return checkRun(folder, model, feeds, expected);
}

// 0 to just below 1 in equal steps, as the standard's runner makes it up.
function madeUp({ shape }) {
  const dims = shape.map((dim) => (typeof dim === 'number' ? dim : 1));
  const size = dims.reduce((a, b) => a * b, 1);
  const { ndarray } = require('../dist/ndArray.js');
  return ndarray(
    Float32Array.from({ length: size }, (_, i) => i / size),
    { shape: dims },
  );
}

function checkFile(folder, name, model) {
  const { inputs, outputs } = model.signature;
  const path = join(folder, `${name}_output_0.pb`);
  const expected = [[outputs[0].name, resultsOf(feedOf(path, outputs[0]))]];
  return checkRun(
    folder,
    model,
    inputs.map((info) => [info.name, madeUp(info)]),
    expected,
  );
}

// Their expected values are draws of the generator that made the data; the standard fixes none.
const random = /^test_(bernoulli|training_dropout)(?!.*zero_ratio)/;

// The names of inputs and outputs, and what is known of them, are those of the file.
function again(model) {
  const bytes = saveSync(model.graph, model.outputs, null, { inputs: model.inputs });
  return { ...loadSync(bytes), signature: model.signature };
}

function runTest({ folder, name, saved }) {
  const file = join(folder, `${name}.onnx`);
  const isFile = existsSync(file);
  const place = join(folder, name);
  let model;
  try {
    const original = loadSync(isFile ? file : join(place, 'model.onnx'));
    model = saved ? again(original) : original;
  } catch (error) {
    const status = error.code === 'UNIMPLEMENTED' ? 'skipped' : 'failed';
    return { status, why: error.message };
  }
  if (isFile) return checkFile(folder, name, model);
  if (random.test(name)) return { status: 'skipped', why: 'random values of another generator' };
  for (const entry of readdirSync(place).filter((set) => set.startsWith('test_data_set_'))) {
    const result = checkSet(place, join(place, entry), model);
    if (result.status !== 'passed') return result;
  }
  return { status: 'passed' };
}

// The operators of a test's main graph, as "domain:name".
function operatorsOf({ folder, name }) {
  const single = join(folder, `${name}.onnx`);
  const path = existsSync(single) ? single : join(folder, name, 'model.onnx');
  const { graph } = runAtOnce(readModel(readFileSync(path), path));
  return [...new Set(graph.nodes.map(({ domain, opType }) => `${domain}:${opType}`))];
}

process.on('message', (test) => {
  let operators = [];
  try {
    operators = operatorsOf(test);
    process.send({ ...runTest(test), operators });
  } catch (error) {
    process.send({ status: 'failed', why: String(error?.message ?? error), operators });
  }
});
