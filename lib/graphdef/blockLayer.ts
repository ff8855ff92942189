import { int32 } from './beside.js';
import { Cell, gruStep, lstmStep } from './blockCells.js';
import type { ArgDef, NodeDef } from './types.js';
import type { WorkGraph } from './workGraph.js';

const rules: Readonly<Record<string, (cell: Cell, graph: WorkGraph) => readonly string[]>> = {
  LSTMBlockCell: lstmStep,
  GRUBlockCell: gruStep,
  BlockLSTM: lstmOf,
};

/** Says recurrent cells in small ops, and the LSTM over all steps as a loop. */
export function spellCells(graph: WorkGraph): void {
  for (const { nodes } of [...graph.bodies()]) {
    nodes.expand((node) => {
      const rule = Object.hasOwn(rules, node.op) ? rules[node.op] : undefined;
      if (!rule) return node;
      const cell = new Cell(node);
      return cell.giving(rule(cell, graph));
    });
  }
}

const gathers = { Tindices: int32, Taxis: int32 };
/** The operands of a step, which the loop carries besides the time and its end. */
const operands = ['x', 'cs', 'h', 'w', 'wci', 'wcf', 'wco', 'b'];

/** What the steps of an LSTM give, stacked; zeros after as many steps as are wanted. */
function lstmOf(layer: Cell, graph: WorkGraph): readonly string[] {
  const [wanted = '', ...given] = layer.inputs;
  const type = layer.T.type ?? '';
  const args = ['t', 'steps', ...operands].map((name, i): ArgDef => {
    return { name, type: i < 2 ? 'DT_INT32' : type };
  });
  const results = addBody(layer, graph, args);
  const zero = layer.constant('zero', 0);
  const sizes = layer.add('Shape', 'sizes', given.slice(0, 1), { T: layer.T, out_type: int32 });
  const all = layer.add('GatherV2', 'all', [sizes, zero, zero], { Tparams: int32, ...gathers });
  const asked = { SrcT: { type: 'DT_INT64' }, DstT: int32 };
  const most = layer.add('Cast', 'most', [wanted], asked);
  const steps = layer.add('Minimum', 'steps', [most, all], { T: int32 });
  const loop = layer.add('StatelessWhile', 'loop', [zero, steps, ...given], {
    T: { list: { type: args.map((arg) => arg.type) } },
    Tcollected: { list: { type: results.collected.map(() => type) } },
    cond: { func: { name: results.cond } },
    body: { func: { name: results.body } },
  });
  const missing = layer.add('Sub', 'missing', [all, steps], { T: int32 });
  const pair = (suffix: string, end: string): string =>
    layer.add('Pack', suffix, [zero, end], { N: { i: 2 }, T: int32 });
  const rows = [pair('after', missing), pair('batch', zero), pair('units', zero)];
  const pads = layer.add('Pack', 'pads', rows, { N: { i: 3 }, T: int32 });
  return results.collected.map((_, k) => {
    const items = `${loop}:${args.length + k}`;
    return layer.add('Pad', `output_${k}`, [items, pads], { T: layer.T, Tpaddings: int32 });
  });
}

/** Adds the functions of the loop; gives their names and what a step gives. */
function addBody(layer: Cell, graph: WorkGraph, args: readonly ArgDef[]) {
  const { name, attr } = layer.node;
  const cond = graph.functionName(`${name}_cond`);
  const go: NodeDef = { name: 'go', op: 'Less', input: ['t', 'steps'], attr: { T: int32 } };
  graph.addFunction({
    signature: { name: cond, inputArg: args, outputArg: [{ name: 'go', type: 'DT_BOOL' }] },
    nodeDef: [go],
  });
  const cell = new Cell({ name: 'step', op: 'LSTMBlockCell', input: operands, attr: attr ?? {} });
  const row = ['x', 't', cell.constant('axis', 0)];
  const x = cell.add('GatherV2', 'x', row, { Tparams: layer.T, ...gathers });
  const next = cell.add('AddV2', 'next', ['t', cell.constant('one', 1)], { T: int32 });
  const step = new Cell({ ...cell.node, name: 'cell', input: [x, ...operands.slice(1)] });
  const collected = lstmStep(step);
  const [, cs = '', , , , , h = ''] = collected;
  const carried: Readonly<Record<string, string>> = { t: next, cs, h };
  const results = [
    ...args.map((arg) => ({ ...arg, ref: carried[arg.name] ?? arg.name })),
    ...collected.map((ref) => ({ type: layer.T.type ?? '', ref })),
  ].map(({ type, ref }, k) => ({ name: `result_${k}`, type, ref }));
  const body = graph.functionName(`${name}_body`);
  graph.addFunction({
    signature: { name: body, inputArg: args, outputArg: results.map(({ ref: _, ...arg }) => arg) },
    nodeDef: [...cell.made, ...step.made],
    ret: Object.fromEntries(results.map((each) => [each.name, each.ref] as const)),
  });
  return { cond, body, collected };
}
