// Prints the nanoseconds of calls of a checkout, medians of many short batches, as JSON.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { median } from './measure.mjs';
import { scalarAdd } from './scalarAdd.mjs';

const [root] = process.argv.slice(2);
const tw = createRequire(import.meta.url)(join(root, 'dist', 'index.js'));
const batches = 200;

const { a, b, y, session, prepare, one, two } = scalarAdd(tw);
const feeds = new Map([
  [a, one],
  [b, two],
]);
const prepared = prepare();

async function nanoseconds(call, repeats) {
  const times = [];
  for (let batch = 0; batch < batches; batch++) {
    const began = process.hrtime.bigint();
    for (let i = 0; i < repeats; i++) {
      const result = call();
      if (result instanceof Promise) await result;
    }
    times.push(Number(process.hrtime.bigint() - began) / repeats);
  }
  return median(times.slice(batches / 4));
}

const figures = {
  runSync: await nanoseconds(() => session.runSync([y], { feeds }), 500),
  run: await nanoseconds(() => session.run([y], { feeds }), 500),
  'prepared runSync': await nanoseconds(() => prepared.runSync(one, two), 1000),
  'prepared run': await nanoseconds(() => prepared.run(one, two), 500),
  prepare: await nanoseconds(() => prepare()[Symbol.dispose](), 50),
};
await session.close();
console.log(JSON.stringify(figures));
