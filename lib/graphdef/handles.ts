import { parseInput } from './checkDef.js';
import type { NodeIndex } from './nodeIndex.js';
import type { AttrValue, NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

const variables = new Set(['Variable', 'VariableV2']);

/** Updates of a variable by reference, and the same by handle. */
const updates: Readonly<Record<string, string>> = {
  Assign: 'AssignVariableOp',
  AssignAdd: 'AssignAddVariableOp',
  AssignSub: 'AssignSubVariableOp',
  ScatterAdd: 'ResourceScatterAdd',
  ScatterSub: 'ResourceScatterSub',
  ScatterUpdate: 'ResourceScatterUpdate',
};

/**
 * Puts handles in the place of variables by reference: VariableV2 becomes VarHandleOp, what it was
 * read by reads the handle, and an update becomes one of the handle and a read after it.
 */
export function useHandles({ nodes }: WorkGraph): void {
  const handles = handlesOf(nodes);
  if (handles.size > 0) nodes.expand((node) => translated(node, handles));
}

/** The variable that each output by reference stands for. */
type Handles = ReadonlyMap<string, NodeDef>;

function handlesOf(nodes: NodeIndex): Handles {
  const handles = new Map<string, NodeDef>();
  const open: [NodeDef, NodeDef][] = [];
  for (const node of nodes) if (variables.has(node.op)) open.push([node, node]);
  // An update gives the reference on.
  for (let next = open.pop(); next; next = open.pop()) {
    const [{ name }, variable] = next;
    handles.set(name, variable);
    for (const user of nodes.usersOf(name)) {
      const { op, input = [] } = user;
      if (!Object.hasOwn(updates, op) && op !== 'RefIdentity') continue;
      const isGiven = parseInput(input[0] ?? '').node === name && !handles.has(user.name);
      if (isGiven) open.push([user, variable]);
    }
  }
  return handles;
}

function translated(node: NodeDef, handles: Handles): NodeDef | readonly NodeDef[] {
  const { op, name, input = [] } = node;
  if (variables.has(op)) return [handleOf(node)];
  const [first = ''] = input;
  const from = parseInput(first);
  const variable = from.index < 0 ? undefined : handles.get(from.node);
  const update = updates[op];
  if (variable !== undefined && update !== undefined) {
    return updated(node, update, variable, readOthers(node, handles));
  }
  if (variable !== undefined && op === 'IsVariableInitialized') {
    return [
      { ...node, op: 'VarIsInitializedOp', input: [variable.name, ...input.slice(1)], attr: {} },
    ];
  }
  if (variable !== undefined && (op === 'Identity' || op === 'RefIdentity')) {
    const order = from.node === variable.name ? [] : [`^${from.node}`];
    return [reading(name, variable, [...input.slice(1), ...order], node)];
  }
  const { added, inputs } = readOthers(node, handles, 0);
  if (added.length === 0) return node;
  return [...added, { ...node, input: inputs }];
}

function handleOf({ name, device = '', attr = {}, input = [] }: NodeDef): NodeDef {
  const { dtype, shape, container, shared_name } = attr;
  const own = { dtype: plain(dtype), shape, container, shared_name };
  const given = Object.entries(own).flatMap(([key, value]) =>
    value ? [[key, value] as const] : [],
  );
  return { name, op: 'VarHandleOp', device, input, attr: Object.fromEntries(given) };
}

/** The update, and under the node's own name the value after it. */
function updated(
  node: NodeDef,
  op: string,
  variable: NodeDef,
  { added, inputs }: { readonly added: readonly NodeDef[]; readonly inputs: readonly string[] },
): NodeDef[] {
  const { name, attr = {}, input = [], device = '' } = node;
  const { node: from } = parseInput(input[0] ?? '');
  const order = from === variable.name ? [] : [`^${from}`];
  const dtype = plain(variable.attr?.dtype);
  const made: Record<string, AttrValue> = dtype ? { dtype } : {};
  if (attr.Tindices) made.Tindices = attr.Tindices;
  if (attr.validate_shape && op === 'AssignVariableOp') made.validate_shape = attr.validate_shape;
  const change = `${name}/_update`;
  return [
    ...added,
    { name: change, op, device, input: [variable.name, ...inputs.slice(1), ...order], attr: made },
    reading(name, variable, [`^${change}`], node),
  ];
}

function reading(
  name: string,
  variable: NodeDef,
  controls: readonly string[],
  { device = '', attr = {} }: NodeDef,
): NodeDef {
  const dtype = plain(variable.attr?.dtype) ?? {};
  const kept = attr._class ? { _class: attr._class } : {};
  const input = [variable.name, ...controls];
  return { name, op: 'ReadVariableOp', device, input, attr: { dtype, ...kept } };
}

/** Inputs by reference from `start` on become reads before the node. */
function readOthers(node: NodeDef, handles: Handles, start = 1) {
  const added: NodeDef[] = [];
  const inputs = (node.input ?? []).map((ref, i) => {
    const { node: from, index } = parseInput(ref);
    const variable = handles.get(from);
    if (index < 0 || variable === undefined || i < start) return ref;
    // An update is a read already.
    if (from !== variable.name) return ref;
    const name = `${node.name}/_read_${i}`;
    added.push(reading(name, variable, [], { ...node, attr: {} }));
    return name;
  });
  return { added, inputs };
}

/** A dtype without the mark of a reference. */
function plain(value: AttrValue | undefined): AttrValue | undefined {
  return value?.type ? { type: value.type.replace(/_REF$/, '') } : value;
}
