import { inspect } from 'node:util';

import {
  EngineError,
  invalidArgument,
  toEngineError,
  describe as words,
} from '../../lib/errors.js';

test('an EngineError carries its code, op and node', () => {
  const cause = new Error('why');
  const error = new EngineError('NOT_FOUND', 'no such file', { op: 'Read', node: 'r', cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'EngineError', code: 'NOT_FOUND', op: 'Read', node: 'r' });
  expect(error.cause).toBe(cause);
  expect(inspect(error)).toMatch(/^EngineError: no such file/);
  expect('op' in new EngineError('INTERNAL', 'x')).toBe(false);
});

test('errors of the addon become EngineErrors, others stay as they are', () => {
  const native = Object.assign(new Error('bad'), { code: 'ABORTED', op: 'Add', node: '' });
  expect(toEngineError(native)).toBeInstanceOf(EngineError);
  expect(toEngineError(native)).toMatchObject({ code: 'ABORTED', op: 'Add', message: 'bad' });
  const other = Object.assign(new Error('gone'), { code: 'ENOENT' });
  expect(toEngineError(other)).toBe(other);
  expect(toEngineError(7)).toBe(7);
});

test('an argument error is one sentence and a TypeError', () => {
  const error = invalidArgument('threads', 'a positive integer', 0, 'ERR_OUT_OF_RANGE');
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toBe('Expected a positive integer for threads but received 0');
  expect(error.code).toBe('ERR_OUT_OF_RANGE');
});

test('values are described in few words', () => {
  expect(words('a'.repeat(100))).toHaveLength(62);
  expect(words(new Float32Array(1e6))).toBe('Float32Array of 4000000 bytes');
  expect(words(new Array(1000).fill(1.5)).length).toBeLessThan(121);
  expect(words(describe)).toMatch(/^function /);
});
