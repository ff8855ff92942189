// Runs the cases of test/onnx/contrib.json in onnxruntime-node and writes what it gives into the
// file, which the tests compare with. Inputs are numbers that a formula makes from their shape.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const path = (name) => fileURLToPath(new URL(`../test/onnx/${name}`, import.meta.url));

/** A module of the tests, written in TypeScript. */
function testModule(name) {
  const { code } = require('@swc/core').transformSync(readFileSync(path(name), 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', code)(module, module.exports, require);
  return module.exports;
}

const { contribModel, valuesOf } = testModule('contribModel.ts');
const { modelFile } = testModule('write.ts');
const ort = require('onnxruntime-node');

const cases = JSON.parse(readFileSync(path('contrib.json'), 'utf8'));
const only = process.argv[2];
for (const each of cases) {
  if (only && each.op !== only) continue;
  try {
    const session = await ort.InferenceSession.create(modelFile(contribModel(each)), {
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
    });
    const feeds = {};
    for (const [i, input] of each.inputs.entries()) {
      if (!input || input.constant) continue;
      feeds[`i${i}`] = new ort.Tensor(input.dtype, valuesOf(input, i), input.shape);
    }
    const results = await session.run(feeds);
    const names = session.outputNames.slice(0, each.compared);
    each.expected = names.map((name) => ({
      shape: results[name].dims,
      data: Array.from(results[name].data, (v) => Number(Number(v).toPrecision(6))),
    }));
    delete each.refused;
  } catch (error) {
    each.refused = String(error.message).split('\n')[0].slice(0, 200);
    console.log(`${each.op}: ${each.refused}`);
  }
}
const lines = cases.map((each) => `  ${JSON.stringify(each)}`);
writeFileSync(path('contrib.json'), `[\n${lines.join(',\n')}\n]\n`);
