import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  add,
  cast,
  cond,
  constant,
  type DType,
  Graph,
  lookup,
  placeholder,
  Session,
  variable,
  whileLoop,
} from '../../lib/index.js';
import { engineError, inGraph, typeError } from './inGraph.js';

const { KeyValueTensorInitializer, MutableHashTable, StaticHashTable } = lookup;
const { TextFileIndex, TextFileInitializer } = lookup;

function inFolder(fn: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'tables-'));
  try {
    fn(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

inGraph('a static table is filled by the initializer', ({ graph, session }) => {
  const filled = new KeyValueTensorInitializer(['emerson', 'lake', 'palmer'], [0, 1, 2], {
    valueDtype: 'int64',
  });
  const table = new StaticHashTable(filled, -1, { name: 'names' });
  const words = placeholder('string', [null, 2]);
  const found = table.lookup(words);
  const fetches = [found, table.size(), ...table.export()];
  const feeds: [typeof words, string[][]][] = [
    [
      words,
      [
        ['lake', 'tarkus'],
        ['palmer', 'lake'],
      ],
    ],
  ];
  expect(() => session.runSync(fetches, { feeds })).toThrow(
    engineError('FAILED_PRECONDITION', "Table not initialized: 'names'"),
  );
  session.runSync(graph.initializer);
  const got = session.runSync(fetches, { feeds }).map((v) => v.toArray());
  expect(got).toEqual([
    [
      [1n, -1n],
      [2n, 1n],
    ],
    3n,
    ['emerson', 'lake', 'palmer'],
    [0n, 1n, 2n],
  ]);
  expect(found.shape).toEqual([null, 2]);
  using other = new Session(graph);
  expect(() => other.runSync(table.size())).toThrow(engineError('FAILED_PRECONDITION', 'names'));
  other.initializeSync();
  expect(other.runSync(table.size()).item()).toBe(3n);
  const later = new StaticHashTable(new KeyValueTensorInitializer([1n], ['one']), '?');
  session.initializeSync();
  expect(session.runSync(later.lookup([1n, 2n])).toArray()).toEqual(['one', '?']);
});

inGraph('tables of many keys and all kinds of values', ({ session }) => {
  const keys = Int32Array.from({ length: 5000 }, (_, i) => i * 7919 - 1000);
  const values = Float64Array.from(keys, (key) => key / 2);
  const table = new StaticHashTable(new KeyValueTensorInitializer(keys, values), Number.NaN);
  session.initializeSync();
  expect(session.runSync(table.lookup(keys)).data).toEqual(values);
  expect(session.runSync(table.lookup(Int32Array.of(1, -1000))).toArray()).toEqual([NaN, -500]);
  const flags = new StaticHashTable(new KeyValueTensorInitializer(['a'], [true]), false);
  session.initializeSync();
  expect(session.runSync(flags.lookup(['b', 'a'])).toArray()).toEqual([false, true]);
});

inGraph('a table that grows, in the order of the graph', ({ graph, session }) => {
  const table = new MutableHashTable({
    keyDtype: 'string',
    valueDtype: 'float32',
    defaultValue: [0, 0],
    name: 'rows',
  });
  const words = placeholder('string', [null]);
  const before = table.size();
  const inserted = table.insert(
    words,
    cast(
      [
        [1, 2],
        [3, 4],
      ],
      'float32',
    ),
  );
  const found = table.lookup(['b', 'x', 'a']);
  const removed = table.remove(['a', 'never']);
  const after = table.export();
  const feeds: [typeof words, string[]][] = [[words, ['a', 'b']]];
  const fetches = { before, inserted, found, removed, after } as const;
  const got = session.runSync(fetches, { feeds });
  expect(got.before.item()).toBe(0n);
  expect(got.found.toArray()).toEqual([
    [3, 4],
    [0, 0],
    [1, 2],
  ]);
  expect(got.after.map((v) => v.toArray())).toEqual([['b'], [[3, 4]]]);
  const again = session.runSync(fetches, { feeds });
  expect(again.before.item()).toBe(1n);
  session.runSync(table.import(['z'], [[9, 9]]));
  expect(session.runSync(table.export()).map((v) => v.toArray())).toEqual([['z'], [[9, 9]]]);
  using other = new Session(graph);
  expect(other.runSync(table.size()).item()).toBe(0n);
  expect(got.after[1]!.toArray()).toEqual([[3, 4]]);
});

inGraph('tables in branches and loops', ({ session }) => {
  const table = new MutableHashTable({ keyDtype: 'int32', valueDtype: 'int32', defaultValue: -1 });
  const n = placeholder('int32', []);
  const [last] = whileLoop(
    (i) => i.less(n),
    (i) => {
      const inserted = table.insert(i, add(table.lookup(i.sub(1)), 2));
      return [add(i, 1, { controlInputs: [inserted] })];
    },
    [constant(0, { dtype: 'int32' })],
  );
  const size = cond(
    last.equal(n),
    () => table.size(),
    () => constant(-1n),
  );
  expect(session.runSync(size, { feeds: [[n, 40]] }).item()).toBe(40n);
  expect(session.runSync(table.lookup([0, 39, 40])).toArray()).toEqual([1, 79, -1]);
});

test('lookups while others insert see whole tables', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const table = new MutableHashTable({
      keyDtype: 'int64',
      valueDtype: 'int64',
      defaultValue: 0n,
    });
    const keys = placeholder('int64', [null]);
    const insert = table.insert(keys, keys);
    const all = table.export();
    const batch = (k: number) =>
      BigInt64Array.from({ length: 50 }, (_, i) => BigInt(50 * k + i + 1));
    const runs = Array.from({ length: 40 }, (_, k) =>
      k % 2 === 0
        ? session.run(insert, { feeds: [[keys, batch(k / 2)]] })
        : session.run(all).then(([k1, v1]) => {
            expect(k1!.data).toEqual(v1!.data);
            expect(k1!.size % 50).toBe(0);
          }),
    );
    await Promise.all(runs);
    expect((await session.run(table.size())).item()).toBe(1000n);
  });
});

inGraph('a table from the lines of a file', ({ session }) => {
  inFolder((folder) => {
    const file = join(folder, 'words.txt');
    writeFileSync(file, 'a 1 x\nb 2 y\r\nc 3 z\n');
    const made = (
      options: Partial<lookup.TextFileOptions> & { keyDtype: lookup.KeyDType; valueDtype: DType },
    ) => new TextFileInitializer(file, { keyIndex: 0, valueIndex: 1, delimiter: ' ', ...options });
    const numbers = new StaticHashTable(made({ keyDtype: 'string', valueDtype: 'int64' }), -1n);
    const words = new StaticHashTable(
      made({
        keyDtype: 'int64',
        keyIndex: TextFileIndex.LINE_NUMBER,
        valueDtype: 'string',
        valueIndex: TextFileIndex.WHOLE_LINE,
        vocabSize: 2,
      }),
      '',
    );
    session.initializeSync();
    expect(session.runSync(numbers.lookup(['c', 'a', 'q'])).toArray()).toEqual([3n, 1n, -1n]);
    expect(session.runSync(words.lookup([1n, 2n])).toArray()).toEqual(['b 2 y', '']);
    const fails = (initializer: lookup.TableInitializer, other: string | bigint) => {
      const table = new StaticHashTable(initializer, other);
      return () => session.runSync(table.initializer);
    };
    const notNumber = made({ keyDtype: 'string', valueDtype: 'int64', valueIndex: 2 });
    expect(fails(notNumber, 0n)).toThrow(
      engineError('INVALID_ARGUMENT', 'Field x in line 0 of', 'is not a valid int64'),
    );
    const noColumn = made({ keyDtype: 'string', valueDtype: 'int64', valueIndex: 3 });
    expect(fails(noColumn, 0n)).toThrow(
      engineError('INVALID_ARGUMENT', 'Invalid number of columns', 'line 0', 'got 3'),
    );
    const tooLong = made({ keyDtype: 'string', valueDtype: 'int64', vocabSize: 9 });
    expect(fails(tooLong, 0n)).toThrow(
      engineError('INVALID_ARGUMENT', 'Invalid vocab_size', 'expected 9 but got 3'),
    );
    const gone = new TextFileInitializer(join(folder, 'none'), {
      keyDtype: 'string',
      keyIndex: 0,
      valueDtype: 'string',
      valueIndex: 0,
    });
    expect(fails(gone, '')).toThrow(engineError('NOT_FOUND', 'No such file or directory'));
  });
});

inGraph('what tables refuse', ({ session }) => {
  const twice = new KeyValueTensorInitializer(['a', 'b', 'a'], [1, 2, 3]);
  const table = new StaticHashTable(twice, 0);
  expect(() => session.runSync(table.initializer)).toThrow(
    engineError('FAILED_PRECONDITION', 'HashTable has different value for same key. Key a'),
  );
  const same = new KeyValueTensorInitializer(['a', 'a'], [1, 1]);
  expect(session.runSync(new StaticHashTable(same, 0).initializer)).toBeNull();
  expect(() => table.lookup(constant([1n]) as never)).toThrow(
    engineError('INVALID_ARGUMENT', 'Signature mismatch. Keys must be dtype string, got int64'),
  );
  const uneven = new StaticHashTable(new KeyValueTensorInitializer(['a', 'b'], [1]), 0);
  expect(() => session.runSync(uneven.initializer)).toThrow(
    engineError('INVALID_ARGUMENT', 'Expected shape [2] for values, got [1]'),
  );
  expect(() => new KeyValueTensorInitializer([0.5] as never, [1])).toThrow(
    engineError('INVALID_ARGUMENT', 'Expected string, int32 or int64 keys', 'float32'),
  );
  const wrong = { keyDtype: 'string', keyIndex: -3, valueDtype: 'string', valueIndex: 0 } as const;
  expect(() => new TextFileInitializer('x', wrong)).toThrow(typeError('keyIndex', '-3'));
  expect(() => session.runSync(table.size(), { feeds: [[table.handle, 1]] })).toThrow(
    typeError('Type of feed value 1', 'resource'),
  );
});

inGraph('checkpoints hold tables that grow', ({ graph, session }) => {
  inFolder((folder) => {
    const file = join(folder, 'state.safetensors');
    const v = variable(3, { name: 'v' });
    const table = new MutableHashTable({
      keyDtype: 'string',
      valueDtype: 'string',
      defaultValue: '?',
      name: 'words',
    });
    const numbers = new MutableHashTable({
      keyDtype: 'int32',
      valueDtype: 'float32',
      defaultValue: [0, 0],
    });
    session.initializeSync();
    session.runSync([table.insert(['a', 'b\u00e9'], ['one', '']), numbers.insert([7], [[1, 2]])]);
    session.saveSync(file);
    using other = new Session(graph);
    const { restored } = other.restoreSync(file);
    expect(restored).toEqual(['v', 'words', 'MutableHashTable']);
    expect(other.runSync(table.export()).map((x) => x.toArray())).toEqual([
      ['a', 'b\u00e9'],
      ['one', ''],
    ]);
    expect(other.runSync(numbers.lookup([7, 8])).toArray()).toEqual([
      [1, 2],
      [0, 0],
    ]);
    expect(other.runSync(v).item()).toBe(3);
    using partial = new Session(graph);
    expect(partial.restoreSync(file, { variables: [v] }).unexpected).toHaveLength(6);
    expect(partial.runSync(table.size()).item()).toBe(0n);
  });
});
