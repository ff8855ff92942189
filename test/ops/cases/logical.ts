import { table } from '../case.js';

export const logical = table({
  LogicalAnd: [
    {
      inputs: [
        [
          [true, false],
          [true, false],
        ],
        [[true], [false]],
      ],
      outputs: [
        [
          [true, false],
          [false, false],
        ],
      ],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
  ],
  LogicalOr: [
    {
      inputs: [
        [
          [true, false],
          [true, false],
        ],
        [[true], [false]],
      ],
      outputs: [
        [
          [true, true],
          [true, false],
        ],
      ],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
  ],
  LogicalXor: [
    {
      inputs: [
        [
          [true, false],
          [true, false],
        ],
        [[true], [false]],
      ],
      outputs: [
        [
          [false, true],
          [true, false],
        ],
      ],
    },
    { inputShapes: [[null, 3], [3]], outputShapes: [[null, 3]] },
  ],
  LogicalNot: [
    { inputs: [[true, false]], outputs: [[false, true]] },
    { inputShapes: [[null]], outputShapes: [[null]] },
  ],
});
