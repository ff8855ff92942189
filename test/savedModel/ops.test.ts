// What of the graph of a SavedModel is said in other ops, and what belongs to it besides.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadSavedModel, type Tensor } from '../../lib/index.js';
import { f32, writeBundle } from './bundle.js';
import { attr, float, handle, texts, types, unary, version1, writeVersion1 } from './fixtures.js';
import { bundle, folder, started } from './folder.js';
import { writeModel } from './model.js';
import { bytes, int, message } from './wire.js';

test('older ops are said by newer ones', async () => {
  const int64 = attr.type(types.int64);
  writeModel(folder, {
    nodes: [
      handle('rows', 3, 2),
      { name: 'ids', op: 'Placeholder', attr: { dtype: int64, shape: attr.shape(-1) } },
      {
        name: 'embedded',
        op: 'ResourceGather',
        input: ['rows', 'ids'],
        attr: { dtype: float, Tindices: int64, validate_indices: attr.bool(true) },
      },
      unary('loss', 'L2Loss', 'embedded'),
      unary('negative', 'Neg', 'embedded'),
      {
        name: 'mask',
        op: 'Placeholder',
        attr: { dtype: attr.type(types.bool), shape: attr.shape(-1) },
      },
      { name: 'chosen', op: 'Select', input: ['mask', 'embedded', 'negative'], attr: { T: float } },
    ],
    signatures: {
      only: {
        inputs: { ids: 'ids:0', mask: 'mask:0' },
        outputs: { loss: 'loss:0', chosen: 'chosen:0' },
      },
    },
  });
  writeBundle(bundle(), { rows: f32([3, 2], [1, 2, 3, 4, 5, 6]) });
  const { graph, inputs, outputs } = await loadSavedModel(folder);
  const session = await started(graph);
  const feeds = new Map<Tensor, number[] | boolean[]>([
    [inputs.ids!, [2, 0]],
    [inputs.mask!, [false, true]],
  ]);
  const { loss, chosen } = session.runSync(outputs, { feeds });
  expect(loss!.item()).toBe((25 + 36 + 1 + 4) / 2);
  expect(chosen!.toArray()).toEqual([
    [-5, -6],
    [1, 2],
  ]);
  await session.close();
});

test('tables are filled from assets when the session is initialized', async () => {
  const string = attr.type(types.string);
  const int64 = attr.type(types.int64);
  writeModel(folder, {
    nodes: [
      { name: 'words', op: 'Placeholder', attr: { dtype: string, shape: attr.shape(-1) } },
      {
        name: 'table',
        op: 'HashTableV2',
        attr: { key_dtype: string, value_dtype: int64, use_node_name_sharing: attr.bool(false) },
      },
      {
        name: 'none',
        op: 'Const',
        attr: { dtype: int64, value: attr.tensor(types.int64, [], int(10, -1)) },
      },
      {
        name: 'found',
        op: 'LookupTableFindV2',
        input: ['table', 'words', 'none'],
        attr: { Tin: string, Tout: int64 },
      },
      { ...texts('file', 'somewhere/else.txt'), name: 'file' },
      {
        name: 'fill',
        op: 'InitializeTableFromTextFileV2',
        input: ['table', 'file'],
        attr: { key_index: attr.int(-2), value_index: attr.int(-1), vocab_size: attr.int(-1) },
      },
      { name: 'init', op: 'NoOp', input: ['^fill'] },
    ],
    signatures: { only: { inputs: { words: 'words:0' }, outputs: { found: 'found:0' } } },
    assets: { 'file:0': 'words.txt' },
  });
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets', 'words.txt'), 'zero\none\n');
  const { graph, inputs, outputs } = await loadSavedModel(folder);
  const session = await started(graph);
  const found = session.runSync(outputs.found!, {
    feeds: [[inputs.words!, ['one', 'two', 'zero']]],
  });
  expect(found.toArray()).toEqual([1n, -1n, 0n]);
  await session.close();
});

test('nodes that share the device of what is a node no more', async () => {
  const group = (name: string) => message(2, message(1, bytes(2, `loc:@${name}`)));
  const nodes = version1.nodes.map((each) => {
    return each.name === 'w/read' ? { ...each, attr: { ...each.attr, _class: group('w') } } : each;
  });
  writeVersion1(folder);
  writeModel(folder, { ...version1, nodes });
  for (const freeze of [false, true]) {
    const { graph, inputs, outputs } = await loadSavedModel(folder, { freeze });
    const session = await started(graph);
    const feeds: [[Tensor, number[][]]] = [[inputs.x!, [[1, 1]]]];
    expect(session.runSync(outputs.y!, { feeds }).toArray()).toEqual([[14, 26]]);
    await session.close();
  }
});
