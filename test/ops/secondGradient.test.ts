import { EngineError } from '../../lib/errors.js';
import { gradients } from '../../lib/gradients.js';
import { type NDArray, ndarray } from '../../lib/ndArray.js';
import { placeholder } from '../../lib/placeholder.js';
import { Session } from '../../lib/session.js';
import { sizeOf } from '../../lib/shape.js';
import type { Tensor } from '../../lib/tensor.js';
import { type Cases, isUntested, isValueCase, type ValueCase } from './case.js';
import { cases } from './cases/index.js';
import {
  compare,
  type Differentiated,
  differentiate,
  instanceFor,
  precise,
  weight,
  weighted,
} from './differentiate.js';
import { emptyCells } from './emptyCells.js';

/** Rows whose gradient is differentiated again: few of each op, and small ones. */
const most = { rows: 3, elements: 40 };

const sized = (name: string, row: ValueCase) =>
  instanceFor(name, row, precise(name, row))
    .inputs.flat()
    .reduce((sum, input) => sum + (input?.size ?? 0), 0);

const checked = Object.entries<Cases>(cases).flatMap(([name, rows]) => {
  if (isUntested(rows)) return [];
  const own = rows.filter(isValueCase).filter((row) => row.gradient && !row.onceOnly);
  const bySize = own.map((row, i) => ({ name, row, i, size: sized(name, row) }));
  const small = bySize.filter(({ size }) => size > 0 && size <= most.elements);
  const left = small.length > 0 ? small : bySize.sort((a, b) => a.size - b.size).slice(0, 1);
  return left.slice(0, most.rows);
});

const refusal = (name: string) => emptyCells[name]?.['second derivative'];

/** What gives the weighted sum of the gradients, and its derivative by the inputs and weights. */
function twice({ graph, inputs, grads, weights, feeds }: Differentiated) {
  return graph.asDefault(() => {
    const flow = grads.map((grad) => placeholder(grad.dtype, null));
    using session = new Session(graph);
    const values = session.runSync([...grads], { feeds });
    for (const [i, { shape, dtype }] of values.entries()) {
      const numbers = Array.from({ length: sizeOf(shape) }, (_, k) => weight(k));
      feeds.set(flow[i]!, ndarray(numbers, { dtype, shape }));
    }
    const by = [...inputs, ...weights];
    return { by, seconds: gradients([...grads], by, { gradYs: flow }) };
  });
}

test.each(checked.filter(({ name }) => refusal(name) === undefined))(
  'second gradient of $name, value row $i',
  ({ name, row }) => {
    const instance = instanceFor(name, row, precise(name, row));
    const made = differentiate(name, row, instance, (v) => v.shape);
    const { by, seconds } = twice(made);
    const single = [...by, ...made.grads].some((x) => x.dtype !== 'float64');
    const dtype = single ? 'float32' : 'float64';
    using session = new Session(made.graph, { threads: 1 });
    const loss = (feeds: Map<Tensor, NDArray>) =>
      weighted(session.runSync([...made.grads], { feeds }));
    for (const [i, second] of seconds.entries()) {
      const value = second && session.runSync(second, { feeds: made.feeds });
      compare(by[i]!, value, made.feeds, loss, { dtype, tolerance: 10 });
    }
  },
);

test.each(checked.filter(({ name }) => refusal(name) !== undefined))(
  'no second gradient of $name, value row $i',
  ({ name, row }) => {
    const instance = instanceFor(name, row, precise(name, row));
    const made = differentiate(name, row, instance, (v) => v.shape);
    expect(() => twice(made)).toThrow(EngineError);
    expect(() => twice(made)).toThrow(/No (second derivatives|gradient defined)/);
  },
);
