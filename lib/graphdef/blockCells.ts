import { Beside, int32 } from './beside.js';
import type { AttrValue, NodeDef } from './types.js';

const float: AttrValue = { type: 'DT_FLOAT' };

/** A recurrent cell that TensorFlow has as one op, in small ops. */
export class Cell extends Beside {
  readonly T: AttrValue;

  constructor(node: NodeDef) {
    super(node);
    this.T = node.attr?.T ?? float;
  }

  value(op: string, suffix: string, ...inputs: readonly string[]): string {
    return this.add(op, suffix, inputs, { T: this.T });
  }

  /** A scalar of the cell's type. */
  number(suffix: string, value: number): string {
    const tensor = { dtype: 'DT_FLOAT', tensorShape: {}, floatVal: [value] };
    const given = this.add('Const', suffix, [], { dtype: float, value: { tensor } });
    if (this.T.type === float.type) return given;
    return this.add('Cast', `${suffix}_cast`, [given], { SrcT: float, DstT: this.T });
  }

  /** [x, h] * w + b, in equal parts. */
  gates(suffix: string, operands: readonly [string, string, string, string], parts: number) {
    const [x, h, w, b] = operands;
    const axis = this.constant(`${suffix}_axis`, 1);
    const join = { N: { i: 2 }, T: this.T, Tidx: int32 };
    const both = this.add('ConcatV2', `${suffix}_inputs`, [x, h, axis], join);
    const sum = this.value(
      'BiasAdd',
      suffix,
      this.value('MatMul', `${suffix}_product`, both, w),
      b,
    );
    if (parts === 1) return [sum];
    const split = { T: this.T, num_split: { i: parts } };
    const all = this.add('Split', `${suffix}_parts`, [axis, sum], split);
    return Array.from({ length: parts }, (_, i) => `${all}:${i}`);
  }

  /** The node itself gives these values. */
  giving(values: readonly string[]): readonly NodeDef[] {
    const types = values.map(() => this.T.type ?? '');
    return this.as('IdentityN', values, { T: { list: { type: types } } });
  }
}

/** What a step of an LSTM gives: i, cs, f, o, ci, co and h. */
export function lstmStep(cell: Cell): readonly string[] {
  const [x = '', before = '', h = '', w = '', wci = '', wcf = '', wco = '', b = ''] = cell.inputs;
  const seeing = (suffix: string, gate: string, c: string, weights: string): string => {
    if (!cell.attr('use_peephole').b) return gate;
    return cell.value(
      'AddV2',
      `${suffix}_sum`,
      gate,
      cell.value('Mul', `${suffix}_seen`, c, weights),
    );
  };
  const [iGate = '', cGate = '', fGate = '', oGate = ''] = cell.gates('gates', [x, h, w, b], 4);
  const i = cell.value('Sigmoid', 'i', seeing('i', iGate, before, wci));
  const bias = cell.number('forget_bias', Number(cell.attr('forget_bias').f ?? 1));
  const forget = cell.value('AddV2', 'forget', fGate, bias);
  const f = cell.value('Sigmoid', 'f', seeing('f', forget, before, wcf));
  const ci = cell.value('Tanh', 'ci', cGate);
  const [fresh, kept] = [cell.value('Mul', 'fresh', ci, i), cell.value('Mul', 'kept', before, f)];
  const sum = cell.value('AddV2', 'sum', fresh, kept);
  const most = Number(cell.attr('cell_clip').f ?? 3);
  const bounds = () => [cell.number('least', -most), cell.number('most', most)];
  const cs = most > 0 ? cell.value('ClipByValue', 'cs', sum, ...bounds()) : sum;
  const o = cell.value('Sigmoid', 'o', seeing('o', oGate, cs, wco));
  const co = cell.value('Tanh', 'co', cs);
  return [i, cs, f, o, ci, co, cell.value('Mul', 'h', co, o)];
}

/** What a step of a GRU gives: r, u, c and h. */
export function gruStep(cell: Cell): readonly string[] {
  const [x = '', before = '', wRu = '', wC = '', bRu = '', bC = ''] = cell.inputs;
  const [rGate = '', uGate = ''] = cell.gates('gates', [x, before, wRu, bRu], 2);
  const [r, u] = [cell.value('Sigmoid', 'r', rGate), cell.value('Sigmoid', 'u', uGate)];
  const reset = cell.value('Mul', 'reset', before, r);
  const [cGate = ''] = cell.gates('candidate', [x, reset, wC, bC], 1);
  const c = cell.value('Tanh', 'c', cGate);
  const kept = cell.value('Mul', 'kept', u, cell.value('Sub', 'change', before, c));
  return [r, u, c, cell.value('AddV2', 'h', c, kept)];
}
