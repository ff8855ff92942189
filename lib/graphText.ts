import { native } from './binding.js';
import type { Graph } from './graph.js';
import type { Operation } from './operation.js';
import { formatShape } from './shape.js';
import type { Tensor } from './tensor.js';

/** Longer columns are cut. */
const kWidth = 48;

/** One line for each operation, and the sizes of constants and variables. */
export function summaryOf(graph: Graph): string {
  const rows = graph.operations.map((op) => [
    op.name,
    op.type,
    op.outputs.map(typeOf).join(', '),
    op.inputs.map(({ name }) => name.replace(/:0$/, '')).join(', '),
  ]);
  const table = tableOf([['name', 'op', 'outputs', 'inputs'], ...rows]);
  const trainable = graph.trainableVariables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const all = graph.variables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const constants = graph.operations.filter(({ type }) => type === 'Const');
  const held = constants.reduce((sum, op) => sum + sizeOf(op.outputs[0]!.shape), 0);
  return [
    `${graph.label}: ${counted(graph.size, 'operation')}`,
    table,
    `${counted(graph.variables.length, 'variable')} of ${counted(all, 'element')} (${trainable} ` +
      `trainable), ${counted(constants.length, 'constant')} of ${counted(held, 'element')}`,
  ].join('\n');
}

function counted(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

/** Rows as text, in columns of the same width. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const cut = rows.map((row) => row.map((cell) => shortened(cell)));
  const widths = (cut[0] ?? []).map((_, i) => Math.max(...cut.map((row) => row[i]!.length)));
  return cut
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shortened(cell: string): string {
  return cell.length > kWidth ? `${cell.slice(0, kWidth - 3)}...` : cell;
}

function typeOf({ dtype, shape }: Tensor): string {
  return `${dtype} ${formatShape(shape)}`;
}

function sizeOf(shape: Tensor['shape']): number {
  return shape?.reduce<number>((size, dim) => size * (dim ?? 0), 1) ?? 0;
}

/** The graph in the language of Graphviz; control inputs are dashed. */
export function dotOf(graph: Graph): string {
  const lines = graph.operations.flatMap((op) => [nodeLine(op), ...edgeLines(graph, op)]);
  return ['digraph {', '  node [shape=box];', ...lines.map((line) => `  ${line}`), '}', ''].join(
    '\n',
  );
}

function nodeLine({ id, name, type }: Operation): string {
  return `${id} [label=${quoted(name === type ? name : `${name}\n${type}`)}];`;
}

function edgeLines(graph: Graph, { id }: Operation): string[] {
  const pairs = native.nodeInputs(graph.handle, id);
  const lines: string[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    if (pairs[i]! < 0) continue;
    const from = graph.operationAt(pairs[i]!).outputAt(pairs[i + 1]!);
    lines.push(`${from.op.id} -> ${id} [label=${quoted(typeOf(from))}];`);
  }
  for (const control of native.nodeControls(graph.handle, id)) {
    lines.push(`${control} -> ${id} [style=dashed];`);
  }
  return lines;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
