import { Beside, int32 } from './beside.js';
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
    return used && rule ? rule(new Use(node, used)) : node;
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

type Rule = (use: Use) => readonly NodeDef[];

const rules: Readonly<Record<string, Rule>> = {
  TensorArrayV3: (use) =>
    use.as('TensorListReserve', [use.elementShape(), ...use.inputs], {
      element_dtype: use.attr('dtype'),
      shape_type: int32,
    }),
  TensorArrayWriteV3: (use) => {
    const [, index = '', value = '', flow = ''] = use.inputs;
    return use.as('TensorListSetItem', [flow, index, value], {
      element_dtype: use.attr('T'),
      resize_if_index_out_of_bounds: { b: use.array.attr?.dynamic_size?.b ?? false },
    });
  },
  TensorArrayReadV3: (use) => {
    const [, index = '', flow = ''] = use.inputs;
    const attr = { element_dtype: use.attr('dtype') };
    return use.as('TensorListGetItem', [flow, index, use.elementShape()], attr);
  },
  TensorArrayGatherV3: (use) => {
    const [, indices = '', flow = ''] = use.inputs;
    const shape = use.elementShape(use.attr('element_shape').shape);
    const attr = { element_dtype: use.attr('dtype') };
    return use.as('TensorListGather', [flow, indices, shape], attr);
  },
  TensorArrayScatterV3: (use) => {
    const [, indices = '', value = '', flow = ''] = use.inputs;
    const attr = { element_dtype: use.attr('T') };
    return use.as('TensorListScatterIntoExistingList', [flow, value, indices], attr);
  },
  TensorArraySizeV3: (use) => use.as('TensorListLength', use.inputs.slice(1), {}),
  TensorArrayConcatV3: (use) => {
    const rest = use.attr('element_shape_except0').shape;
    const dims = rest?.dim && shapeOf(rest)?.map((dim) => dim ?? -1);
    const shape = use.constant('element_shape', dims ? [-1, ...dims] : -1, use.waits);
    const leading = use.constant('leading', [], use.waits, 'DT_INT64');
    const attr = { element_dtype: use.attr('dtype'), shape_type: int32 };
    return use.as('TensorListConcatV2', [...use.inputs.slice(1), shape, leading], attr);
  },
  TensorArraySplitV3: (use) => {
    const [, value = '', lengths = ''] = use.inputs;
    const attr = { element_dtype: use.attr('T'), shape_type: int32 };
    return use.as('TensorListSplit', [value, use.elementShape(), lengths], attr);
  },
  TensorArrayCloseV3: (use) => use.as('NoOp', [`^${parseInput(use.inputs[0] ?? '').node}`], {}),
};

/** A node of a TensorArray. */
class Use extends Beside {
  readonly array: NodeDef;
  /** What has constants beside the node in the same loop or branch. */
  readonly waits: readonly string[];

  constructor(node: NodeDef, array: NodeDef) {
    super(node);
    this.array = array;
    const flow = node === array ? undefined : this.inputs.at(-1);
    this.waits = flow === undefined ? [] : [`^${parseInput(flow).node}`];
  }

  /** What is said here of the shape of the elements, or where the array was made. */
  elementShape(here?: TensorShapeProto): string {
    const made = this.array.attr?.element_shape?.shape ?? { unknownRank: true };
    const dims = shapeOf(here?.dim ? here : made)?.map((dim) => dim ?? -1);
    return this.constant('element_shape', dims ?? -1, this.waits);
  }
}
