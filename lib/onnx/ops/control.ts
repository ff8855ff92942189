import { Graph } from '../../graph.js';
import { addOp } from '../../op.js';
import type { StaticShape } from '../../shape.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { type ListType, listTypeOf, setListType } from '../listTypes.js';
import type { Family } from '../mapping.js';
import type { GraphProto } from '../proto.js';
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

/** A body of Loop with what it carries, and the values taken from outside. */
interface Loop {
  readonly body: GraphProto;
  readonly states: readonly Carried[];
  readonly taken: ReadonlyMap<string, Tensor>;
}

function loop(n: ImportNode): readonly Tensor[] {
  const body = n.attrs.graph('body');
  const taken = captures(n.importer.values, [body]);
  let states = body.inputs.slice(2).map(({ name }, i): Carried => {
    const initial = n.input(i + 2);
    return { name, initial, shape: initial.shape, list: listTypeOf(initial) };
  });
  for (let build = 0; build < kMostBuilds; build++) {
    const what = { body, states, taken };
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

/** A name that no value of a file has, for what a loop carries besides. */
const kLimit = '\0limit';

/** The values that are stacked, as one turn gives them. */
function collectedBy({ body, states }: Loop, inner: Subgraph): readonly Tensor[] {
  return body.outputs.slice(states.length + 1).map(({ name }) => inner.value(name));
}

/** The limit, the turn's number, the condition, states, then the values taken from outside. */
function loopArguments(what: Loop): Argument[] {
  const [turn, condition] = what.body.inputs;
  return [
    { name: kLimit, dtype: 'int64', shape: [] },
    { name: turn?.name ?? '', dtype: 'int64', shape: [] },
    { name: condition?.name ?? '', dtype: 'bool', shape: [] },
    ...what.states.map(({ name, initial, shape, list }): Argument => {
      return { name, dtype: initial.dtype, shape, list };
    }),
    ...argumentsOf(what.taken),
  ];
}

function whileOp(n: ImportNode, what: Loop, inner: Subgraph): readonly Tensor[] {
  const { states, taken } = what;
  const most = n.constant(Number.MAX_SAFE_INTEGER, 'int64', []);
  const limit = n.optional(0) ? scalar(n, n.input(0)) : most;
  const condition = n.optional(1) ? scalar(n, n.input(1)) : n.constant(true, 'bool', []);
  const initial = states.map((state) => state.initial);
  const start = [limit, n.constant(0, 'int64', []), condition, ...initial];
  const outputs = n.outs('While', [[...start, ...taken.values()]], {
    Tcollected: collectedBy(what, inner).map(({ dtype }) => dtype),
    cond: conditionGraph(loopArguments(what)).handle,
    body: bodyGraph(what, inner).handle,
  });
  const results = outputs.slice(3, start.length).map((x, i) => listed(x, states[i]?.list));
  return [...results, ...outputs.slice(start.length + taken.size)];
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

/** One turn: all that is carried, as it is after it, and what is collected. */
function bodyGraph(what: Loop, inner: Subgraph): Graph {
  const { body, states, taken } = what;
  const { graph } = inner;
  const add = (type: string, inputs: readonly unknown[]) =>
    addOp(type, inputs, {}, { graph }).outputs[0]!;
  const [condition, ...rest] = body.outputs.map(({ name }) => inner.value(name));
  return giveResults(graph, [
    inner.value(kLimit),
    add('AddV2', [inner.value(body.inputs[0]?.name ?? ''), 1]),
    add('Reshape', [condition, []]),
    ...rest.slice(0, states.length),
    ...[...taken.keys()].map((name) => inner.value(name)),
    ...collectedBy(what, inner),
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
