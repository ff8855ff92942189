import type { GraphHandle } from '../../../binding.js';
import { native } from '../../../binding.js';
import type { ExportNode } from '../exportNode.js';
import { type ExportFamily, none } from '../table.js';
import { GraphSpec, Value } from '../value.js';
import { compare, scalar } from './common.js';

/** Adds a value to the results of a graph, by way of Identity when it comes from elsewhere. */
export function addOutput(spec: GraphSpec, value: Value): void {
  if (value.node?.graph === spec && !spec.outputs.includes(value)) {
    spec.outputs.push(value);
    return;
  }
  const node = spec.add('Identity', [value], {}, spec.name);
  const copy = new Value(value.dtype, value.shape, node);
  copy.contents = value.contents;
  node.outputs.push(copy);
  spec.outputs.push(copy);
}

/** TensorFlow's truth of a value: numbers that are not 0, and tensors that are not empty. */
function truth(n: ExportNode, x: Value): Value {
  const { dtype, shape } = x;
  if (!shape) return n.unsupported('a condition of unknown rank');
  if (shape.length > 0) {
    const size = n.op('Size', [x], {}, { dtype: 'int64' });
    return compare(n, 'Greater', size, scalar(n, 0, 'int64'));
  }
  if (dtype === 'bool') return x;
  if (dtype === 'string') return n.unsupported('a condition that is a string');
  return n.op('Not', [compare(n, 'Equal', x, scalar(n, 0, dtype))]);
}

function branch(n: ExportNode, attr: string): GraphSpec {
  const name = `${n.name}/${attr.replace('_branch', '')}`;
  const spec = new GraphSpec(name);
  const results = n.exporter.inside(n.graph(attr), spec, name, parametersOf(n, 1));
  for (const value of results) addOutput(spec, value);
  return spec;
}

/** Inputs from `first` on, those left out as they are. */
function parametersOf(n: ExportNode, first: number): readonly Value[] {
  return n.inputs.slice(first).map((_, i) => n.input(first + i));
}

function ifOp(n: ExportNode): readonly Value[] {
  const [thenSpec, elseSpec] = [branch(n, 'then_branch'), branch(n, 'else_branch')];
  const made = n.outputs.map((dtype, i) => ({
    dtype,
    contents: thenSpec.outputs[i]?.contents,
  }));
  const attributes = { then_branch: { g: thenSpec }, else_branch: { g: elseSpec } };
  return n.ops('If', [truth(n, n.x)], attributes, made);
}

/** Which of a body's results are its parameters of the same place: these do not change. */
function unchanged(body: GraphHandle): ReadonlySet<number> {
  const same = new Set<number>();
  const pairs = native.graphResults(body);
  for (let i = 0; i < pairs.length; i += 2) {
    const id = pairs[i]!;
    if (pairs[i + 1] !== 0) continue;
    const [type] = native.describeNode(body, id);
    if (type === 'Parameter' && Number(native.nodeAttr(body, id, 'index')) === i / 2) {
      same.add(i / 2);
    }
  }
  return same;
}

function whileOp(n: ExportNode): readonly Value[] {
  const [cond, body] = [n.graph('cond'), n.graph('body')];
  const fixed = unchanged(body);
  const initial = n.all;
  const places = initial.flatMap((_, i) => (fixed.has(i) ? [] : [i]));
  const holds = (spec: GraphSpec, values: readonly Value[], name: string) => {
    const [result] = n.exporter.inside(cond, spec, `${n.name}/${name}`, values);
    return truth(n.at(spec), result!);
  };
  const first = holds(n.exporter.spec, initial, 'first');
  const spec = new GraphSpec(`${n.name}/body`);
  const turn = new Value('int64', []);
  turn.wish = `${n.name}/turn`;
  const before = new Value('bool', []);
  before.wish = `${n.name}/goes on`;
  spec.inputs.push(turn, before);
  const parameters = initial.map((value, i) => {
    if (fixed.has(i)) return value;
    const parameter = new Value(value.dtype, n.outputShape(i));
    parameter.contents = value.contents;
    parameter.wish = `${n.name}/state_${i}`;
    spec.inputs.push(parameter);
    return parameter;
  });
  const results = n.exporter.inside(body, spec, `${n.name}/body`, parameters);
  addOutput(spec, holds(spec, results, 'cond'));
  for (const i of places) addOutput(spec, results[i]!);
  const collected = results.slice(initial.length);
  for (const value of collected) addOutput(spec, value);
  const given = [...places.map((i) => results[i]!), ...collected];
  const made = given.map(({ dtype, contents }) => ({ dtype, contents }));
  const inputs = [limitOf(n), first, ...places.map((i) => initial[i]!)];
  const outputs = n.ops('Loop', inputs, { body: { g: spec } }, made);
  const states = initial.map((value, i) => (fixed.has(i) ? value : outputs[places.indexOf(i)]!));
  return [...states, ...outputs.slice(places.length)];
}

function limitOf(n: ExportNode): Value | undefined {
  const limit = Number(n.attr('maximum_iterations') ?? -1);
  return limit < 0 ? undefined : scalar(n, limit, 'int64');
}

/** A value for each parameter of a body, and those from outside as they are. */
function scan(n: ExportNode): readonly Value[] {
  const count = (name: string) => n.texts(name).length;
  const [states, sequences] = [count('Tstate'), count('Tsequence')];
  const spec = new GraphSpec(`${n.name}/body`);
  const parameters = n.all.map((value, i) => {
    if (i >= states + sequences) return value;
    const shape = i < states ? n.outputShape(i) : value.shape?.slice(1);
    const parameter = new Value(value.dtype, shape);
    parameter.wish = `${n.name}/${i < states ? 'state' : 'slice'}_${i}`;
    spec.inputs.push(parameter);
    return parameter;
  });
  const results = n.exporter.inside(n.graph('body'), spec, `${n.name}/body`, parameters);
  for (const value of results) addOutput(spec, value);
  const made = n.outputs.map((dtype) => ({ dtype }));
  const directions = (length: number) => new Array<number>(length).fill(n.flag('reverse') ? 1 : 0);
  const attributes = {
    body: { g: spec },
    num_scan_inputs: sequences,
    scan_input_directions: directions(sequences),
    scan_output_directions: directions(results.length - states),
  };
  return n.ops('Scan', n.all.slice(0, states + sequences), attributes, made);
}

function call(n: ExportNode): readonly Value[] {
  return n.exporter.inside(n.graph('f'), n.exporter.spec, n.name, parametersOf(n, 0));
}

function literal(n: ExportNode): Value {
  const data = n.exporter.literal(n.id);
  return n.exporter.context.constant(data, n.name);
}

function read(n: ExportNode): Value {
  const value = n.exporter.context.variables.get(n.x);
  return value ?? n.unsupported('a variable that the caller does not know');
}

export const control = {
  Const: literal,
  CustomGradient: (n) => n.all.slice(0, n.outputs.length),
  If: ifOp,
  JsFunction: none('a function of JavaScript cannot be written to a file'),
  Parameter: (n) => n.exporter.parameter(n.int('index')),
  PartitionedCall: call,
  Placeholder: none('it is no input: list it in inputs'),
  PlaceholderWithDefault: (n) => n.x,
  ReadVariableOp: read,
  StatefulPartitionedCall: call,
  Scan: scan,
  StatelessIf: ifOp,
  StatelessScan: scan,
  StatelessWhile: whileOp,
  VarHandleOp: none('a variable itself is no value'),
  While: whileOp,
} satisfies ExportFamily;
