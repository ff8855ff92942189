import { EventEmitter } from 'node:events';
import { batchOf, concatenate, rowsOf } from '../../lib/cli/batches.js';
import { compare } from '../../lib/cli/compare.js';
import { endWithReader } from '../../lib/cli/main.js';
import { compact, line, Progress } from '../../lib/cli/progress.js';
import { parseInputs } from '../../lib/cli/valueFiles.js';
import { ndarray } from '../../lib/ndArray.js';

describe('batches', () => {
  const x = ndarray([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);

  test('are views of the rows', () => {
    const inputs = new Map([['x', x]]);
    expect(rowsOf(inputs)).toBe(3);
    const batch = batchOf(inputs, 1, 3).get('x');
    expect(batch?.toArray()).toEqual([
      [3, 4],
      [5, 6],
    ]);
    expect(batch?.data).toEqual(x.data.subarray(2));
  });

  test('need inputs of equal length', () => {
    const other = new Map([
      ['x', x],
      ['y', ndarray([1, 2])],
    ]);
    expect(() => rowsOf(other)).toThrow("Input 'y' has 2 rows, but the others have 3");
    expect(() => rowsOf(new Map([['x', ndarray(1)]]))).toThrow('no axis');
  });

  test('are joined along the first axis', () => {
    const parts = [
      ndarray([[1, 2]]),
      ndarray([
        [3, 4],
        [5, 6],
      ]),
    ];
    expect(concatenate('y', parts).toArray()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(concatenate('s', [ndarray(['a']), ndarray(['b'])]).toArray()).toEqual(['a', 'b']);
    const uneven = [ndarray([[1, 2]]), ndarray([[1]])];
    expect(() => concatenate('y', uneven)).toThrow("Output 'y' has the shapes [1, 2] and [1, 1]");
  });
});

describe('compare', () => {
  const tolerance = { rtol: 1e-3, atol: 1e-4 };

  test('takes what is near, and NaN for NaN', () => {
    const close = compare(ndarray([1.0005, NaN, 0]), ndarray([1, NaN, 5e-5]), tolerance);
    expect(close).toMatchObject({ ok: true, mismatches: 0, size: 3 });
    expect(compare(ndarray([1.2, NaN]), ndarray([1, 1]), tolerance)).toMatchObject({
      ok: false,
      mismatches: 2,
    });
    expect(compare(ndarray([Infinity]), ndarray([1]), tolerance).ok).toBe(false);
  });

  test('wants integers to be equal', () => {
    const one = ndarray([1], { dtype: 'int64' });
    expect(compare(one, ndarray([1], { dtype: 'int64' }), tolerance).ok).toBe(true);
    expect(compare(one, ndarray([2], { dtype: 'int64' }), tolerance).ok).toBe(false);
  });

  test('names another dtype or shape', () => {
    const one = ndarray([1]);
    expect(compare(one, ndarray([1], { dtype: 'int8' }), tolerance).why).toBe(
      'dtype float32, expected int8',
    );
    expect(compare(one, ndarray([[1]]), tolerance).why).toBe('shape [1], expected [1, 1]');
  });
});

describe('inputs', () => {
  test('are files by name', () => {
    const files = parseInputs(['a=x.npy', 'b:0=y=1.npy'], ['a', 'b:0']);
    expect([...files]).toEqual([
      ['a', 'x.npy'],
      ['b:0', 'y=1.npy'],
    ]);
    expect([...parseInputs(['x.npy'], ['a'])]).toEqual([['a', 'x.npy']]);
  });

  test('have to be inputs of the model', () => {
    expect(() => parseInputs(['c=x.npy'], ['a'])).toThrow("NAME out of 'a'");
    expect(() => parseInputs(['x.npy'], ['a', 'b'])).toThrow('expected NAME=FILE');
    expect(() => parseInputs(['a=1', 'a=2'], ['a'])).toThrow('given twice');
  });
});

describe('progress', () => {
  test('is one line', () => {
    expect(line('run', 'rows', 50, 100, 2)).toBe(
      'run [============>           ]  50%  50/100 rows  25/s  2.0 s left',
    );
    expect(compact(1234)).toBe('1.2k');
    expect(compact(5)).toBe('5');
  });

  test('draws on terminals alone', () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text);
    const off = new Progress({ write }, 'run', 'rows');
    off.update(1, 1);
    off.end();
    expect(written).toEqual([]);
    const on = new Progress({ write, isTTY: true, columns: 40 }, 'run', 'rows');
    on.update(1, 1);
    on.end();
    expect(written[0]).toContain('\x1b[Krun [====');
    expect(written[0]!.length).toBeLessThan(46);
    expect(written.at(-1)).toBe('\r\x1b[K');
  });
});

test('a reader that leaves ends the command, other errors of its pipe are thrown', () => {
  const [stream, interrupt] = [new EventEmitter(), new AbortController()];
  endWithReader(stream, interrupt);
  const failed = (code: string) => Object.assign(new Error(code), { code });
  expect(() => stream.emit('error', failed('EIO'))).toThrow('EIO');
  expect(interrupt.signal.aborted).toBe(false);
  stream.emit('error', failed('EPIPE'));
  expect(interrupt.signal.aborted).toBe(true);
});
