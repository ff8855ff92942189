// Lists every version of an operator that the importer claims and no test covers, and fails when
// there is one: the versions are those of the standard for the operators that have mappings, the
// tests are the models of test/onnx/versions and the listed conformance tests in ../shared/onnx.
//   node scripts/onnx-versions.mjs [--shared DIR] [--verbose]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
require('./typescript.cjs');
const { domains } = require('../lib/onnx/ops/index.ts');
const { readModel } = require('../lib/onnx/readModel.ts');
const { runAtOnce } = require('../lib/sliced.ts');
const { graphsOf } = require('../lib/onnx/sortNodes.ts');
const { operatorsOf } = require('../lib/onnx/standard.ts');
const { versionModels } = require('../test/onnx/versions/index.ts');

const { values } = parseArgs({
  options: { shared: { type: 'string', default: '../shared/onnx' }, verbose: { type: 'boolean' } },
});

/** "domain:name since" of each operator of the standard that has a mapping. */
function claimed() {
  const list = new Set();
  for (const [domain, family] of Object.entries(domains)) {
    for (const [name, { since }] of operatorsOf(domain)) {
      if (!Object.hasOwn(family, name)) continue;
      for (const version of since) list.add(`${domain}:${name} ${version}`);
    }
  }
  return list;
}

const covered = new Set();

function coverNodes(nodes, opsets) {
  for (const { domain, opType, attributes } of nodes) {
    const opset = opsets.get(domain) ?? 1;
    const since =
      operatorsOf(domain)
        .get(opType)
        ?.since.filter((version) => version <= opset) ?? [];
    if (since.length > 0) covered.add(`${domain}:${opType} ${Math.max(...since)}`);
    for (const attribute of attributes.values()) {
      for (const graph of graphsOf(attribute)) coverNodes(graph.nodes, opsets);
    }
  }
}

function cover(bytes) {
  const model = runAtOnce(readModel(bytes, 'a test'));
  const opsets = new Map(
    model.opsetImport.map(({ domain, version }) => {
      return [domain === 'ai.onnx' ? '' : domain, version];
    }),
  );
  coverNodes(model.graph.nodes, opsets);
  for (const fn of model.functions) coverNodes(fn.nodes, opsets);
}

for (const bytes of versionModels()) cover(bytes);
const lists = 'test/onnx/conformance';
for (const list of existsSync(values.shared) ? readdirSync(lists) : []) {
  const folder = join(values.shared, list.replace(/\.txt$/, ''));
  for (const name of readFileSync(join(lists, list), 'utf8').split(/\s+/).filter(Boolean)) {
    const single = join(folder, `${name}.onnx`);
    const path = existsSync(single) ? single : join(folder, name, 'model.onnx');
    if (existsSync(path)) cover(readFileSync(path));
  }
}

const missing = [...claimed()].filter((entry) => !covered.has(entry));
for (const entry of missing) console.log(`${entry.replace(/^:/, '')} is claimed and not tested`);
const count = claimed().size;
console.log(`${count - missing.length} passed, ${missing.length} failed`);
process.exitCode = missing.length > 0 ? 1 : 0;
