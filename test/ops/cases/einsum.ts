import type { Values } from '../../../lib/value.js';
import { type Case, table } from '../case.js';
import { type Dense, einsum } from '../reference/einsum.js';
import { smallIntegers } from '../reference/numbers.js';
import { nested } from './nested.js';

/** The equation, how the reference spells it (see there), and the operands' shapes. */
type Row = readonly [equation: string, spelled: string, ...shapes: readonly (readonly number[])[]];

const rows: readonly Row[] = [
  ['ij,jk->ik', 'ij,jk->ik', [3, 4], [4, 5]],
  ['ij,kj', 'ij,kj->ik', [3, 4], [5, 4]],
  ['ji,jk->ki', 'ji,jk->ki', [4, 3], [4, 5]],
  ['bij,bjk->bik', 'bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bhid,bhjd->bhij', 'bhid,bhjd->bhij', [2, 2, 3, 4], [2, 2, 5, 4]],
  ['bqhd,bkhd->bhqk', 'bqhd,bkhd->bhqk', [2, 3, 2, 4], [2, 5, 2, 4]],
  ['i,i->', 'i,i->', [5], [5]],
  ['i,j->ij', 'i,j->ij', [3], [4]],
  ['i,j->ji', 'i,j->ji', [3], [4]],
  ['ij,ij->ij', 'ij,ij->ij', [3, 4], [3, 4]],
  ['ij,ji->ij', 'ij,ji->ij', [3, 4], [4, 3]],
  ['bi,b->bi', 'bi,b->bi', [3, 4], [3]],
  [',ij->ji', ',ij->ji', [], [3, 4]],
  ['ij->ji', 'ij->ji', [3, 4]],
  ['ij->i', 'ij->i', [3, 4]],
  ['ij->', 'ij->', [3, 4]],
  ['ba', 'ba->ab', [3, 4]],
  ['ii->i', 'ii->i', [3, 3]],
  ['ii', 'ii->', [3, 3]],
  ['iij->ji', 'iij->ji', [3, 3, 2]],
  ['iij,jk->ik', 'iij,jk->ik', [3, 3, 2], [2, 4]],
  ['ij,k->i', 'ij,k->i', [3, 4], [2]],
  ['...ij,...jk->...ik', 'Zij,Zjk->Zik', [2, 3, 4], [2, 4, 5]],
  ['...ij,jk', 'Zij,jk->Zik', [2, 3, 4], [4, 5]],
  ['...ij, ...jk -> ...ik', 'YZij,YZjk->YZik', [2, 1, 3, 4], [1, 3, 4, 2]],
  ['i...,...->i...', 'iYZ,Z->iYZ', [2, 3, 4], [4]],
  ['...ii->...i', 'Zii->Zi', [2, 3, 3]],
  ['ij,jk,kl->il', 'ij,jk,kl->il', [2, 3], [3, 4], [4, 2]],
  ['ij,jk,k->', 'ij,jk,k->', [2, 3], [3, 4], [4]],
  ['ij,jk->ik', 'ij,jk->ik', [1, 4], [4, 1]],
];

const asValue = ({ shape, values }: Dense): Values =>
  shape.length === 0 ? values[0]! : nested(shape, values);

function valueCase([equation, spelled, ...shapes]: Row): Case {
  const operands = shapes.map((shape, i) => ({
    shape,
    values: smallIntegers(
      shape.reduce((a, b) => a * b, 1),
      i + 1,
    ),
  }));
  const { shape, values } = einsum(spelled, operands);
  const list = operands.map(asValue);
  return {
    title: equation,
    inputs: [{ list }],
    attrs: { equation },
    outputs: [asValue({ shape, values })],
    gradient: true,
  };
}

const refused = (equation: string, message: string, ...list: Values[]): Case => ({
  title: equation,
  inputs: [{ list }],
  attrs: { equation },
  error: 'INVALID_ARGUMENT',
  message,
});

const matrix = [
  [1, 2],
  [3, 4],
];

export const einsumRows = table({
  Einsum: [
    ...rows.map(valueCase),
    { inputs: [{ list: [[], []] }], attrs: { equation: 'i,i->' }, outputs: [0] },
    { inputs: [{ list: [[], [1]] }], attrs: { equation: 'i,j->j' }, outputs: [[0]] },
    { inputs: [{ list: [2, 3] }], attrs: { equation: ',' }, outputs: [6] },
    {
      inputs: [
        {
          list: [
            [Number.NaN, 1, Number.POSITIVE_INFINITY],
            [1, 2, 0],
          ],
        },
      ],
      attrs: { equation: 'i,i->i' },
      outputs: [[Number.NaN, 2, Number.NaN]],
    },
    {
      inputs: [{ list: [[Number.POSITIVE_INFINITY, 1], matrix] }],
      attrs: { equation: 'j,jk->k' },
      outputs: [[Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]],
    },
    {
      inputShapes: [
        {
          list: [
            [null, 3, 4],
            [4, null],
          ],
        },
      ],
      attrs: { equation: '...ij,jk->...ik' },
      outputShapes: [[null, 3, null]],
    },
    {
      inputShapes: [{ list: [null, [4, 5]] }],
      attrs: { equation: 'ij,jk' },
      outputShapes: [[null, 5]],
    },
    { inputShapes: [{ list: [null] }], attrs: { equation: '...i->...' }, outputShapes: [null] },
    refused('ij,jk->ik', '2 inputs, got 1', matrix),
    refused('ij->ik', "'k', which no input has", matrix),
    refused('ij->ii', "'i' more than once", matrix),
    refused('ijk->i', 'the equation gives it 3 dims', matrix),
    refused('i1->i', "expected letters in the equation 'i1->i', got '1'", matrix),
    refused('......->', 'more than one ellipsis', matrix),
    refused('i...->i', 'has no ellipsis', matrix),
    refused('i,i->', 'Expected dimension 2', [1, 2], [1, 2, 3]),
  ],
  EinsumGrad: [
    {
      title: 'a diagonal',
      inputs: [{ list: [matrix, [1, 2], [5, 7]] }],
      attrs: { equation: 'ii,i->i', index: 0 },
      outputs: [
        [
          [5, 0],
          [0, 14],
        ],
      ],
      gradient: [1, 2],
    },
    {
      title: 'a dim of its own, dims of 1 under the ellipsis',
      inputs: [{ list: [[[[1, 2]], [[3, 4]]], [[1, 2]], [5, 7]] }],
      attrs: { equation: '...ij,...j->...', index: 1 },
      outputs: [[[26, 38]]],
      gradient: [0, 2],
    },
    {
      title: 'three operands',
      inputs: [{ list: [matrix, [2, 3], [1, 2], [5, 7]] }],
      attrs: { equation: 'ij,j,k->i', index: 2 },
      outputs: [[166, 166]],
      gradient: [0, 1, 3],
    },
    {
      inputs: [{ list: [matrix, [1, 2], [5, 7, 9]] }],
      attrs: { equation: 'ij,j->i', index: 0 },
      error: 'INVALID_ARGUMENT',
      message: 'has shape [3], expected [2]',
    },
  ],
});
