import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CompiledLibrary } from '../api/compiled.js';

const library = new CompiledLibrary();
afterAll(() => library.remove());

const modulePath = join(library.folder, 'scale.js');
writeFileSync(
  modulePath,
  `const { ndarray } = require(${JSON.stringify(join(library.folder, 'ndArray.js'))});
  module.exports = ({ x, label }, { epoch, index, random }) => {
    if (label === 'bad') throw new RangeError('bad label at ' + index);
    if (label === 'exit') process.exit(7);
    const { threadId } = require('node:worker_threads');
    return { x: ndarray(x.data.map((v) => v * 2)), label: label + index, epoch, threadId, r: random() };
  };
  module.exports.named = async (n) => n + 1;
  `,
);
const esm = join(library.folder, 'scale.mjs');
writeFileSync(esm, 'const one = await 1;\nexport default (n) => n + one;\n');

/** Runs the body and gives what it returns. */
function program(body: string): unknown {
  const { stdout, stderr, status } = library.run(`
    const { train, ndarray } = tw;
    const modulePath = ${JSON.stringify(modulePath)};
    const esm = ${JSON.stringify(esm)};
    async function all(source) {
      const elements = [];
      for await (const element of source) elements.push(element);
      return elements;
    }
    (async () => { ${body} })().then((result) => console.log(JSON.stringify(result)));
  `);
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return JSON.parse(stdout);
}

test('a module maps in worker threads, in order, with seeded random numbers', () => {
  const result = program(`
    const rows = [0, 1, 2, 3, 4, 5].map((i) => ({ x: ndarray([i, -i]), label: 'n' }));
    const make = (workers) => train.data(rows).map(modulePath, { workers, seed: 3 });
    const first = await all(make(2).epoch(1));
    const again = await all(make(1).epoch(1, { skip: 2 }));
    return {
      x: first.map(({ x }) => x.toArray()),
      labels: first.map(({ label }) => label),
      epochs: [...new Set(first.map(({ epoch }) => epoch))],
      threads: new Set(first.map(({ threadId }) => threadId)).size,
      same: again.every(({ r }, i) => r === first[i + 2].r),
    };
  `);
  expect(result).toEqual({
    x: [
      [0, 0],
      [2, -2],
      [4, -4],
      [6, -6],
      [8, -8],
      [10, -10],
    ],
    labels: ['n0', 'n1', 'n2', 'n3', 'n4', 'n5'],
    epochs: [1],
    threads: 2,
    same: true,
  });
});

test('named exports and ES modules', () => {
  const result = program(`
    const named = await all(train.data([1, 2]).map(modulePath, { name: 'named', workers: 1 }));
    const url = require('node:url').pathToFileURL(esm);
    const fromEsm = await all(train.data([1, 2]).map(url, { workers: 1 }));
    return { named, fromEsm };
  `);
  expect(result).toEqual({ named: [2, 3], fromEsm: [2, 3] });
});

test('errors in workers reach the reader, and the process ends by itself', () => {
  const result = program(`
    const rows = (labels) => labels.map((label) => ({ x: ndarray([1]), label }));
    const outcome = (source) => all(source).then(() => 'done', (e) => e.name + ': ' + e.message);
    const map = (labels, options) => train.data(rows(labels)).map(modulePath, { workers: 2, ...options });
    const early = map(['a', 'b', 'c', 'd', 'e']).epoch(0);
    await early.next();
    await early.return();
    return {
      thrown: await outcome(map(['a', 'bad', 'c'])),
      exit: await outcome(map(['a', 'exit', 'c'])),
      missing: await outcome(map(['a'], { name: 'nothing' })),
      none: await outcome(train.data([1]).map(modulePath + '.none', { workers: 1 })),
    };
  `);
  expect(result).toEqual({
    thrown: 'RangeError: bad label at 1',
    exit: expect.stringMatching(/EngineError: a worker of map\(.*ended by itself with code 7/),
    missing: expect.stringMatching(/Expected a function for the export 'nothing' of /),
    none: expect.stringMatching(/Cannot find module|ERR_MODULE_NOT_FOUND/),
  });
});
