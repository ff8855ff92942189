import { ndarray } from '../../../lib/ndArray.js';
import { table } from '../case.js';
import { arrayIndex } from './arrayIndex.js';
import { arrayJoin } from './arrayJoin.js';
import { arrayMake } from './arrayMake.js';
import { arrayPad } from './arrayPad.js';
import { arrayScatter } from './arrayScatter.js';
import { arraySelect } from './arraySelect.js';
import { arrayShape } from './arrayShape.js';
import { arraySlice } from './arraySlice.js';
import { image } from './image.js';

const basic = table({
  Const: { elsewhere: 'test/api/graph.test.ts' },
  Identity: [
    {
      inputs: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      outputs: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      gradient: true,
    },
    { inputs: [5], outputs: [5] },
    { inputs: [ndarray(['a', '\0b'])], outputs: [['a', '\0b']], dtypes: ['string'] },
    { inputShapes: [[null, 3]], outputShapes: [[null, 3]] },
    { inputShapes: [null], outputShapes: [null] },
  ],
  NoOp: { elsewhere: 'test/api/session.test.ts' },
  Placeholder: { elsewhere: 'test/api/session.test.ts' },
  PlaceholderWithDefault: [
    { inputs: [[1, 2]], outputs: [[1, 2]], gradient: true },
    { inputShapes: [[2]], attrs: { shape: [null] }, outputShapes: [[null]] },
    {
      inputs: [[1, 2]],
      attrs: { shape: [3] },
      error: 'INVALID_ARGUMENT',
      message: 'the default has shape',
    },
  ],
  PreventGradient: { elsewhere: 'test/api/gradients.test.ts' },
  StopGradient: [
    { inputs: [[1, -2]], outputs: [[1, -2]] },
    { inputShapes: [[null]], outputShapes: [[null]] },
  ],
});

export const array = {
  ...basic,
  ...arrayIndex,
  ...arrayJoin,
  ...arrayMake,
  ...arrayPad,
  ...arrayScatter,
  ...arraySelect,
  ...arrayShape,
  ...arraySlice,
  ...image,
};
