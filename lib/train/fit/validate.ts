import { invalidArgument } from '../../errors.js';
import { Operation } from '../../operation.js';
import type { Session } from '../../session.js';
import { Tensor } from '../../tensor.js';
import { Variable } from '../../variable.js';
import type { Data } from '../data/index.js';
import { examplesIn, Means, type Metrics, numbersOf } from './means.js';
import { type FeedsOf, runStep, type StepFunction } from './step.js';

/** A number that is counted over batches by variables, such as those of `nn.metrics`. */
export interface StreamingMetric {
  readonly value: Tensor;
  readonly update: Tensor | Operation;
  readonly reset: Operation;
}

/** What to compute of the validation data, by name: means over batches, or streaming metrics. */
export type ValidationMetrics = Readonly<Record<string, Tensor | Variable | StreamingMetric>>;

/** Goes over the validation data once and gives its numbers. */
export class Validation<B> {
  readonly #session: Session;
  readonly #data: Data<B>;
  readonly #streaming: readonly (readonly [string, StreamingMetric])[];
  readonly #runBatch: (batch: B) => Promise<Metrics>;

  constructor(
    session: Session,
    data: Data<B>,
    metrics: ValidationMetrics | StepFunction<B>,
    feedsOf: FeedsOf<B> | undefined,
  ) {
    this.#session = session;
    this.#data = data;
    const what = 'validate.metrics';
    if (typeof metrics === 'function') {
      this.#streaming = [];
      this.#runBatch = runStep(session, metrics, feedsOf, what);
      return;
    }
    const entries = Object.entries(metrics);
    this.#streaming = entries.flatMap(([name, x]) => (isStreaming(x, name) ? [[name, x]] : []));
    const plain = entries.flatMap(([name, x]) =>
      isStreaming(x, name) ? [] : [[name, x] as const],
    );
    const updates = this.#streaming.map(([name, x]) => [`${name} update`, opOf(x.update)] as const);
    this.#runBatch = runStep(session, Object.fromEntries([...plain, ...updates]), feedsOf, what);
  }

  async run(): Promise<Metrics> {
    const means = new Means();
    const streaming = this.#streaming;
    if (streaming.length > 0) await this.#session.run(streaming.map(([, { reset }]) => reset));
    for await (const batch of this.#data.epoch(0)) {
      means.add(await this.#runBatch(batch), examplesIn(batch));
    }
    if (streaming.length === 0) return means.values();
    const values = Object.fromEntries(streaming.map(([name, { value }]) => [name, value]));
    const counted = numbersOf(await this.#session.run(values), 'validate.metrics');
    return { ...means.values(), ...counted };
  }
}

/** The operation alone: the tensor that an update gives is the number so far. */
function opOf(update: Tensor | Operation): Operation {
  return update instanceof Tensor ? update.op : update;
}

function isStreaming(x: unknown, name: string): x is StreamingMetric {
  if (x instanceof Tensor || x instanceof Variable) return false;
  if (typeof x === 'object' && x !== null && 'value' in x && 'update' in x && 'reset' in x) {
    return x.value instanceof Tensor && x.reset instanceof Operation;
  }
  throw invalidArgument(`validate.metrics.${name}`, 'a tensor or a streaming metric', x);
}
