// What a TypeScript user writes: scripts/pack-test.mjs compiles it strictly against the
// declarations of the installed package, and runs it.
import assert from 'node:assert/strict';
import type { NDArray, Tensor } from 'tensorwright';
import {
  cond,
  constant,
  Graph,
  gradients,
  placeholder,
  Session,
  variable,
  whileLoop,
} from 'tensorwright';
import { formatNpy, parseNpy } from 'tensorwright/io';
import { dense } from 'tensorwright/nn';
import { load, save } from 'tensorwright/onnx';
import { adam } from 'tensorwright/train';

await using graph = new Graph();
const model = graph.asDefault(() => {
  const x: Tensor<'float32'> = placeholder('float32', [null, 2], { name: 'x' });
  const scale = variable([1, 2], { name: 'scale' });
  const y = dense(scale.mul(x), 3).relu();
  const larger: Tensor<'bool'> = y.sum().greater(1);
  const chosen = cond(
    larger,
    () => y.neg(),
    () => y.add(1),
  );
  const [count] = whileLoop(
    (i) => i.less(10),
    (i) => [i.add(3)],
    [constant(0, { dtype: 'int32' })],
  );
  const [slope] = gradients(y.sum(), [scale], { unconnected: 'zero' });
  return { x, y, chosen, count, slope, step: adam(0.1).minimize(y.square().mean()) };
});

await using session = new Session(graph, { threads: 1 });
await session.run(graph.initializer);
const feeds = new Map([[model.x, [[1, 2]]]]);
const { x, step, ...rest } = model;
const results = await session.run({ rest, both: [x, step] as const }, { feeds });
const first: NDArray<'float32'> = results.both[0];
const nothing: null = results.both[1];
const count: number = results.rest.count.item();
assert.deepEqual([first.toArray(), nothing, count], [[[1, 2]], null, 12]);
assert.equal(typeof (await constant(1n).cast('int64').eval()).item(), 'bigint');
assert.deepEqual(parseNpy(formatNpy(first)).shape, [1, 2]);

await save(graph, { y: model.y }, 'usage.onnx', { session });
const { inputs, outputs } = await load('usage.onnx');
const again = await outputs.y!.add(0).eval({ feeds: [[inputs.x!, first]] });
assert.equal(again.rank, 2);

// @ts-expect-error: the dtypes differ
const wrong: Tensor<'int32'> = model.y;
// @ts-expect-error: the option is called feeds
await assert.rejects(session.run(wrong, { feed: {} }), TypeError);
