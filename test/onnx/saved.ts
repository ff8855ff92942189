import { type Graph, type NDArray, onnx, Session, type Tensor } from '../../lib/index.js';

export function run(
  model: onnx.Model,
  feeds: Readonly<Record<string, unknown>>,
): Record<string, NDArray> {
  const session = new Session(model.graph);
  const given = Object.entries(feeds).map(([name, value]) => [model.inputs[name]!, value] as const);
  const results = session.runSync(model.outputs, { feeds: given as never });
  session[Symbol.dispose]();
  return results;
}

/** What fetches give from the graph and from the file made of it. */
export function both(graph: Graph, fetches: Record<string, Tensor>, feeds: [Tensor, unknown][]) {
  const session = new Session(graph);
  const own = session.runSync(fetches, { feeds: feeds as never });
  session[Symbol.dispose]();
  const model = onnx.loadSync(onnx.saveSync(graph, fetches));
  const named = Object.fromEntries(feeds.map(([x, value]) => [x.op.name, value]));
  const got = run(model, named);
  const plain = (values: Record<string, NDArray>) =>
    Object.entries(values).map(([name, value]) => [name, value.dtype, value.toArray()]);
  return { own: plain(own), got: plain(got), model };
}
