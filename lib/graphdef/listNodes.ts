import { Beside, int32 } from './beside.js';
import type { AttrValue, NodeDef } from './types.js';

/** An item or the length of a list, of a tensor whose slices the list had. */
export function readsOf(node: NodeDef, type: string): readonly NodeDef[] {
  const [tensor = '', index = ''] = node.input ?? [];
  const beside = new Beside(node);
  const axis = beside.constant('axis', 0);
  const gathers = (Tparams: AttrValue) => ({ Tparams, Tindices: int32, Taxis: int32 });
  if (node.op === 'TensorListGetItem') {
    return beside.as('GatherV2', [tensor, index, axis], gathers({ type }));
  }
  const sizes = beside.add('Shape', 'sizes', [tensor], { T: { type }, out_type: int32 });
  return beside.as('GatherV2', [sizes, axis, axis], gathers(int32));
}

/** What a loop has made of a list. */
interface Stacked {
  /** The items of all steps, or the one of the last step. */
  readonly items: string;
  readonly type: string;
  /** Of an item, -1 for unknown dims. */
  readonly shape: readonly number[] | undefined;
  /** How many items the list has at first. */
  readonly size: string;
  /** Whether it has more when there are more steps. */
  readonly grows: boolean;
}

/** All items of a list, zeros for those that the loop had no step for; or the list's length. */
export function stackOf(
  node: NodeDef,
  { items, shape, size, grows, type }: Stacked,
  kind: 'all' | 'last',
): readonly NodeDef[] {
  const beside = new Beside(node);
  const isLength = node.op === 'TensorListLength';
  if (isLength && !grows) return beside.as('Identity', [size], { T: int32 });
  const axis = beside.constant('axis', 0);
  const T = { type };
  if (kind === 'last') return beside.as('ExpandDims', [items, axis], { T, Tdim: int32 });
  const sizes = beside.add('Shape', 'sizes', [items], { T, out_type: int32 });
  if (isLength) {
    const attrs = { Tparams: int32, Tindices: int32, Taxis: int32 };
    const steps = beside.add('GatherV2', 'steps', [sizes, axis, axis], attrs);
    return beside.as('Maximum', [size, steps], { T: int32 });
  }
  const int = { T: int32, Index: int32 };
  const [zero, one, all] = [
    beside.constant('zero', [0]),
    beside.constant('one', [1]),
    beside.constant('all', [-1]),
  ];
  const rows = beside.add('Slice', 'rows', [sizes, zero, one], int);
  const row = beside.add('Slice', 'row', [sizes, one, all], int);
  const wanted = beside.add('ExpandDims', 'wanted', [size, axis], { T: int32, Tdim: int32 });
  const after = beside.add('Sub', 'after', [wanted, rows], { T: int32 });
  const missing = grows ? beside.add('Maximum', 'missing', [after, zero], { T: int32 }) : after;
  const join = { N: { i: 2 }, Tidx: int32 };
  const dims = beside.add('ConcatV2', 'dims', [missing, row, axis], { ...join, T: int32 });
  const tensor = { dtype: type, tensorShape: {} };
  const value = beside.add('Const', 'value', [], { dtype: T, value: { tensor } });
  const zeros = beside.add('Fill', 'zeros', [dims, value], { T, index_type: int32 });
  const parts = [items, zeros, axis];
  if (!shape) return beside.as('ConcatV2', parts, { ...join, T });
  const whole = beside.add('ConcatV2', 'whole', parts, { ...join, T });
  const dim = [-1, ...shape].map((each) => ({ size: each }));
  return beside.as('EnsureShape', [whole], { T, shape: { shape: { dim } } });
}
