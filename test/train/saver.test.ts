import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Graph, Session, type Values, type Variable, variable } from '../../lib/index.js';

// What TensorFlow's own tests assert of its Saver, by the ids of the cases.
const folder = mkdtempSync(join(tmpdir(), 'tw-saver-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'saved.safetensors');

/** A session of a graph of its own with these variables. */
function sessionOf(values: Readonly<Record<string, Values>>) {
  const graph = new Graph();
  const variables = graph.asDefault(() =>
    Object.entries(values).map(([name, value]) => variable(value, { name })),
  );
  return { session: new Session(graph), variables };
}

async function saved(values: Readonly<Record<string, Values>>): Promise<void> {
  const { session } = sessionOf(values);
  await session.initialize();
  await session.save(path);
  await session.close();
}

async function valuesIn(session: Session, variables: readonly Variable[]): Promise<unknown[]> {
  const values = await session.run(variables.map(({ value }) => value));
  return values.map((value) => value.toArray());
}

test('save-001 restoring initialises', async () => {
  await saved({ v0: 10, v1: 20 });
  const { session, variables } = sessionOf({ v0: -1, v1: -1 });
  await session.restore(path);
  expect(await valuesIn(session, variables)).toEqual([10, 20]);
  await session.close();
});

test('save-003 a path without a checkpoint', async () => {
  const { session } = sessionOf({ v0: 1 });
  await expect(session.restore(join(folder, 'invalid'))).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('The passed save_path is not a valid checkpoint'),
  });
  await session.close();
});

test('save-004 no path', async () => {
  const { session } = sessionOf({ v0: 1 });
  const restored = Reflect.apply(session.restore, session, [null]);
  await expect(restored).rejects.toThrow("Can't load save_path when it is null.");
  await expect(restored).rejects.toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
  await session.close();
});

test('save-005 another shape, and reshape', async () => {
  await saved({
    v: [
      [1, 2, 3],
      [4, 5, 6],
    ],
  });
  const { session, variables } = sessionOf({
    v: [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  });
  await expect(session.restore(path)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('Assign requires shapes of both tensors to match.'),
  });
  await session.restore(path, { reshape: true });
  expect(await valuesIn(session, variables)).toEqual([
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  ]);
  await session.close();
});

test('save-006 one variable under two names', async () => {
  const { session, variables } = sessionOf({ v0: 1 });
  await session.initialize();
  const [v0] = variables;
  const saving = session.save(path, { variables: { v0: v0!, v0too: v0! } });
  await expect(saving).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('The same saveable will be restored with two names: v0'),
  });
  await session.close();
});

test('save-008 a variable that the checkpoint lacks', async () => {
  await saved({ a: 1 });
  const { session } = sessionOf({ b: 1 });
  await expect(session.restore(path)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('Key b not found in checkpoint'),
    missing: ['b'],
    unexpected: ['a'],
  });
  await session.close();
});

test('save-009 a graph that has changed', async () => {
  await saved({ a: 1 });
  const { session } = sessionOf({ a: [1] });
  await expect(session.restore(path)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('a mismatch between the current graph and the graph'),
  });
  await session.close();
});

test('save-011 no variables', async () => {
  const { session } = sessionOf({});
  await expect(session.save(path)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('No variables to save'),
  });
  await session.close();
});

test('save-012 no variables, on purpose', async () => {
  const { session } = sessionOf({});
  await session.save(path, { allowEmpty: true });
  expect(await session.restore(path)).toMatchObject({ restored: [], missing: [] });
  await session.close();
});
