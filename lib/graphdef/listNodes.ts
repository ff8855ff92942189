import { Beside, int32 } from './beside.js';
import { endOfRange, isSame, makerOf, numbersOf, originOf } from './listUses.js';
import type { Filled } from './loopView.js';
import type { NodeIndex } from './nodeIndex.js';
import type { NodeDef } from './types.js';

const gathers = { Tindices: int32, Taxis: int32 };

/** Has what reads lists that are made of tensors read the tensors. */
export function readTensors(nodes: NodeIndex): void {
  nodes.expand((node) => {
    const list = /^TensorList/.test(node.op) ? makerOf(nodes, node.input?.[0]) : undefined;
    if (list?.op !== 'TensorListFromTensor' || list === node) return node;
    const [tensor = ''] = list.input ?? [];
    return reading(nodes, node, tensor, list.attr?.element_dtype?.type ?? '') ?? node;
  });
}

/** A node that reads a list, as one that reads the tensor whose slices the list has. */
function reading(nodes: NodeIndex, node: NodeDef, tensor: string, type: string) {
  const beside = new Beside(node);
  const [, second = '', third = ''] = beside.inputs;
  const T = { type };
  const rows = (ref: string): readonly NodeDef[] => {
    return beside.as('GatherV2', [tensor, ref, beside.constant('axis', 0)], {
      Tparams: T,
      ...gathers,
    });
  };
  const whole = (shape: string): readonly NodeDef[] => {
    const dims = numbersOf(nodes, shape);
    if (dims?.shape.length !== 1) return beside.as('Identity', [tensor], { T });
    const dim = [-1, ...dims.values].map((size) => ({ size }));
    return beside.as('EnsureShape', [tensor], { T, shape: { shape: { dim } } });
  };
  if (node.op === 'TensorListStack') return whole(second);
  if (node.op === 'TensorListGetItem') return rows(second);
  if (node.op === 'TensorListGather') return isAll(nodes, node) ? whole(third) : rows(second);
  if (node.op !== 'TensorListLength') return undefined;
  const sizes = beside.add('Shape', 'sizes', [tensor], { T, out_type: int32 });
  const axis = beside.constant('axis', 0);
  return beside.as('GatherV2', [sizes, axis, axis], { Tparams: int32, ...gathers });
}

/** Whether all items of a list are gathered, in order. */
function isAll(nodes: NodeIndex, { input: [list = '', indices] = [] }: NodeDef): boolean {
  const length = makerOf(nodes, endOfRange(nodes, indices));
  const [measured = ''] = length?.op === 'TensorListLength' ? (length.input ?? []) : [];
  return isSame(originOf(nodes, measured), originOf(nodes, list));
}

/**
 * The list of what a loop has stacked, and zeros for items that there was no step for; for a list of
 * one item, of what the variable is at the end.
 */
export function listOfItems(loop: NodeDef, items: string, list: Filled): readonly NodeDef[] {
  const beside = new Beside({ ...loop, name: `${loop.name}/_list_${list.k}` });
  const rows = list.state === undefined ? padded(beside, items, list) : only(beside, items, list);
  const attr = { element_dtype: { type: list.type }, shape_type: int32 };
  beside.add('TensorListFromTensor', 'list', [rows, beside.constant('any', -1)], attr);
  return beside.made;
}

function padded(beside: Beside, items: string, { type, size, grows }: Filled): string {
  if (size === undefined) return items;
  const T = { type };
  const axis = beside.constant('axis', 0);
  const [zero, one, all] = [
    beside.constant('zero', [0]),
    beside.constant('one', [1]),
    beside.constant('all', [-1]),
  ];
  const sizes = beside.add('Shape', 'sizes', [items], { T, out_type: int32 });
  const slice = { T: int32, Index: int32 };
  const rows = beside.add('Slice', 'rows', [sizes, zero, one], slice);
  const row = beside.add('Slice', 'row', [sizes, one, all], slice);
  const wanted = beside.add('ExpandDims', 'wanted', [size, axis], { T: int32, Tdim: int32 });
  const after = beside.add('Sub', 'after', [wanted, rows], { T: int32 });
  const missing = grows ? beside.add('Maximum', 'missing', [after, zero], { T: int32 }) : after;
  const join = { N: { i: 2 }, Tidx: int32 };
  const dims = beside.add('ConcatV2', 'dims', [missing, row, axis], { ...join, T: int32 });
  const value = { tensor: { dtype: type, tensorShape: {} } };
  const nothing = beside.add('Const', 'nothing', [], { dtype: T, value });
  const zeros = beside.add('Fill', 'zeros', [dims, nothing], { T, index_type: int32 });
  return beside.add('ConcatV2', 'padded', [items, zeros, axis], { ...join, T });
}

function only(beside: Beside, item: string, { type, counter }: Filled): string {
  const T = { type };
  const axis = beside.constant('axis', 0);
  const ran = beside.add('Greater', 'ran', [counter ?? '', axis], { T: int32 });
  const zeros = beside.add('ZerosLike', 'zeros', [item], { T });
  const chosen = beside.add('SelectV2', 'chosen', [ran, item, zeros], { T });
  return beside.add('ExpandDims', 'only', [chosen, axis], { T, Tdim: int32 });
}
