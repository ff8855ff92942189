import { Beside, int32, type Rule } from './beside.js';
import { boxRules } from './boxes.js';
import { fusedRules } from './fusedOps.js';
import { isOp } from './opFacts.js';
import type { AttrValue } from './types.js';
import type { WorkGraph } from './workGraph.js';

/** As it is, under another name; attrs that are not named are dropped. */
function renamed(op: string, ...attrs: readonly string[]): Rule {
  return (use) =>
    use.as(op, use.inputs, Object.fromEntries(attrs.map((name) => [name, use.attr(name)])));
}

const rules: Readonly<Record<string, Rule>> = {
  ...boxRules,
  ...fusedRules,
  Add: renamed('AddV2', 'T'),
  BatchMatMul: renamed('BatchMatMulV2', 'T', 'adj_x', 'adj_y'),
  BatchMatMulV3: (use) =>
    use.as('BatchMatMulV2', use.inputs, {
      T: use.attr('Ta'),
      adj_x: use.attr('adj_x'),
      adj_y: use.attr('adj_y'),
    }),
  BiasAddV1: renamed('BiasAdd', 'T'),
  GuaranteeConst: renamed('Identity', 'T'),
  PlaceholderV2: renamed('Placeholder', 'dtype', 'shape'),
  Snapshot: renamed('Identity', 'T'),
  _Arg: (use) => use.as('Placeholder', [], { dtype: use.attr('T') }),
  _Retval: renamed('Identity', 'T'),
  Concat: (use) => {
    const [axis = '', ...parts] = use.inputs;
    const attr = { N: use.attr('N'), T: use.attr('T'), Tidx: int32 };
    return use.as('ConcatV2', [...parts, axis], attr);
  },
  Gather: (use) => {
    const attr = { Tparams: use.attr('Tparams'), Tindices: use.attr('Tindices'), Taxis: int32 };
    return use.as('GatherV2', [...use.inputs, use.constant('axis', 0)], attr);
  },
  L2Loss: (use) => {
    const T = use.attr('T');
    const flat = use.add('Reshape', 'flat', [...use.inputs, use.constant('all', [-1])], {
      T,
      Tshape: int32,
    });
    const square = use.add('Square', 'square', [flat], { T });
    const axis = use.constant('axis', [0]);
    const sum = use.add('Sum', 'sum', [square, axis], { T, Tidx: int32, keep_dims: { b: false } });
    const two = use.constant('two', 2);
    const divisor = use.add('Cast', 'divisor', [two], { SrcT: int32, DstT: T });
    return use.as('RealDiv', [sum, divisor], { T });
  },
  /** The condition may have one element for each row of the others. */
  Select: (use) => {
    const [condition = '', then = '', other = ''] = use.inputs;
    const T = use.attr('T');
    const bool: AttrValue = { type: 'DT_BOOL' };
    const has = use.add('Rank', 'has', [condition], { T: bool });
    const wanted = use.add('Rank', 'wanted', [then], { T });
    const missing = use.add('Sub', 'missing', [wanted, has], { T: int32 });
    const at = use.add('ExpandDims', 'at', [missing, use.constant('axis', 0)], {
      T: int32,
      Tdim: int32,
    });
    const ones = use.add('Fill', 'ones', [at, use.constant('one', 1)], {
      T: int32,
      index_type: int32,
    });
    const sizes = use.add('Shape', 'sizes', [condition], { T: bool, out_type: int32 });
    const shape = use.add('ConcatV2', 'shape', [sizes, ones, use.constant('end', 0)], {
      N: { i: 2 },
      T: int32,
      Tidx: int32,
    });
    const column = use.add('Reshape', 'condition', [condition, shape], { T: bool, Tshape: int32 });
    return use.as('SelectV2', [column, then, other], { T });
  },
  ResourceGather: (use) => {
    const [handle = '', indices = ''] = use.inputs;
    const rows = use.add('ReadVariableOp', 'read', [handle, ...use.controls], {
      dtype: use.attr('dtype'),
    });
    const axis = use.constant('axis', Number(use.attr('batch_dims').i ?? 0));
    return use.as('GatherV2', [rows, indices, axis], {
      Tparams: use.attr('dtype'),
      Tindices: use.attr('Tindices'),
      Taxis: int32,
      batch_dims: use.attr('batch_dims'),
    });
  },
  ResourceGatherNd: (use) => {
    const [handle = '', indices = ''] = use.inputs;
    const rows = use.add('ReadVariableOp', 'read', [handle, ...use.controls], {
      dtype: use.attr('dtype'),
    });
    const attrs = { Tparams: use.attr('dtype'), Tindices: use.attr('Tindices') };
    return use.as('GatherNd', [rows, indices], attrs);
  },
  VariableShape: (use) => {
    const value = use.add('ReadVariableOp', 'read', [...use.inputs, ...use.controls], {
      dtype: use.attr('dtype'),
    });
    return use.as('Shape', [value], { T: use.attr('dtype'), out_type: use.attr('out_type') });
  },
};

/** Puts ops of the registry in the place of ops that it lacks, where these say the same. */
export function sayByNewerOps(graph: WorkGraph): void {
  for (const { nodes } of graph.bodies()) {
    nodes.expand((node) => {
      const rule = Object.hasOwn(rules, node.op) && !isOp(node.op) ? rules[node.op] : undefined;
      return rule ? rule(new Beside(node), nodes) : node;
    });
  }
}
