import { setTimeout as sleep } from 'node:timers/promises';

import {
  add,
  cond,
  constant,
  EngineError,
  type ErrorCode,
  gradients,
  jsFunction,
  less,
  mul,
  type NDArray,
  ndarray,
  placeholder,
  print,
  Session,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

const doubled = (x: NDArray) => ndarray(Float32Array.from([...x], (v) => 2 * Number(v)));

inGraph('host-001: what a function throws fails the run, with a code', async ({ session }) => {
  const failures: [unknown, ErrorCode][] = [
    [new TypeError('not that'), 'INVALID_ARGUMENT'],
    [new RangeError('too far'), 'INVALID_ARGUMENT'],
    [new EngineError('OUT_OF_RANGE', 'the end'), 'OUT_OF_RANGE'],
    [new EngineError('RESOURCE_EXHAUSTED', 'no room'), 'RESOURCE_EXHAUSTED'],
    [new EngineError('UNIMPLEMENTED', 'not yet'), 'UNIMPLEMENTED'],
    [new Error('something else'), 'UNKNOWN'],
    ['only a text', 'UNKNOWN'],
  ];
  for (const [error, code] of failures) {
    const thrower = () => {
      throw error;
    };
    const [y] = jsFunction(thrower, [1], ['float32']);
    const text = error instanceof Error ? error.message : String(error);
    const parts = error instanceof Error ? [text, 'jsFunction.test.ts'] : [text];
    expect(() => session.runSync(y)).toThrow(engineError(code, ...parts));
    await expect(session.run(y)).rejects.toThrow(engineError(code, ...parts));
    const [later] = jsFunction(async () => thrower(), [], ['float32']);
    await expect(session.run(later)).rejects.toThrow(engineError(code, text));
  }
});

inGraph('host-002: a function without results is run for what it does', async ({ session }) => {
  const seen: unknown[] = [];
  jsFunction((x) => void seen.push(x.toArray()), [[1, 2]], [], { name: 'see' });
  expect(await session.run('see')).toBeNull();
  expect(session.runSync('see')).toBeNull();
  expect(seen).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

inGraph('host-003: a function is called once in each run', async ({ session }) => {
  let count = 0;
  const [n] = jsFunction(() => count++, [], ['int32'], { shapes: [[]] });
  const both = [add(n, 0), n];
  const run = async () => (await session.run(both)).map((v) => v.item());
  expect([await run(), await run(), await run()]).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  expect(n.shape).toEqual([]);
});

inGraph('host-005: functions that wait for each other', async ({ graph, session }) => {
  let open: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const waits = async () => {
    await gate;
    return 1;
  };
  const opens = () => {
    open();
    return 2;
  };
  const [x] = jsFunction(waits, [], ['float32']);
  const [y] = jsFunction(opens, [], ['float32']);
  await using other = new Session(graph);
  const [a, b] = await Promise.all([session.run(x), other.run(y)]);
  expect([a.item(), b.item()]).toEqual([1, 2]);
});

inGraph('while-022: a function in a loop', async ({ session }) => {
  const square = (v: NDArray) => Number(v.item()) ** 2;
  const [, r] = whileLoop(
    (i) => less(i, 4),
    (i, v) => [add(i, 1), jsFunction(square, [v], ['float32'], { shapes: [[]] })[0]],
    [constant(0, { dtype: 'int32' }), constant(2)],
  );
  expect((await session.run(r)).item()).toBe(65536);
  expect(session.runSync(r).item()).toBe(65536);
});

inGraph('grad-022: gradients pass through print', ({ session }) => {
  const w = constant([1, 2]);
  const wx = mul(w, [3, 4]);
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const shown = print(wx, { message: 'wx ', stream, firstN: 1 });
  const [plain, printed] = [wx, shown].map((y) => gradients(y, [w])[0]!);
  const [a, b] = session.runSync([plain!, printed!]);
  expect(a.equals(b)).toBe(true);
  for (let i = 0; i < 2; i++) expect(session.runSync(shown).toArray()).toEqual([3, 8]);
  expect(lines).toEqual([expect.stringMatching(/^wx .*3.*8.*\n$/s)]);
});

inGraph('a branch calls its function only when it is taken', async ({ session }) => {
  const p = placeholder('bool', []);
  const calls: string[] = [];
  const call = (name: string) => () => {
    calls.push(name);
    return 1;
  };
  const r = cond(
    p,
    () => jsFunction(call('yes'), [], ['float32'])[0],
    () => jsFunction(call('no'), [], ['float32'])[0],
  );
  for (const flag of [true, false]) await session.run(r, { feeds: [[p, flag]] });
  expect(calls).toEqual(['yes', 'no']);
});

inGraph('async functions, and values of any dtype', async ({ session }) => {
  const slow = async (x: NDArray, text: NDArray) => {
    await sleep(5);
    return [doubled(x), text.toArray()];
  };
  const s = constant(['a', '\0b'], { dtype: 'string' });
  const [y, t] = jsFunction(mistyped(slow), [[1, 2], s], ['float32', 'string']);
  const [a, b] = await session.run([y, t]);
  expect([a.toArray(), b.toArray()]).toEqual([
    [2, 4],
    ['a', '\0b'],
  ]);
  expect(() => session.runSync(y)).toThrow(
    engineError('FAILED_PRECONDITION', 'run() waits for it, runSync() cannot'),
  );
});

inGraph('functions start runs of the same session, at any depth', async ({ session }) => {
  const v = variable(1);
  session.initializeSync();
  const step = v.assignAdd(1);
  const now = (x: NDArray) => Number(x.item()) + Number(session.runSync(step).item());
  const [y] = jsFunction(now, [10], ['float32']);
  expect(session.runSync(add(y, v.read())).item()).toBe(12 + 2);
  const later = async () => (await session.run(y)).item();
  const fetches = Array.from({ length: 20 }, () => jsFunction(mistyped(later), [], ['float32'])[0]);
  const values = await Promise.all(fetches.map((fetch) => session.run(fetch)));
  const found = values.map((value) => Number(value.item())).sort((a, b) => a - b);
  expect(found).toEqual(Array.from({ length: 20 }, (_, i) => 13 + i));
});

inGraph(
  'a run that waits for a function can be aborted, timed out and closed',
  async ({ graph }) => {
    const [y] = jsFunction(() => new Promise<number>(() => {}), [], ['float32'], { name: 'never' });
    const session = new Session(graph);
    const aborting = new AbortController();
    const aborted = session.run(y, { signal: aborting.signal });
    setTimeout(() => aborting.abort(), 10);
    await expect(aborted).rejects.toThrow();
    await expect(session.run(y, { timeout: 10 })).rejects.toThrow(engineError('DEADLINE_EXCEEDED'));
    const closed = session.run(y);
    const settled = expect(closed).rejects.toThrow(engineError('CANCELLED'));
    await session.close();
    await settled;
  },
);

inGraph('what a function gives is checked', async ({ session }) => {
  const run = (give: () => unknown, dtypes: readonly 'float32'[], options = {}) =>
    session.run(jsFunction(mistyped(give), [], dtypes, { name: 'f', ...options }));
  const invalid = (...parts: string[]) => engineError('INVALID_ARGUMENT', ...parts);
  await expect(run(() => [1, 2, 3], ['float32', 'float32'])).rejects.toThrow(
    invalid('returns 3 values, but expects to see 2 values.'),
  );
  await expect(run(() => ndarray([1n]), ['float32'])).rejects.toThrow(
    invalid('is int64, but expects float32'),
  );
  await expect(run(() => [1, 2], ['float32'], { shapes: [[3]] })).rejects.toThrow(
    invalid('[2], but expects float32 [3]'),
  );
  await expect(run(() => undefined, ['float32'])).rejects.toThrow(invalid('undefined'));
  expect(() => jsFunction(mistyped(1), [], [])).toThrow(typeError('Expected a function for fn'));
  const [y] = jsFunction(doubled, [[1]], ['float32']);
  expect(() => gradients(y, [y.op.inputs[0]!])).toThrow(
    engineError('UNIMPLEMENTED', 'No gradient defined for operation'),
  );
});
