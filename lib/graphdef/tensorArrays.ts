import { parseInput } from './checkDef.js';
import type { NodeIndex } from './nodeIndex.js';
import { shapeOf } from './tensors.js';
import type { AttrValue, NodeDef, TensorShapeProto } from './types.js';
import type { WorkGraph } from './workGraph.js';

/** Ops that hand a value on, of the type that their attr T says. */
const handsOn = /^(Enter|Exit|Identity|Merge|NextIteration|Switch)$/;

/** Ops that give a TensorArray after a change: what they take as their last value. */
const changes = /^TensorArray(Write|Scatter|Split)V3$/;

const variant: AttrValue = { type: 'DT_VARIANT' };
const int32: AttrValue = { type: 'DT_INT32' };

/**
 * Puts lists, which are values, in the place of TensorArrays, which are state with a "flow" that
 * orders what is done with them: the flow becomes the list, and nobody reads the handle.
 */
export function useLists(graph: WorkGraph): void {
  for (const { nodes } of graph.bodies()) useListsIn(nodes);
}

function useListsIn(nodes: NodeIndex): void {
  const made = [...nodes].filter(({ op }) => op === 'TensorArrayV3');
  if (made.length === 0) return;
  const arrays = arraysIn(nodes, made);
  nodes.expand((node) => {
    const array = arrays.get(node.name);
    if (array && handsOn.test(node.op)) return { ...node, attr: { ...node.attr, T: variant } };
    const rule = Object.hasOwn(rules, node.op) ? rules[node.op] : undefined;
    const used = array ?? arrays.get(parseInput(node.input?.[0] ?? '').node);
    return used && rule ? new Translation(node, used).made(rule) : node;
  });
  for (const { name } of made) nodes.redirect(`${name}:1`, name);
}

/** The TensorArray of each node that gives one, as a handle or as a flow. */
function arraysIn(nodes: NodeIndex, made: readonly NodeDef[]): ReadonlyMap<string, NodeDef> {
  const arrays = new Map<string, NodeDef>();
  const open = made.map((node) => [node.name, node] as const);
  for (let next = open.pop(); next; next = open.pop()) {
    const [name, array] = next;
    if (arrays.has(name)) continue;
    arrays.set(name, array);
    for (const user of nodes.usersOf(name)) {
      const values = (user.input ?? []).filter((ref) => !ref.startsWith('^'));
      const given = changes.test(user.op) ? values.slice(-1) : values.slice(0, 1);
      const gives = changes.test(user.op) || handsOn.test(user.op);
      const isMerged = user.op === 'Merge' && values.some((ref) => parseInput(ref).node === name);
      if (isMerged || (gives && given.some((ref) => parseInput(ref).node === name))) {
        open.push([user.name, array]);
      }
    }
  }
  return arrays;
}

/** What a node of a TensorArray becomes. */
interface Replacement {
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttrValue>>;
}

type Rule = (t: Translation, values: readonly string[]) => Replacement;

const rules: Readonly<Record<string, Rule>> = {
  TensorArrayV3: (t, [size = '']) => ({
    op: 'TensorListReserve',
    input: [t.elementShape(), size],
    attr: { element_dtype: t.attr('dtype'), shape_type: int32 },
  }),
  TensorArrayWriteV3: (t, [, index = '', value = '', flow = '']) => ({
    op: 'TensorListSetItem',
    input: [flow, index, value],
    attr: { element_dtype: t.attr('T'), resize_if_index_out_of_bounds: t.isDynamic },
  }),
  TensorArrayReadV3: (t, [, index = '', flow = '']) => ({
    op: 'TensorListGetItem',
    input: [flow, index, t.elementShape()],
    attr: { element_dtype: t.attr('dtype') },
  }),
  TensorArrayGatherV3: (t, [, indices = '', flow = '']) => ({
    op: 'TensorListGather',
    input: [flow, indices, t.elementShape(t.attr('element_shape').shape)],
    attr: { element_dtype: t.attr('dtype') },
  }),
  TensorArrayScatterV3: (t, [, indices = '', value = '', flow = '']) => ({
    op: 'TensorListScatterIntoExistingList',
    input: [flow, value, indices],
    attr: { element_dtype: t.attr('T') },
  }),
  TensorArraySizeV3: (_, [, flow = '']) => ({ op: 'TensorListLength', input: [flow], attr: {} }),
  TensorArrayConcatV3: (t, [, flow = '']) => ({
    op: 'TensorListConcatV2',
    input: [flow, t.concatShape(), t.constant('leading', 'DT_INT64', [])],
    attr: { element_dtype: t.attr('dtype'), shape_type: int32 },
  }),
  TensorArraySplitV3: (t, [, value = '', lengths = '']) => ({
    op: 'TensorListSplit',
    input: [value, t.elementShape(), lengths],
    attr: { element_dtype: t.attr('T'), shape_type: int32 },
  }),
  TensorArrayCloseV3: (_, [handle = '']) => ({
    op: 'NoOp',
    input: [`^${parseInput(handle).node}`],
    attr: {},
  }),
};

class Translation {
  readonly #node: NodeDef;
  readonly #array: NodeDef;
  readonly #values: readonly string[];
  readonly #added: NodeDef[] = [];

  constructor(node: NodeDef, array: NodeDef) {
    this.#node = node;
    this.#array = array;
    this.#values = (node.input ?? []).filter((ref) => !ref.startsWith('^'));
  }

  made(rule: Rule): readonly NodeDef[] {
    const { name, device = '', input = [] } = this.#node;
    const { op, input: values, attr } = rule(this, this.#values);
    const controls = input.filter((ref) => ref.startsWith('^'));
    return [...this.#added, { name, op, device, input: [...values, ...controls], attr }];
  }

  attr(name: string): AttrValue {
    return this.#node.attr?.[name] ?? {};
  }

  get isDynamic(): AttrValue {
    return { b: this.#array.attr?.dynamic_size?.b ?? false };
  }

  /** What is said here of the shape of the elements, or where the array was made. */
  elementShape(here?: TensorShapeProto): string {
    const made = this.#array.attr?.element_shape?.shape ?? { unknownRank: true };
    const shape = shapeOf(here?.dim ? here : made);
    const dims = shape?.map((dim) => dim ?? -1);
    return this.constant('element_shape', 'DT_INT32', dims ?? -1);
  }

  concatShape(): string {
    const rest = this.attr('element_shape_except0').shape;
    const dims = rest?.dim && shapeOf(rest)?.map((dim) => dim ?? -1);
    return this.constant('element_shape', 'DT_INT32', dims ? [-1, ...dims] : -1);
  }

  /** A constant beside the node, in the same loop or branch. */
  constant(suffix: string, type: string, values: number | readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const dim = typeof values === 'number' ? [] : [{ size: values.length }];
    const field = type === 'DT_INT64' ? { int64Val: list } : { intVal: list };
    const value = { tensor: { dtype: type, tensorShape: { dim }, ...field } };
    const name = `${this.#node.name}/_${suffix}`;
    const flow = this.#node.op === 'TensorArrayV3' ? undefined : this.#values.at(-1);
    const input = flow === undefined ? [] : [`^${parseInput(flow).node}`];
    this.#added.push({ name, op: 'Const', input, attr: { dtype: { type }, value } });
    return name;
  }
}
