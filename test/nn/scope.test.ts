import { cond, constant, Graph, nn, placeholder, Session, whileLoop } from '../../lib/index.js';

const { getVariable, variableScope } = nn;

function inGraph<R>(fn: (graph: Graph) => R): R {
  const graph = new Graph();
  return graph.asDefault(() => fn(graph));
}

test('a scope names variables once and ops anew each time', () => {
  inGraph(() => {
    const names = [1, 2].map((k) =>
      variableScope('a', (scope) => {
        expect(scope.name).toBe('a');
        const v = getVariable(`v${k}`, { shape: [2] });
        return [v.name, v.initialValue.name.split('/')[0], placeholder('float32', []).op.name];
      }),
    );
    expect(names).toEqual([
      ['a/v1', 'a', 'a/Placeholder'],
      ['a/v2', 'a', 'a_1/Placeholder'],
    ]);
    variableScope('b', () =>
      variableScope('c', () => {
        expect(getVariable('v', { shape: [] }).name).toBe('b/c/v');
        expect(nn.currentVariableScope().name).toBe('b/c');
      }),
    );
    expect(nn.currentVariableScope().name).toBe('');
  });
});

test('vs-001, vs-002: a name is new, or reused, as the scope says', () => {
  inGraph((graph) => {
    const v = getVariable('v', { shape: [2, 3] });
    expect(() => getVariable('v', { shape: [2, 3] })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^Variable v already exists, disallowed\./),
      }),
    );
    expect(() => getVariable('w', { shape: [2], reuse: true })).toThrow(
      /^Variable w does not exist, or was not created with getVariable\(\)\./,
    );
    expect(getVariable('v', { reuse: true })).toBe(v);
    expect(getVariable('v', { reuse: 'auto' })).toBe(v);
    const twice = [0, 1].map(() =>
      variableScope('s', { reuse: 'auto' }, () => getVariable('x', { shape: [1] })),
    );
    expect(twice[0]).toBe(twice[1]);
    expect(graph.variables.map(({ name }) => name)).toEqual(['v', 's/x']);
    // reuse: true is inherited, and a false inside does not turn it off.
    variableScope('s', { reuse: true }, () => {
      variableScope('t', { reuse: false }, (scope) => expect(scope.reuse).toBe(true));
      expect(() => getVariable('y', { shape: [1] })).toThrow(/Variable s\/y does not exist/);
    });
  });
});

test('a shared variable has the shape and dtype asked for', () => {
  inGraph(() => {
    getVariable('v', { shape: [2, 3] });
    expect(() => getVariable('v', { shape: [2, 4], reuse: true })).toThrow(
      'Trying to share variable v, but specified shape [2, 4] and found shape [2, 3].',
    );
    expect(() => getVariable('v', { dtype: 'float64', reuse: true })).toThrow(
      'Trying to share variable v, but specified dtype float64 and found dtype float32.',
    );
    expect(() => getVariable('w')).toThrow('Shape of a new variable (w) must be fully defined');
    expect(() => getVariable('')).toThrow("Expected a name for name but received ''");
  });
});

test('a scope may be entered again from anywhere, and hides in another graph', () => {
  inGraph(() => {
    const a = variableScope('a', (scope) => scope);
    variableScope('b', () =>
      variableScope(a, { reuse: 'auto' }, () => {
        const v = getVariable('v', { shape: [] });
        expect(v.name).toBe('a/v');
        inGraph(() => expect(getVariable('v', { shape: [] }).name).toBe('v'));
      }),
    );
    const other = new Graph();
    expect(
      variableScope('a', { reuse: 'auto' }, () => getVariable('v', { shape: [], graph: other }))
        .name,
    ).toBe('a/v');
  });
});

test('default names are unique among siblings, and the same when the scope is entered again', () => {
  inGraph(() => {
    const names = () =>
      [0, 1].map(() => variableScope(null, { defaultName: 'dense' }, ({ name }) => name));
    expect(names()).toEqual(['dense', 'dense_1']);
    expect(names()).toEqual(['dense_2', 'dense_3']);
    expect([0, 1].map(() => variableScope('m', names))).toEqual([
      ['m/dense', 'm/dense_1'],
      ['m/dense', 'm/dense_1'],
    ]);
    expect(() => variableScope(null, { defaultName: 'x', reuse: true }, () => 0)).toThrow(
      'reuse: true cannot be used without a name',
    );
    expect(() => variableScope('a b', () => 0)).toThrow("'a b' is not a valid scope name");
    expect(() => variableScope(null, () => 0)).toThrow('Expected a name or a variable scope');
  });
});

test('scopes give defaults and hold over await', async () => {
  await inGraph(async () => {
    const initializer = nn.initializers.constant(3);
    await variableScope('a', { initializer, dtype: 'float64', trainable: false }, async () => {
      await null;
      const v = getVariable('v', { shape: [2] });
      expect([v.name, v.dtype, v.trainable]).toEqual(['a/v', 'float64', false]);
      const w = getVariable('w', { shape: [2], dtype: 'int32', trainable: true });
      expect([w.dtype, w.trainable]).toEqual(['int32', true]);
      await using session = new Session(v.graph);
      await session.run(v.graph.initializer);
      expect((await session.run([v, w])).map((x) => x.toArray())).toEqual([
        [3, 3],
        [3, 3],
      ]);
    });
  });
});

test('branches and loops share variables of the graph around', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const p = placeholder('bool', []);
    const branch = variableScope('a', { reuse: 'auto' }, () =>
      cond(
        p,
        () => getVariable('v', { shape: [], initializer: nn.initializers.ones() }).read(),
        () => getVariable('v', { shape: [] }).read().neg(),
      ),
    );
    const [last] = whileLoop(
      (x) => x.less(10),
      (x) => [variableScope('a', { reuse: true }, () => x.add(getVariable<'float32'>('v')))],
      [branch],
    );
    expect(graph.variables.map(({ name }) => name)).toEqual(['a/v']);
    await session.run(graph.initializer);
    expect((await session.run(last!, { feeds: [[p, false]] })).item()).toBe(10);
    expect((await session.run(branch, { feeds: [[p, false]] })).item()).toBe(-1);
  });
});

test('the regularizer of a scope leaves alone what is not trained', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    const x = constant([
      [1, 2],
      [3, 4],
    ]);
    nn.variableScope('a', { regularizer: nn.l2(1) }, () => {
      nn.batchNorm(x, { training: true, center: false });
      nn.metrics.mean(x);
      getVariable('steps', { shape: [], dtype: 'int32' });
    });
    await session.run(graph.initializer);
    // gamma of ones, and not the moving variance of ones.
    expect((await session.run(nn.regularizationLoss())).item()).toBe(2);
    expect(() => getVariable('n', { shape: [], dtype: 'int32', regularizer: nn.l2(1) })).toThrow(
      'Expected a floating dtype for regularized variable n but received int32',
    );
  });
});

test('regularizers give a loss once per variable', async () => {
  const graph = new Graph();
  await using session = new Session(graph);
  await graph.asDefault(async () => {
    expect((await session.run(nn.regularizationLoss())).item()).toBe(0);
    variableScope('a', { regularizer: nn.l2(0.5) }, () => {
      getVariable('v', { initializer: [1, 2] });
      getVariable('v', { reuse: true });
    });
    getVariable('w', { initializer: [3, -4], regularizer: nn.l1(0.25) });
    await session.run(graph.initializer);
    const losses = [nn.regularizationLoss(), nn.regularizationLoss({ scope: 'a' })];
    expect((await session.run(losses)).map((x) => x.item())).toEqual([0.5 * 5 + 1.75, 2.5]);
  });
});
