import { type Beside, int32, type Rule } from './beside.js';
import { invalid } from './checkDef.js';
import { makerOf } from './listUses.js';
import type { NodeIndex } from './nodeIndex.js';
import { valueOfProto } from './tensors.js';
import type { AttrValue } from './types.js';

const int64: AttrValue = { type: 'DT_INT64' };

/** TensorFlow's choices among boxes, by the registry's, which is for many images and classes. */
export const boxRules: Readonly<Record<string, Rule>> = {
  NonMaxSuppressionV2: (use) => use.as('Identity', [new Choice(use).indices], { T: int32 }),
  NonMaxSuppressionV3: (use) => use.as('Identity', [new Choice(use).indices], { T: int32 }),
  NonMaxSuppressionV4: (use) => {
    const choice = new Choice(use);
    const types = [int32.type!, int32.type!];
    const values = [choice.padded('indices', choice.indices, int32), choice.count];
    return use.as('IdentityN', values, { T: { list: { type: types } } });
  },
  NonMaxSuppressionV5: (use, nodes) => {
    checkHard(use, nodes);
    const choice = new Choice(use);
    const T = use.attr('T').type ? use.attr('T') : { type: 'DT_FLOAT' };
    const [, scores = ''] = use.inputs;
    const chosen = use.add('GatherV2', 'scores', [scores, choice.indices, choice.axis], {
      Tparams: T,
      Tindices: int32,
      Taxis: int32,
    });
    const values = [
      choice.padded('indices', choice.indices, int32),
      choice.padded('chosen', chosen, T),
      choice.count,
    ];
    const types = [int32.type!, T.type!, int32.type!];
    return use.as('IdentityN', values, { T: { list: { type: types } } });
  },
};

/** Soft suppression lowers scores as it goes, which the registry's op does not. */
function checkHard(use: Beside, nodes: NodeIndex): void {
  const sigma = makerOf(nodes, use.inputs[5]);
  const tensor = sigma?.op === 'Const' ? sigma.attr?.value?.tensor : undefined;
  if (tensor && Number(valueOfProto(tensor).data[0]) === 0) return;
  const { name, op } = use.node;
  throw invalid(
    `Node '${name}': ${op} is supported for a soft_nms_sigma that is constantly 0`,
    name,
  );
}

/** The boxes of one image and one class that stay. */
class Choice {
  readonly #use: Beside;
  readonly axis: string;
  readonly indices: string;
  /** How many there are. */
  readonly count: string;

  constructor(use: Beside) {
    this.#use = use;
    this.axis = use.constant('axis', 0);
    const [boxes = '', scores = '', most = '', ...thresholds] = use.inputs;
    const float = { T: { type: 'DT_FLOAT' }, Tdim: int32 };
    const row = use.add('ExpandDims', 'row', [scores, this.axis], float);
    const found = use.add(
      'NonMaxSuppression',
      'found',
      [
        use.add('ExpandDims', 'boxes', [boxes, this.axis], float),
        use.add('ExpandDims', 'rows', [row, this.axis], float),
        use.add('Cast', 'most', [most], { SrcT: int32, DstT: int64 }),
        ...thresholds.slice(0, 2),
      ],
      {},
    );
    const place = [found, use.constant('column', 2), use.constant('columns', 1)];
    const gathers = { Tindices: int32, Taxis: int32 };
    const at = use.add('GatherV2', 'at', place, { Tparams: int64, ...gathers });
    this.indices = use.add('Cast', 'chosen_indices', [at], { SrcT: int64, DstT: int32 });
    this.count = use.add('Size', 'count', [this.indices], { T: int32, out_type: int32 });
  }

  /** Zeros behind the values, where as many are wanted as there may be. */
  padded(suffix: string, values: string, T: AttrValue): string {
    const use = this.#use;
    if (!use.attr('pad_to_max_output_size').b) return values;
    const [, , most = ''] = use.inputs;
    const missing = use.add('Sub', `${suffix}_missing`, [most, this.count], { T: int32 });
    const pack = { N: { i: 2 }, T: int32 };
    const pad = use.add('Pack', `${suffix}_pad`, [this.axis, missing], pack);
    const pads = use.add('ExpandDims', `${suffix}_pads`, [pad, this.axis], {
      T: int32,
      Tdim: int32,
    });
    return use.add('Pad', `${suffix}_padded`, [values, pads], { T, Tpaddings: int32 });
  }
}
