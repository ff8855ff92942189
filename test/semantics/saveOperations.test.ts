import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Graph, restoreOperation, Session, saveOperation, variable } from '../../lib/index.js';
import { engineError } from './inGraph.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-save-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function model(path: string, initial: number) {
  const graph = new Graph();
  const session = new Session(graph);
  return graph.asDefault(() => {
    const v = variable([initial, 2], { name: 'v' });
    const n = variable(initial, { name: 'n', dtype: 'int32' });
    return { graph, session, v, n, save: saveOperation(path), restore: restoreOperation(path) };
  });
}

test('save and restore operations', async () => {
  const path = join(folder, 'model.safetensors');
  const one = model(path, 7);
  one.session.initializeSync();
  expect(await one.session.run(one.save)).toBeNull();
  const two = model(path, 0);
  expect(two.session.runSync(two.restore)).toBeNull();
  expect(two.session.runSync([two.v, two.n]).map((x) => x.toArray())).toEqual([[7, 2], 7]);
  const three = model(path, 1);
  await three.session.restore(path);
  expect(three.session.runSync(three.n).item()).toBe(7);
});

test('a file that does not fit changes nothing', () => {
  const path = join(folder, 'other.safetensors');
  const one = model(path, 1);
  one.session.initializeSync();
  expect(() => one.session.runSync(one.restore)).toThrow(
    engineError('INVALID_ARGUMENT', 'is not a valid checkpoint'),
  );
  writeFileSync(path, 'no checkpoint');
  expect(() => one.session.runSync(one.restore)).toThrow();
  const graph = new Graph();
  graph.asDefault(() => {
    const session = new Session(graph);
    const v = variable([1, 2, 3], { name: 'v' });
    const save = saveOperation(path, { variables: [v] });
    session.initializeSync();
    session.runSync(save);
  });
  expect(() => one.session.runSync(one.restore)).toThrow(
    engineError('NOT_FOUND', 'Key n not found in checkpoint'),
  );
  const onlyV = one.graph.asDefault(() => restoreOperation(path, { variables: [one.v] }));
  expect(() => one.session.runSync(onlyV)).toThrow(engineError('INVALID_ARGUMENT', '[3]'));
  expect(one.session.runSync(one.v).toArray()).toEqual([1, 2]);
});

test('there must be variables', () => {
  const build = () => new Graph().asDefault(() => saveOperation(join(folder, 'x')));
  expect(build).toThrow(engineError('INVALID_ARGUMENT', 'No variables to save'));
});
