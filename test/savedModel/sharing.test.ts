// The saved values of variables: in memory once, and each session's own as soon as they change.
import { loadSavedModel, type Tensor } from '../../lib/index.js';
import { engineError } from '../semantics/inGraph.js';
import { f32, writeBundle } from './bundle.js';
import { handle, reading } from './fixtures.js';
import { bundle, folder, started } from './folder.js';
import { writeModel } from './model.js';

const kCount = 1 << 18;

test('a variable begins with the memory of its saved value, and changes its own', async () => {
  writeModel(folder, {
    nodes: [handle('v', kCount), reading('read', 'v')],
    signatures: { only: { outputs: { v: 'read:0' } } },
  });
  const values = Array.from({ length: kCount }, (_, i) => i);
  writeBundle(bundle(), { v: f32([kCount], values) });
  const { graph, outputs, variables } = await loadSavedModel(folder);
  const [v] = variables;
  const sum = v!.value.sum();
  const twice = v!.assignAdd(v!.value).op;
  const session = await started(graph);
  const other = await started(graph);
  expect(session.memory().live).toBeLessThan(kCount);
  expect(session.runSync(outputs.v!).data[5]).toBe(5);
  session.runSync(twice);
  expect(session.memory().live).toBeGreaterThanOrEqual(4 * kCount);
  session.runSync(twice);
  expect(session.runSync(outputs.v!).data[5]).toBe(20);
  expect(other.runSync(outputs.v!).data[5]).toBe(5);
  expect(other.runSync(sum).item()).toBe(Math.fround((kCount * (kCount - 1)) / 2));
  session.runSync(graph.initializer);
  expect(session.runSync(outputs.v!).data[5]).toBe(5);
  const feeds: [[Tensor, Float32Array]] = [[v!.initialValue, new Float32Array(kCount)]];
  expect(() => session.runSync(v!.initializer, { feeds })).toThrow(
    engineError('INVALID_ARGUMENT', 'v/saved'),
  );
  await Promise.all([session.close(), other.close()]);
});
