import { isOp } from './opFacts.js';
import type { AttrValue, NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

/** A node of an op that the registry lacks, in the words of the rules below. */
interface Legacy {
  readonly node: NodeDef;
  /** Its inputs without control inputs. */
  readonly inputs: readonly string[];
  readonly controls: readonly string[];
  attr(name: string): AttrValue;
  /** A node beside it; gives the reference to its output. */
  add(op: string, suffix: string, inputs: readonly string[], attr: Attrs): string;
  constant(suffix: string, values: readonly number[], scalar?: boolean): string;
}

type Attrs = Readonly<Record<string, AttrValue>>;

/** What the node becomes: an op of the registry with the same outputs. */
interface Replaced {
  readonly op: string;
  readonly inputs?: readonly string[];
  readonly attr?: Attrs;
}

const int32: AttrValue = { type: 'DT_INT32' };

/** As it is, under another name; attrs that are not named are dropped. */
function renamed(op: string, ...attrs: readonly string[]) {
  return (legacy: Legacy): Replaced => ({
    op,
    attr: Object.fromEntries(attrs.map((name) => [name, legacy.attr(name)])),
  });
}

const rules: Readonly<Record<string, (legacy: Legacy) => Replaced>> = {
  Add: renamed('AddV2', 'T'),
  BatchMatMul: renamed('BatchMatMulV2', 'T', 'adj_x', 'adj_y'),
  BatchMatMulV3: ({ attr }) => ({
    op: 'BatchMatMulV2',
    attr: { T: attr('Ta'), adj_x: attr('adj_x'), adj_y: attr('adj_y') },
  }),
  BiasAddV1: renamed('BiasAdd', 'T'),
  GuaranteeConst: renamed('Identity', 'T'),
  PlaceholderV2: renamed('Placeholder', 'dtype', 'shape'),
  Snapshot: renamed('Identity', 'T'),
  _Arg: ({ attr }) => ({ op: 'Placeholder', attr: { dtype: attr('T') } }),
  _Retval: renamed('Identity', 'T'),
  Concat: ({ inputs, attr }) => ({
    op: 'ConcatV2',
    inputs: [...inputs.slice(1), ...inputs.slice(0, 1)],
    attr: { N: attr('N'), T: attr('T'), Tidx: int32 },
  }),
  Gather: ({ inputs, attr, constant }) => ({
    op: 'GatherV2',
    inputs: [...inputs, constant('axis', [0], true)],
    attr: { Tparams: attr('Tparams'), Tindices: attr('Tindices'), Taxis: int32 },
  }),
  L2Loss: ({ inputs, attr, add, constant }) => {
    const T = attr('T');
    const flat = add('Reshape', 'flat', [...inputs, constant('all', [-1])], { T, Tshape: int32 });
    const square = add('Square', 'square', [flat], { T });
    const axis = constant('axis', [0]);
    const sum = add('Sum', 'sum', [square, axis], { T, Tidx: int32, keep_dims: { b: false } });
    const two = constant('two', [2], true);
    const divisor = add('Cast', 'divisor', [two], { SrcT: int32, DstT: T });
    return { op: 'RealDiv', inputs: [sum, divisor], attr: { T } };
  },
  /** The condition may have one element for each row of the others. */
  Select: ({ inputs, attr, add, constant }) => {
    const [condition = '', then = '', other = ''] = inputs;
    const T = attr('T');
    const bool: AttrValue = { type: 'DT_BOOL' };
    const has = add('Rank', 'has', [condition], { T: bool });
    const wanted = add('Rank', 'wanted', [then], { T });
    const missing = add('Sub', 'missing', [wanted, has], { T: int32 });
    const at = add('ExpandDims', 'at', [missing, constant('axis', [0], true)], {
      T: int32,
      Tdim: int32,
    });
    const ones = add('Fill', 'ones', [at, constant('one', [1], true)], {
      T: int32,
      index_type: int32,
    });
    const sizes = add('Shape', 'sizes', [condition], { T: bool, out_type: int32 });
    const shape = add('ConcatV2', 'shape', [sizes, ones, constant('end', [0], true)], {
      N: { i: 2 },
      T: int32,
      Tidx: int32,
    });
    const column = add('Reshape', 'condition', [condition, shape], { T: bool, Tshape: int32 });
    return { op: 'SelectV2', inputs: [column, then, other], attr: { T } };
  },
  ResourceGather: ({ inputs, attr, add, constant }) => {
    const [handle = '', indices = ''] = inputs;
    const rows = add('ReadVariableOp', 'read', [handle], { dtype: attr('dtype') });
    return {
      op: 'GatherV2',
      inputs: [rows, indices, constant('axis', [Number(attr('batch_dims').i ?? 0)], true)],
      attr: {
        Tparams: attr('dtype'),
        Tindices: attr('Tindices'),
        Taxis: int32,
        batch_dims: attr('batch_dims'),
      },
    };
  },
  ResourceGatherNd: ({ inputs, attr, add }) => {
    const [handle = '', indices = ''] = inputs;
    const rows = add('ReadVariableOp', 'read', [handle], { dtype: attr('dtype') });
    const attrs = { Tparams: attr('dtype'), Tindices: attr('Tindices') };
    return { op: 'GatherNd', inputs: [rows, indices], attr: attrs };
  },
  VariableShape: ({ inputs, attr, add }) => {
    const value = add('ReadVariableOp', 'read', inputs, { dtype: attr('dtype') });
    return { op: 'Shape', inputs: [value], attr: { T: attr('dtype'), out_type: attr('out_type') } };
  },
};

/** Puts ops of the registry in the place of ops that it lacks, where these say the same. */
export function sayByNewerOps(graph: WorkGraph): void {
  for (const { nodes } of graph.bodies()) {
    nodes.expand((node) => (isLegacy(node) ? replaced(node) : node));
  }
}

function isLegacy({ op }: NodeDef): boolean {
  return Object.hasOwn(rules, op) && !isOp(op);
}

function replaced(node: NodeDef): NodeDef[] {
  const all = node.input ?? [];
  const inputs = all.filter((ref) => !ref.startsWith('^'));
  const controls = all.filter((ref) => ref.startsWith('^'));
  const { device = '' } = node;
  const added: NodeDef[] = [];
  const add: Legacy['add'] = (op, suffix, given, attr) => {
    const name = `${node.name}/_${suffix}`;
    // What reads state waits for what the node waits for.
    const input = op === 'ReadVariableOp' ? [...given, ...controls] : given;
    added.push({ name, op, device, input, attr });
    return name;
  };
  const constant: Legacy['constant'] = (suffix, values, scalar = false) => {
    const tensorShape = { dim: scalar ? [] : [{ size: values.length }] };
    const value = { tensor: { dtype: 'DT_INT32', tensorShape, intVal: values } };
    return add('Const', suffix, [], { dtype: int32, value });
  };
  const attr = (name: string): AttrValue => node.attr?.[name] ?? {};
  const made = rules[node.op]!({ node, inputs, controls, attr, add, constant });
  const extra = Object.entries(node.attr ?? {}).filter(([name]) => name.startsWith('_'));
  const given = Object.entries(made.attr ?? {}).filter(
    ([, value]) => Object.keys(value).length > 0,
  );
  return [
    ...added,
    {
      name: node.name,
      op: made.op,
      device,
      input: [...(made.inputs ?? inputs), ...controls],
      attr: Object.fromEntries([...extra, ...given]),
    },
  ];
}
