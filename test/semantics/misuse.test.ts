// What people who know TensorFlow 1 write first, and what they are told.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  add,
  cond,
  constant,
  type EvalOptions,
  Graph,
  gradients,
  greater,
  group,
  identity,
  importGraphDef,
  jsFunction,
  mul,
  placeholder,
  print,
  type RunOptions,
  Session,
  type Tensor,
  tuple,
  variable,
} from '../../lib/index.js';
import { engineError, inGraph, mistyped, typeError } from './inGraph.js';

inGraph('feeds in the place of options', async ({ session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  const y = mul(x, 2);
  const hint = 'Feeds are given as run(fetches, { feeds })';
  for (const feeds of [{ x: 1 }, new Map([[x, 1]]), [[x, 1]]]) {
    const options = mistyped<RunOptions>(feeds);
    expect(() => session.runSync(y, options)).toThrow(typeError('the options of run', hint));
    await expect(session.run(y, options)).rejects.toThrow(typeError(hint));
  }
});

inGraph('sessions and signals that are none', async ({ session }) => {
  const c = constant(1);
  const options = mistyped<EvalOptions>({ session: 5 });
  await expect(c.eval(options)).rejects.toThrow(typeError('Expected a Session for session'));
  await expect(c.op.run(options)).rejects.toThrow(typeError('Expected a Session for session'));
  const signal = mistyped<AbortSignal>(3);
  await expect(session.run(c, { signal })).rejects.toThrow(typeError('an AbortSignal for signal'));
  expect(() => session.runSync(c, { signal })).toThrow(typeError('an AbortSignal for signal'));
  expect(c.evalSync({ session: mistyped<Session>(null) }).item()).toBe(1);
});

inGraph('a variable is fed by its name too', async ({ session }) => {
  const v = variable([1, 2], { name: 'v' });
  const y = add(v, v.read());
  await session.initialize();
  for (const key of ['v', 'v:0']) {
    expect(session.runSync(y, { feeds: { [key]: [10, 20] } }).toArray()).toEqual([20, 40]);
  }
  expect(session.runSync(y).toArray()).toEqual([2, 4]);
  await expect(v.load([1, 2, 3], { session })).rejects.toThrow(
    engineError('INVALID_ARGUMENT', "Expected shape [2] for the value of 'v' but received [3]"),
  );
  expect(() => v.loadSync(mistyped<number>('a'), { session })).toThrow(typeError("value of 'v'"));
  v.loadSync([5, 6], { session });
  expect(session.runSync(v).toArray()).toEqual([5, 6]);
});

inGraph('lists where lists are wanted', ({ graph }) => {
  const a = constant(1, { name: 'a' });
  const within = (inputs: unknown) => () =>
    graph.controlDependencies(mistyped<Tensor[]>(inputs), () => constant(2, { name: 'b' }));
  expect(within(a)).toThrow(typeError('Expected a list of operations and tensors, or null'));
  expect(within([5])).toThrow(typeError('Can not convert a number into a Tensor or Operation.'));
  expect(within(['nope'])).toThrow(engineError('NOT_FOUND', "'nope' refers to an Operation not"));
  expect(within(['a', 'a:0'])().op.controlInputs).toEqual([a.op]);
  expect(() => group(mistyped<Tensor[]>(a))).toThrow(typeError('a list of operations and tensors'));
  expect(() => group(mistyped<Tensor[]>([3]))).toThrow(typeError('group() expected operations'));
  expect(() => tuple(mistyped<Tensor[]>(a))).toThrow(typeError('a list of tensors for tensors'));
  const graphs = mistyped<Graph>(5);
  expect(() => importGraphDef({}, { graph: graphs })).toThrow(typeError('a Graph for graph'));
});

inGraph('devices that are none', ({ graph }) => {
  for (const name of ['/x:0', 'x', '/job:', 'cpu:0/cpu:1']) {
    expect(() => graph.device(name, () => constant(1))).toThrow(
      engineError('INVALID_ARGUMENT', `Malformed device specification '${name}'`),
    );
  }
  const fn = mistyped<string>(() => 'cpu:0');
  expect(() => graph.device(fn, () => 1)).toThrow(typeError('the name of a device or null'));
  expect(graph.device('/device:TPU:0', () => constant(1)).op.device).toBe('/device:TPU:0');
});

inGraph('predicates, and tensors of a branch outside of it', async ({ session }) => {
  const x = placeholder('float32', [], { name: 'x' });
  const branches = (pred: Tensor) => () =>
    cond(
      pred as Tensor<'bool'>,
      () => x,
      () => x,
    );
  const text = 'pred must be a scalar of dtype bool: ';
  expect(branches(x)).toThrow(engineError('INVALID_ARGUMENT', `${text}'x:0' is float32 []`));
  expect(branches(constant([true, false]))).toThrow(engineError('INVALID_ARGUMENT', 'is bool [2]'));
  const leaked: Tensor[] = [];
  cond(
    greater(x, 0),
    () => {
      leaked.push(mul(x, 2, { name: 'inside' }));
      return leaked[0]!;
    },
    () => x,
  );
  const [inside] = leaked;
  const fetched = engineError('INVALID_ARGUMENT', "Operation 'cond/inside' has been marked as not");
  await expect(inside!.eval()).rejects.toThrow(fetched);
  await expect(inside!.op.run({ session })).rejects.toThrow(fetched);
  expect(() => gradients(inside!, [x])).toThrow(
    engineError('INVALID_ARGUMENT', "Cannot use 'cond/inside' as input to 'gradients'"),
  );
});

inGraph(
  'host functions take variables; what is wrong with a result is said in a line',
  async ({ session }) => {
    const v = variable([1, 2], { name: 'v' });
    await session.initialize();
    const [sum] = jsFunction((a) => Number(a.data[0]) + Number(a.data[1]), [v], ['float32']);
    expect((await session.run(sum)).item()).toBe(3);
    const failing: [() => unknown, string][] = [
      [
        () => 'text',
        "JsFunction 'f': Expected a number (float32) for value 0 returned by f but received 'text'",
      ],
      [() => undefined, 'for value 0 returned by f_1 but received undefined'],
    ];
    for (const [fn, text] of failing) {
      const [y] = jsFunction(mistyped<() => number>(fn), [v], ['float32'], { name: 'f' });
      const message = await session.run(y).catch((error: Error) => error.message);
      expect(message).toContain(text);
      expect(message).not.toContain('\n');
    }
    const [thrown] = jsFunction(
      () => {
        throw new RangeError('mine');
      },
      [v],
      ['float32'],
    );
    await expect(session.run(thrown)).rejects.toThrow(/RangeError: mine\n.*misuse\.test/s);
  },
);

inGraph('what cannot be written to', async ({ session }) => {
  const c = identity(constant(1));
  const stream = mistyped<{ write(text: string): unknown }>(5);
  expect(() => print(c, { stream })).toThrow(typeError('Expected something with a function write'));
  expect(() => print(c, { firstN: -1 })).toThrow(typeError('for firstN'));
  variable(1, { name: 'v' });
  await session.initialize();
  const path = join(tmpdir(), 'tensorwright-no-such-folder', 'file');
  const error = engineError('NOT_FOUND', `Parent directory of ${path} doesn't exist, can't save.`);
  await expect(session.save(path)).rejects.toThrow(error);
  expect(() => session.saveSync(path)).toThrow(error);
});

test('operations and errors know the line that added them, when the graph is to keep it', async () => {
  const graph = new Graph({ callSites: true });
  const [x, y] = graph.asDefault(() => {
    const x = placeholder('float32', null, { name: 'x' });
    return [x, add(x, [1, 2], { name: 'y' })];
  });
  expect(y!.op.definedAt).toMatch(/misuse\.test\.ts:\d+:\d+$/);
  await using session = new Session(graph);
  const feeds: [[Tensor, number[]]] = [[x!, [1, 2, 3]]];
  const place = `AddV2 'y': shapes [3] and [2] cannot be broadcast`;
  const error = engineError('INVALID_ARGUMENT', place, `(defined at ${y!.op.definedAt})`);
  const prepared = session.prepare(y!, { feeds: [x!] });
  expect(() => session.runSync(y!, { feeds })).toThrow(error);
  await expect(session.run(y!, { feeds })).rejects.toThrow(error);
  await expect(prepared.run([1, 2, 3])).rejects.toThrow(error);
  expect(() => prepared.runSync([1, 2, 3])).toThrow(error);
  await expect(session.run(y!)).rejects.toThrow(`(defined at ${x!.op.definedAt})`);
  expect(session.runSync(y!, { feeds: [[x!, [1, 2]]] }).toArray()).toEqual([2, 4]);
  const plain = new Graph();
  expect(plain.asDefault(() => constant(1)).op.definedAt).toBe('');
  expect(() => new Graph(mistyped<object>({ callSite: true }))).toThrow(typeError('callSite'));
  expect(() => new Graph({ callSites: mistyped<boolean>(1) })).toThrow(typeError('a boolean'));
  expect(() => graph.asDefault(mistyped<() => void>(3))).toThrow(typeError('a function for fn'));
  const options = mistyped<object>({ grad_ys: [] });
  expect(() => gradients(y!, [x!], options)).toThrow(typeError("gradients but received 'grad_ys'"));
});
