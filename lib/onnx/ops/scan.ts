import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';
import type { GraphProto, NodeProto } from '../proto.js';
import { attributesOf } from '../writeAttributes.js';
import { nothingOf } from './choose.js';
import { castTo } from './numbers.js';
import { dimTensor, upTo } from './shapes.js';

/** A scan over axes of its inputs, as the attributes of a node say. */
interface Scan {
  readonly body: GraphProto;
  readonly states: readonly Tensor[];
  /** Names of the values that are walked through. */
  readonly walked: readonly string[];
  readonly axes: readonly number[];
  readonly backwards: readonly boolean[];
  /** How many turns there are, when it is not the size of the axes. */
  readonly length?: Tensor;
}

const kTurn = '\0turn';
const kLength = '\0length';
const kPlace = '\0place';
const kGoesOn = '\0goes on';
const kOne = '\0one';

function node(opType: string, inputs: string[], output: string, attrs = {}): NodeProto {
  const attributes = attributesOf(attrs);
  return { name: output, opType, domain: '', inputs, outputs: [output], attributes };
}

/** The body of a Loop that does what one turn of the scan does. */
function loopBody({ body, states, walked, axes, backwards }: Scan): GraphProto {
  const picked = body.inputs.slice(states.length);
  const picks = picked.map(({ name }, i) => {
    const at = backwards[i] ? kPlace : kTurn;
    return node('Gather', [walked[i] ?? '', at], name, { axis: axes[i] ?? 0 });
  });
  const value = (name: string) => ({ name, type: undefined });
  return {
    ...body,
    nodes: [
      node('Identity', [`${kTurn} condition`], kGoesOn),
      node('Constant', [], kOne, { value_int: 1 }),
      node('Sub', [kLength, kTurn], `${kPlace} after`),
      node('Sub', [`${kPlace} after`, kOne], kPlace),
      ...picks,
      ...body.nodes,
    ],
    inputs: [value(kTurn), value(`${kTurn} condition`), ...body.inputs.slice(0, states.length)],
    outputs: [value(kGoesOn), ...body.outputs],
  };
}

function scanned(n: ImportNode, scan: Scan): readonly (Tensor | undefined)[] {
  const { values } = n.importer;
  const [first = ''] = scan.walked;
  const length = scan.length ?? dimTensor(n, values.tensor(first), scan.axes[0] ?? 0);
  values.define(kLength, length);
  const inputs = [length, undefined, ...scan.states];
  const { importer } = n;
  return importer.apply(n, 'Loop', inputs, { body: loopBody(scan) }, scan.body.outputs.length);
}

function directions(n: ImportNode, name: string): (i: number) => boolean {
  const given = n.attrs.ints(name, undefined);
  return (i) => given?.[i] === 1;
}

/** What a turn gives lies along axis 0; moved to the axis asked for, and turned around. */
function arranged(n: ImportNode, x: Tensor, axis: number, isBackwards: boolean): Tensor {
  const y = isBackwards ? n.op('ReverseV2', [x, [0]]) : x;
  if (axis === 0) return y;
  const to = n.axis(axis, n.rank(y));
  const others = upTo(n.rank(y)).slice(1);
  return n.op('Transpose', [y, others.toSpliced(to, 0, 0)]);
}

function scan(n: ImportNode): readonly (Tensor | undefined)[] {
  const body = n.attrs.graph('body');
  const count = n.attrs.int('num_scan_inputs');
  const states = upTo(n.inputCount - count).map((i) => n.input(i));
  const walked = n.proto.inputs.slice(states.length);
  const axes = n.attrs.ints('scan_input_axes', undefined) ?? walked.map(() => 0);
  const places = walked.map((_, i) => n.axis(axes[i] ?? 0, n.rank(n.input(states.length + i))));
  const isBackwards = directions(n, 'scan_input_directions');
  const backwards = walked.map((_, i) => isBackwards(i));
  const outputs = scanned(n, { body, states, walked, axes: places, backwards });
  const outputAxes = n.attrs.ints('scan_output_axes', undefined);
  const isTurned = directions(n, 'scan_output_directions');
  return outputs.map((x, i) => {
    const at = i - states.length;
    if (!x || at < 0) return x;
    return arranged(n, x, outputAxes?.[at] ?? 0, isTurned(at));
  });
}

/** Zeros behind the end of a sequence that is shorter than the longest. */
function lengthened(n: ImportNode, y: Tensor, length: Tensor, total: Tensor): Tensor {
  const zero = n.constant(0, 'int64', []);
  const amounts = n.op('Pack', [[zero, n.op('Sub', [total, length])]], { axis: 0 });
  return n.call('Pad', [y, amounts, nothingOf(n, y.dtype), [0]]);
}

/** Opset 8 scans each row of a batch for itself. */
function batchedScan(n: ImportNode): readonly (Tensor | undefined)[] {
  const body = n.attrs.graph('body');
  const count = n.attrs.int('num_scan_inputs');
  const stateCount = n.inputCount - 1 - count;
  const batch = n.input(1).shape?.[0];
  if (typeof batch !== 'number') return n.unsupported('a batch of unknown size');
  const isBackwards = directions(n, 'directions');
  const rows = upTo(batch).map((row) => {
    const of = (i: number) => n.op('GatherV2', [n.input(i + 1), row, 0]);
    const states = upTo(stateCount).map(of);
    const walked = upTo(count).map((i) => {
      const name = `\0row ${row} ${i} ${n.proto.outputs.join()}`;
      n.importer.values.define(name, of(stateCount + i));
      return name;
    });
    const backwards = walked.map((_, i) => isBackwards(i));
    const lengths = n.optional(0);
    const length = lengths && castTo(n, n.op('GatherV2', [lengths, row, 0]), 'int64');
    const axes = walked.map(() => 0);
    const outputs = scanned(n, {
      body,
      states,
      walked,
      axes,
      backwards,
      ...(length && { length }),
    });
    if (!length) return outputs;
    const total = dimTensor(n, of(stateCount), 0);
    return outputs.map((y, i) => (y && i >= stateCount ? lengthened(n, y, length, total) : y));
  });
  return body.outputs.map((_, i) => n.op('Pack', [rows.map((row) => row[i])], { axis: 0 }));
}

export const scans: Family = { Scan: { 8: batchedScan, 9: scan } };
