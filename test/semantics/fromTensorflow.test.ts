// Runs the examples of docs/from-tensorflow.md, which print what their comments say.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import * as tensorwright from '../../lib/index.js';
import { writeVersion1 } from '../savedModel/fixtures.js';

const page = readFileSync('docs/from-tensorflow.md', 'utf8');
const examples = [...page.matchAll(/^## (\d+\. [^\n]*)\n.*?^```js\n(.*?)^```$/gms)].map(
  ([, title, code]) => [title!, code!] as const,
);
const make: unknown = Reflect.get(
  Object.getPrototypeOf(async () => undefined),
  'constructor',
);

test('there are twenty-three idioms', () => expect(examples).toHaveLength(23));

/** What the examples find under relative paths. */
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-idioms-'));
  writeVersion1(join(folder, 'export', '1'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function inFolder(path: string, options?: tensorwright.LoadSavedModelOptions) {
  return tensorwright.loadSavedModel(join(folder, path), options);
}

test.each(examples)('%s', async (_, code) => {
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text]) => text);
  expect(expected.length).toBeGreaterThan(0);
  const printed: string[] = [];
  const log = (...values: unknown[]) =>
    printed.push(values.map((v) => (typeof v === 'string' ? v : inspect(v))).join(' '));
  if (typeof make !== 'function') throw new Error('no async functions');
  const names = Object.keys(tensorwright).filter((name) => name !== 'default');
  const run: unknown = Reflect.construct(make, [...names, 'console', code]);
  if (typeof run !== 'function') throw new Error('no function');
  const values = names.map((name) =>
    name === 'loadSavedModel' ? inFolder : Reflect.get(tensorwright, name),
  );
  await new tensorwright.Graph().asDefault(() =>
    Reflect.apply(run, undefined, [...values, { log }]),
  );
  expect(printed).toEqual(expected);
});
