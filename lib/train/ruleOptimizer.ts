import { checkKeys } from '../attrs.js';
import { constant } from '../constant.js';
import type { DType } from '../dtype.js';
import { EngineError, invalidArgument } from '../errors.js';
import { clipByValue } from '../generated/math.js';
import type { Graph } from '../graph.js';
import { type IndexedSlices, indexedSlices, onRows, summedSlices } from '../indexedSlices.js';
import { variable } from '../makeVariable.js';
import { isTensorLike } from '../node.js';
import { addOp } from '../op.js';
import type { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';
import { clipByGlobalNorm, clipByNorm } from './clip.js';
import { type MovingPair, Optimizer } from './optimizer.js';
import type { Schedule } from './schedules.js';
import { outside, Slots, slotDType } from './slots.js';

/** A number, a scalar tensor or variable, or a function of the number of steps done. */
export type LearningRate = number | Tensor | Variable | Schedule;

export interface OptimizerOptions {
  /** Prefix of the names of operations and slots; default: the kind of optimizer. */
  readonly name?: string | undefined;
  /**
   * Each step first multiplies the variables by 1 - learning rate * weightDecay; default: 0.
   * Loshchilov and Hutter, 2019.
   */
  readonly weightDecay?: number | undefined;
  /** Which variables decay; default: all. */
  readonly decays?: ((variable: Variable) => boolean) | undefined;
  /** Gradients are clipped to [-clipValue, clipValue], element by element. */
  readonly clipValue?: number | undefined;
  /** Each gradient is scaled down to this Euclidean norm. */
  readonly clipNorm?: number | undefined;
  /** All gradients together are scaled down to this norm. */
  readonly globalClipNorm?: number | undefined;
}

const optimizerKeys = [
  'name',
  'weightDecay',
  'decays',
  'clipValue',
  'clipNorm',
  'globalClipNorm',
] as const;

/** What makes one kind of optimizer: an op that moves all variables, and what it takes. */
export interface UpdateRule {
  readonly type: string;
  readonly name: string;
  /** Slots in the order of the op's inputs, with what they start from. */
  readonly slots: readonly (readonly [name: string, initial: number])[];
  /** Whether the op takes the number of steps done. */
  readonly counts?: boolean;
  /** Its options besides those of every optimizer. */
  readonly options?: readonly string[];
  readonly attrs?: Readonly<Record<string, number | boolean>>;
  /** Whether gradients by slices move, and touch the slots of, the rows that they name alone. */
  readonly byRows?: boolean;
}

/** An optimizer whose step is one op for all variables of a dtype. */
export class RuleOptimizer extends Optimizer {
  readonly name: string;
  readonly #rule: UpdateRule;
  readonly #rate: LearningRate;
  readonly #options: OptimizerOptions;
  readonly #slots = new Slots();
  #iterations: Variable<'int64'> | undefined;

  /** @internal */
  constructor(rule: UpdateRule, learningRate: LearningRate, options: OptimizerOptions) {
    super();
    checkRate(learningRate);
    checkKeys(rule.name, options, [...optimizerKeys, ...(rule.options ?? [])]);
    checkOptions(options);
    checkAttrs(rule.attrs ?? {});
    this.name = options.name ?? rule.name;
    this.#rule = rule;
    this.#rate = learningRate;
    this.#options = options;
  }

  /** The number of steps done; null before the first step was added to a graph. */
  get iterations(): Variable<'int64'> | null {
    return this.#iterations ?? null;
  }

  /** What the optimizer keeps for a variable, such as "m" and "v" of Adam. */
  slot(of: Variable, name: string): Variable | undefined {
    return this.#slots.get(of, name);
  }

  get slotNames(): readonly string[] {
    return this.#rule.slots.map(([name]) => name);
  }

  /** All that the optimizer keeps, the count of its steps first. */
  get variables(): readonly Variable[] {
    return [...(this.#iterations ? [this.#iterations] : []), ...this.#slots.all()];
  }

  protected apply(pairs: readonly MovingPair[]): Operation[] {
    const { graph } = pairs[0]!.variable;
    const iterations = this.#counter(graph);
    const step = iterations.read();
    const rate = typeof this.#rate === 'function' ? this.#rate(step) : this.#rate;
    const { byRows = false } = this.#rule;
    const found = [...groups(this.#clipped(pairs), this.#options, byRows).values()];
    const moved = found.map((group) => this.#move(group, rate, step));
    const counted = iterations.assignAdd(1n, { controlInputs: moved });
    return [...moved, counted.op];
  }

  #move({ pairs, decay, rows }: Group, rate: number | Tensor | Variable, step: Tensor): Operation {
    const { type, slots, counts = false, attrs = {} } = this.#rule;
    const { dtype } = pairs[0]!.variable;
    const lists = slots.map(([name, initial]) =>
      pairs.map(({ variable }) => this.#slots.ensure(variable, this.name, name, initial).handle),
    );
    const inputs = [
      pairs.map(({ variable }) => variable.handle),
      ...lists,
      ...(counts ? [step] : []),
      rateTensor(rate, dtype),
      rows ? [rows.values] : pairs.map(({ gradient }) => gradient),
      ...(rows ? [rows.indices] : []),
    ];
    return addOp(
      type,
      inputs,
      { ...attrs, N: pairs.length, weight_decay: decay },
      { name: 'Apply' },
    );
  }

  #clipped(pairs: readonly MovingPair[]): MovingPair[] {
    const { clipValue, clipNorm, globalClipNorm } = this.#options;
    let found = pairs.map(({ gradient }) => gradient);
    if (clipValue !== undefined)
      found = found.map((g) => onRows(g, (x) => clipByValue(x, -clipValue, clipValue)));
    if (clipNorm !== undefined) found = found.map((g) => clipByNorm(g, clipNorm));
    if (globalClipNorm !== undefined) {
      found = clipByGlobalNorm(found, globalClipNorm).clipped;
    }
    return pairs.map(({ variable }, i) => ({ variable, gradient: found[i]! }));
  }

  #counter(graph: Graph): Variable<'int64'> {
    this.#iterations ??= outside(graph, () =>
      variable(0n, { dtype: 'int64', name: `${this.name}/iterations`, trainable: false }),
    );
    if (this.#iterations.graph === graph) return this.#iterations;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Optimizer '${this.name}' belongs to ${this.#iterations.graph.label}, ` +
        `the variables to ${graph.label}: make an optimizer for each graph.`,
    );
  }
}

interface Group {
  readonly pairs: MovingPair[];
  readonly decay: number;
  /** Of the only pair, when its gradient is to move some rows alone. */
  readonly rows: IndexedSlices | null;
}

/** The pairs that one op can move: those of one dtype that decay alike, and each one by rows. */
function groups(
  pairs: readonly MovingPair[],
  options: OptimizerOptions,
  byRows: boolean,
): Map<string, Group> {
  const { weightDecay = 0, decays = () => true } = options;
  const found = new Map<string, Group>();
  for (const pair of pairs) {
    const decay = decays(pair.variable) ? weightDecay : 0;
    // Decay moves all rows.
    const slices = byRows && decay === 0 ? indexedSlices(pair.gradient) : null;
    const rows = slices && summedSlices(slices);
    const key = rows ? pair.variable.name : `${pair.variable.dtype} ${decay}`;
    const group = found.get(key) ?? { pairs: [], decay, rows };
    group.pairs.push(pair);
    found.set(key, group);
  }
  return found;
}

function rateTensor(rate: number | Tensor | Variable, dtype: DType): Tensor {
  if (typeof rate === 'number') return constant(rate, { dtype: slotDType(dtype) });
  return isTensorLike(rate) ? rate.asTensor() : rate;
}

function checkRate(rate: unknown): void {
  const known = typeof rate === 'function' || rate instanceof Tensor || isTensorLike(rate);
  if (known || (typeof rate === 'number' && rate >= 0)) return;
  throw invalidArgument('learningRate', 'a number from 0 on, a scalar tensor or a schedule', rate);
}

function checkOptions(options: OptimizerOptions): void {
  for (const name of ['weightDecay', 'clipValue', 'clipNorm', 'globalClipNorm'] as const) {
    const value = options[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0)) {
      throw invalidArgument(name, 'a number from 0 on', value);
    }
  }
}

/** How much of an average, or of the last move, stays. */
const shares = ['beta1', 'beta2', 'rho', 'momentum'];

function checkAttrs(attrs: Readonly<Record<string, number | boolean>>): void {
  for (const [name, value] of Object.entries(attrs)) {
    if (typeof value === 'boolean') continue;
    const isShare = shares.includes(name);
    if (typeof value === 'number' && value >= 0 && (!isShare || value <= 1)) continue;
    throw invalidArgument(name, isShare ? 'a number in [0, 1]' : 'a number from 0 on', value);
  }
}
