import { loadSavedModel, loadSavedModelSync } from '../../lib/index.js';
import { f32, writeBundle } from './bundle.js';
import { float, handle, reading, restore, texts } from './fixtures.js';
import { bundle, folder, started } from './folder.js';
import { type NodeSpec, writeModel } from './model.js';

const partition = (name: string, from: string): NodeSpec => ({
  name,
  op: 'AssignVariableOp',
  input: [name.replace('/Assign', ''), from],
  attr: { dtype: float },
});

/** "w" of shape [4, 2], saved in two parts of two rows. */
function writeParts(shards = 2): void {
  writeBundle(
    bundle(),
    {
      w: {
        type: 1,
        shape: [4, 2],
        slices: [
          {
            extents: [
              [0, 2],
              [0, -1],
            ],
            key: '\0w\0\x01\x01\x02\x80\x82\x80\x7f',
            tensor: f32([2, 2], [1, 2, 3, 4]),
          },
          {
            extents: [
              [2, 2],
              [0, -1],
            ],
            key: '\0w\0\x01\x01\x02\x82\x82\x80\x7f',
            tensor: f32([2, 2], [5, 6, 7, 8]),
          },
        ],
      },
      other: f32([2, 2], [1, 2, 3, 4]),
    },
    { shards },
  );
}

test('parts of variables are found, joined and cut', async () => {
  writeModel(folder, {
    nodes: [
      handle('whole', 4, 2),
      handle('first', 2, 2),
      handle('middle', 2, 2),
      handle('column', 2, 1),
      texts('save/Const', 'model'),
      ...restore(
        'save/RestoreV2',
        ['w', 'w', 'w', 'other'],
        ['', '4 2 0,2:-', '4 2 1,2:0,2', '2 2 -:1,1'],
      ),
      partition('whole/Assign', 'save/RestoreV2'),
      partition('first/Assign', 'save/RestoreV2:1'),
      partition('middle/Assign', 'save/RestoreV2:2'),
      partition('column/Assign', 'save/RestoreV2:3'),
      reading('a', 'whole'),
      reading('b', 'first'),
      reading('c', 'middle'),
      reading('d', 'column'),
    ],
    signatures: { all: { outputs: { a: 'a:0', b: 'b:0', c: 'c:0', d: 'd:0' } } },
  });
  for (const shards of [1, 2]) {
    writeParts(shards);
    for (const model of [await loadSavedModel(folder), loadSavedModelSync(folder)]) {
      const session = await started(model.graph);
      const { a, b, c, d } = await session.run(model.outputs);
      expect(a!.toArray()).toEqual([
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
      ]);
      expect(b!.toArray()).toEqual([
        [1, 2],
        [3, 4],
      ]);
      expect(c!.toArray()).toEqual([
        [3, 4],
        [5, 6],
      ]);
      expect(d!.toArray()).toEqual([[2], [4]]);
      await session.close();
    }
  }
});
