import type { DType } from '../../dtype.js';
import { Graph } from '../../graph.js';
import { addOp } from '../../op.js';
import type { StaticShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { type ListType, listTypeOf, setListType } from '../listTypes.js';
import type { Family } from '../mapping.js';
import { valueInfo } from '../model.js';
import type { GraphProto, ValueInfoProto } from '../proto.js';
import { type Argument, captures, giveResults, parameters, Subgraph } from '../subgraph.js';

function argumentsOf(values: ReadonlyMap<string, Tensor>): Argument[] {
  return [...values].map(([name, tensor]) => {
    const { dtype, shape } = tensor;
    return { name, dtype, shape, list: listTypeOf(tensor) };
  });
}

function ifNode(n: ImportNode): readonly Tensor[] {
  const bodies = [n.attrs.graph('then_branch'), n.attrs.graph('else_branch')];
  const taken = captures(n.importer.values, bodies);
  const branches = bodies.map((body) => {
    const inner = new Subgraph(n.importer, body, argumentsOf(taken));
    const results = body.outputs.map(({ name }) => inner.value(name));
    return {
      graph: giveResults(inner.graph, results),
      dtypes: results.map(({ dtype }) => dtype),
      lists: results.map(listTypeOf),
    };
  });
  const [yes, no] = branches;
  const outputs = n.outs('If', [n.op('Reshape', [n.x, []]), [...taken.values()]], {
    then_branch: yes?.graph.handle,
    else_branch: no?.graph.handle,
    Tout: yes?.dtypes,
  });
  return outputs.map((output, i) => listed(output, yes?.lists[i] ?? no?.lists[i]));
}

function listed(x: Tensor, list: ListType | undefined): Tensor {
  if (list) setListType(x, list);
  return x;
}

/** One value that a loop carries from turn to turn. */
interface Carried {
  readonly name: string;
  readonly initial: Tensor;
  readonly shape: StaticShape;
  readonly list: ListType | undefined;
}

/** So many times a body is built until the shapes that go in cover those that come out. */
const kMostBuilds = 6;

/** A body of Loop with what it carries: states of the model, and values that it collects. */
interface Loop {
  readonly body: GraphProto;
  readonly states: readonly Carried[];
  readonly taken: ReadonlyMap<string, Tensor>;
  /** Of the values that are collected. */
  readonly types: readonly DType[];
}

function loop(n: ImportNode): readonly Tensor[] {
  const body = n.attrs.graph('body');
  const taken = captures(n.importer.values, [body]);
  let states = body.inputs.slice(2).map(({ name }, i): Carried => {
    const initial = n.input(i + 2);
    return { name, initial, shape: initial.shape, list: listTypeOf(initial) };
  });
  const types = collectedTypes(n, { body, states, taken, types: [] });
  for (let build = 0; build < kMostBuilds; build++) {
    const what = { body, states, taken, types };
    const inner = new Subgraph(n.importer, body, loopArguments(what));
    const after = states.map((state, i) => {
      const value = inner.value(body.outputs[i + 1]?.name ?? '');
      const list = state.list ?? listTypeOf(value);
      return { ...state, shape: common(state.shape, value.shape), list };
    });
    const settled = (state: Carried, i: number) =>
      equal(state.shape, states[i]!.shape) && state.list === states[i]!.list;
    if (after.every(settled)) {
      return whileOp(n, what, inner);
    }
    states = after;
  }
  return n.unsupported('a loop whose shapes do not settle');
}

/** Names that no value of a file has, for what a loop carries besides. */
const kLimit = '\0limit';
const kCollected = '\0collected';
const kDims = '\0dims';

function collectedBy({ body, states }: Loop): readonly ValueInfoProto[] {
  return body.outputs.slice(states.length + 1);
}

/**
 * The limit, the turn's number, the condition, states, then for each value that is collected its
 * elements so far and the dims of one, then the values taken from outside.
 */
function loopArguments(what: Loop): Argument[] {
  const [turn, condition] = what.body.inputs;
  return [
    { name: kLimit, dtype: 'int64', shape: [] },
    { name: turn?.name ?? '', dtype: 'int64', shape: [] },
    { name: condition?.name ?? '', dtype: 'bool', shape: [] },
    ...what.states.map(({ name, initial, shape, list }): Argument => {
      return { name, dtype: initial.dtype, shape, list };
    }),
    ...what.types.flatMap((dtype, i): Argument[] => [
      { name: kCollected + i, dtype, shape: [null] },
      { name: kDims + i, dtype: 'int64', shape: [null] },
    ]),
    ...argumentsOf(what.taken),
  ];
}

/** The dtypes of what is collected: as the file says, else as the body gives them. */
function collectedTypes(n: ImportNode, what: Loop): readonly DType[] {
  const outputs = collectedBy(what);
  const said = outputs.map((output) => valueInfo(output).dtype);
  if (!said.includes(undefined)) return said.flatMap((dtype) => dtype ?? []);
  const probe = new Subgraph(n.importer, what.body, loopArguments(what));
  return outputs.map(({ name }) => probe.value(name).dtype);
}

function whileOp(n: ImportNode, what: Loop, inner: Subgraph): readonly Tensor[] {
  const { states, taken } = what;
  const nothing = collectedBy(what).flatMap((output, i) => {
    const rank = inner.value(output.name).rank ?? n.unsupported('a scan output of unknown rank');
    const dims = n.constant(new Array<number>(rank).fill(0), 'int64', [rank]);
    return [n.constant([], what.types[i]!, [0]), dims];
  });
  const most = n.constant(Number.MAX_SAFE_INTEGER, 'int64', []);
  const limit = n.optional(0) ? scalar(n, n.input(0)) : most;
  const condition = n.optional(1) ? scalar(n, n.input(1)) : n.constant(true, 'bool', []);
  const initial = states.map((state) => state.initial);
  const start = [limit, n.constant(0, 'int64', []), condition, ...initial];
  const outputs = n.outs('While', [[...start, ...nothing, ...taken.values()]], {
    cond: conditionGraph(loopArguments(what)).handle,
    body: bodyGraph(what, inner).handle,
  });
  const turns = n.op('Reshape', [outputs[1], [1]]);
  const scans = collectedBy(what).map((_, i) => {
    const at = start.length + 2 * i;
    const rank = inner.value(collectedBy(what)[i]?.name ?? '').rank ?? 0;
    const dims = n.op('Reshape', [outputs[at + 1], [rank]]);
    return n.op('Reshape', [outputs[at], n.op('ConcatV2', [[turns, dims], 0])]);
  });
  const results = outputs.slice(3, start.length).map((x, i) => listed(x, states[i]?.list));
  return [...results, ...scans];
}

function scalar(n: ImportNode, x: Tensor): Tensor {
  return n.op('Reshape', [x, []]);
}

/** Whether there is another turn. */
function conditionGraph(args: readonly Argument[]): Graph {
  const graph = new Graph({ defaultSession: false });
  const [limit, turn, condition] = parameters(graph, args);
  const below = addOp('Less', [turn, limit], {}, { graph }).outputs[0]!;
  const goesOn = addOp('LogicalAnd', [below, condition], {}, { graph }).outputs;
  return giveResults(graph, goesOn);
}

/** One turn: all that is carried, as it is after it. */
function bodyGraph({ body, states, taken }: Loop, inner: Subgraph): Graph {
  const { graph } = inner;
  const add = (
    type: string,
    inputs: readonly unknown[],
    attrs: Readonly<Record<string, unknown>> = {},
  ) => addOp(type, inputs, attrs, { graph }).outputs[0]!;
  const [condition, ...rest] = body.outputs.map(({ name }) => inner.value(name));
  const collected = rest
    .slice(states.length)
    .flatMap((element, i) => [
      add('ConcatV2', [[inner.value(kCollected + i), add('Reshape', [element, [-1]])], 0]),
      add('Shape', [element], { out_type: 'int64' }),
    ]);
  return giveResults(graph, [
    inner.value(kLimit),
    add('AddV2', [inner.value(body.inputs[0]?.name ?? ''), 1]),
    add('Reshape', [condition, []]),
    ...rest.slice(0, states.length),
    ...collected,
    ...[...taken.keys()].map((name) => inner.value(name)),
  ]);
}

function equal(a: StaticShape, b: StaticShape): boolean {
  return a === b || (a !== null && b !== null && a.join() === b.join());
}

/** What two shapes have in common. */
function common(a: StaticShape, b: StaticShape): StaticShape {
  if (a === null || b === null || a.length !== b.length) return null;
  return a.map((dim, i) => (dim === b[i] ? dim : null));
}

export const control: Family = { If: ifNode, Loop: loop };
