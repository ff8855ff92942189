// Runs one test directory per message and answers { status, why }. A model that needs what is not
// supported is skipped.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { compare } = require('../dist/cli/compare.js');
const { ndarray } = require('../dist/ndArray.js');
const { loadSync } = require('../dist/onnx/load.js');
const { Session } = require('../dist/session.js');
const { dtypeOfDataType } = require('../dist/onnx/dataTypes.js');
const { readTensor } = require('../dist/onnx/readTensor.js');
const { runAtOnce } = require('../dist/onnx/sliced.js');
const { arrayOf, tensorValue } = require('../dist/onnx/tensorValue.js');
const { WireReader } = require('../dist/onnx/wire.js');

function arrayIn(path) {
  const tensor = readTensor(new WireReader(readFileSync(path), path));
  if (dtypeOfDataType(tensor.dataType) === undefined) return undefined;
  const value = runAtOnce(tensorValue(tensor, path));
  const data = value.dtype === 'string' ? value.strings : arrayOf(value);
  return ndarray(data, { dtype: value.dtype, shape: value.shape });
}

function arraysIn(set, kind, names) {
  return names
    .map((name, i) => [name, join(set, `${kind}_${i}.pb`)])
    .filter(([, path]) => existsSync(path))
    .map(([name, path]) => [name, arrayIn(path)]);
}

function toleranceOf(folder, dtype) {
  const path = join(folder, 'data.json');
  const given = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  const standard = dtype === 'float16' || dtype === 'bfloat16' ? 1e-2 : 1e-3;
  return { rtol: given.rtol ?? standard, atol: given.atol ?? (standard === 1e-2 ? 1e-2 : 1e-5) };
}

function checkSet(folder, set, model, session) {
  const { inputs, outputs } = model.signature;
  const feeds = arraysIn(
    set,
    'input',
    inputs.map(({ name }) => name),
  );
  const names = outputs.map(({ name }) => name);
  const results = session.runSync(model.outputs, {
    feeds: feeds.map(([name, value]) => [model.inputs[name], value]),
  });
  for (const [name, expected] of arraysIn(set, 'output', names)) {
    const difference = compare(results[name], expected, toleranceOf(folder, expected.dtype));
    if (difference.ok) continue;
    const { why, mismatches, size, maxAbsolute } = difference;
    return `${name}: ${why ?? `${mismatches} of ${size} differ, by up to ${maxAbsolute}`}`;
  }
  return undefined;
}

function runTest(folder) {
  let model;
  try {
    model = loadSync(join(folder, 'model.onnx'));
  } catch (error) {
    const status = error.code === 'UNIMPLEMENTED' ? 'skipped' : 'failed';
    return { status, why: error.message };
  }
  const session = new Session(model.graph);
  for (const entry of readdirSync(folder).filter((name) => name.startsWith('test_data_set_'))) {
    const why = checkSet(folder, join(folder, entry), model, session);
    if (why !== undefined) return { status: 'failed', why };
  }
  return { status: 'passed' };
}

process.on('message', (folder) => {
  try {
    process.send(runTest(folder));
  } catch (error) {
    process.send({ status: 'failed', why: String(error?.message ?? error) });
  }
});
