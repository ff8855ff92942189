import { addOp, Graph, identity, placeholder, Session } from '../../lib/index.js';

function build() {
  const graph = new Graph();
  return graph.asDefault(() => {
    const x = placeholder('float32', [null], { name: 'x' });
    return { graph, x, y: identity(x, { name: 'y' }), noOp: addOp('NoOp', [], {}) };
  });
}

describe('eval', () => {
  test('looks for a session in the documented order', async () => {
    const { graph, x, y, noOp } = build();
    const other = new Session(new Graph());
    const mine = new Session(graph);
    const feeds = { x: [1] };
    expect((await y.eval({ feeds })).item()).toBe(1);
    expect(y.evalSync({ feeds, session: mine }).item()).toBe(1);
    expect(mine.asDefault(() => y.evalSync({ feeds }).item())).toBe(1);
    expect(await noOp.run()).toBeNull();
    expect(() => y.evalSync({ feeds, session: other })).toThrow(
      "Cannot use the given session to evaluate tensor: the tensor's graph is different from the session's graph.",
    );
    await other.asDefault(async () => {
      await new Promise(setImmediate);
      await expect(y.eval({ feeds })).rejects.toThrow(
        "Cannot use the default session to evaluate tensor: the tensor's graph is different from the session's graph. Pass an explicit session to `eval(session=sess)`.",
      );
      expect(() => noOp.runSync()).toThrow(
        "Cannot use the default session to execute operation: the operation's graph is different from the session's graph. Pass an explicit session to run(session=sess).",
      );
      expect(mine.asDefault(() => x.evalSync({ feeds }).item())).toBe(1);
    });
    await mine.close();
    expect(() => mine.asDefault(() => y.evalSync({ feeds }))).toThrow('closed Session');
    await graph.close();
  });

  test('without a default session', () => {
    const graph = new Graph({ defaultSession: false });
    const y = graph.asDefault(() => identity(1));
    expect(graph.defaultSession).toBeNull();
    expect(() => y.evalSync()).toThrow(
      'Cannot evaluate tensor using `eval()`: No default session is registered. Use `with sess.as_default()` or pass an explicit session to `eval(session=sess)`',
    );
    expect(() => y.op.runSync()).toThrow(
      'Cannot execute operation using `run()`: No default session is registered.',
    );
  });
});
