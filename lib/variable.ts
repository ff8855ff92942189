import { inspect } from 'node:util';

import { addConstant } from './constant.js';
import { cond } from './control/cond.js';
import { toValue } from './convert.js';
import type { DType } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import { type EvalOptions, evaluate, evaluateSync, sessionFor } from './evaluate.js';
import type { Graph } from './graph.js';
import { NDArray } from './ndArray.js';
import { addNode, type OpOptions, type TensorLike } from './node.js';
import { type Operand, toTensor } from './op.js';
import { type Operation, output } from './operation.js';
import { checkStaticShape, fitsStatic, formatShape, type StaticShape } from './shape.js';
import { captured, targetGraph } from './subgraph.js';
import { Tensor } from './tensor.js';
import type { Values } from './value.js';

export interface VariableOptions<D extends DType = DType> extends OpOptions {
  readonly dtype?: D | undefined;
  /** Whether optimizers change it; default true. */
  readonly trainable?: boolean | undefined;
  /** What optimizers make of a new value, such as one clipped to bounds. */
  readonly constraint?: ((value: Tensor<D>) => Tensor<D>) | undefined;
  /** A shape looser than that of the initial value. */
  readonly shape?: StaticShape | undefined;
}

type Indices = Operand<'int32' | 'int64'>;

/** State that a session keeps between runs. Every use as an input reads it anew. */
export class Variable<D extends DType = DType> implements TensorLike {
  readonly op: Operation;
  readonly dtype: D;
  readonly trainable: boolean;
  readonly shape: StaticShape;
  /** What optimizers make of a new value. */
  readonly constraint: { apply(value: Tensor<D>): Tensor<D> } | undefined;
  /** Assigns the initial value. */
  readonly initializer: Operation;
  readonly initialValue: Tensor<D>;
  /** Whether the session has a value for it. */
  readonly isInitialized: Tensor<'bool'>;
  readonly #reads: Tensor<D>[] = [];

  /** @internal `shared`: the initial value is a constant, whose memory it begins with. */
  constructor(initial: Tensor<D>, options: VariableOptions<D>, shared = false) {
    const { graph, dtype } = initial;
    const { constraint, trainable = true, shape = initial.shape, ...others } = options;
    const { name = 'Variable', ...rest } = others;
    if (constraint !== undefined && typeof constraint !== 'function') {
      throw invalidArgument('constraint', 'a function', constraint);
    }
    const attrs = { dtype, shape: checkStaticShape(shape) };
    // Variables do not take part in the control scopes around them.
    [this.op, this.initializer, this.isInitialized] = graph.controlDependencies(null, () => {
      const op = addNode(graph, 'VarHandleOp', [], attrs, { ...rest, name });
      const [handle] = op.outputs;
      const add = (type: string, suffix: string, inputs: readonly Tensor[], own: object) =>
        addNode(graph, type, inputs, { ...own }, { name: `${op.name}/${suffix}/` });
      return [
        op,
        add('AssignVariableOp', 'Assign', [handle!, initial], {
          dtype,
          ...(shared && { _shared: true }),
        }),
        output<'bool'>(add('VarIsInitializedOp', 'IsInitialized', [handle!], {})),
      ] as const;
    });
    this.dtype = dtype;
    this.trainable = trainable;
    this.constraint = constraint && { apply: constraint };
    this.shape = shape;
    this.initialValue = initial;
    // What is fed may be memory of the caller, who may change it.
    if (shared) graph.preventFeeding(initial);
    graph.controlDependencies(null, () => this.read());
    graph.addVariable(this);
  }

  get graph(): Graph {
    return this.op.graph;
  }

  get name(): string {
    return this.op.name;
  }

  /** The resource that ops such as AssignVariableOp take. */
  get handle(): Tensor {
    return this.op.outputs[0]!;
  }

  /** The read that belongs to the variable itself: what fetching it gives. */
  get value(): Tensor<D> {
    return this.#reads[0]!;
  }

  /** All reads so far; feeding the variable feeds them all. */
  get reads(): readonly Tensor<D>[] {
    return this.#reads;
  }

  /** Adds a read, ordered with the writes of a run as they were added to the graph. */
  read(options: OpOptions = {}): Tensor<D> {
    const op = this.#add('ReadVariableOp', 'Read', [this.handle], options);
    const tensor = output<D>(op);
    // In a branch the handle is a parameter, which says nothing of the shape.
    if (op.graph !== this.graph) return tensor.setShape(this.shape);
    this.#reads.push(tensor);
    return tensor;
  }

  /** @internal A read that was added otherwise. */
  adopt(read: Tensor): void {
    this.#reads.push(output<D>(read.op, read.index));
  }

  asTensor(): Tensor<D> {
    return this.read();
  }

  /** The value when there is one, else the initial value: for what is made of other variables. */
  initializedValue(): Tensor<D> {
    return cond(
      this.isInitialized,
      () => this.read(),
      () => this.initialValue,
    );
  }

  /** Gives the variable a new value; the result is that value. */
  assign(value: Tensor<D> | TensorLike | Values, options: OpOptions = {}): Tensor<D> {
    return this.#update('AssignVariableOp', 'Assign', value, options);
  }

  assignAdd(value: Tensor<D> | TensorLike | Values, options: OpOptions = {}): Tensor<D> {
    return this.#update('AssignAddVariableOp', 'AssignAdd', value, options);
  }

  assignSub(value: Tensor<D> | TensorLike | Values, options: OpOptions = {}): Tensor<D> {
    return this.#update('AssignSubVariableOp', 'AssignSub', value, options);
  }

  /** Sets rows: of indices that come twice the last one counts. The result is the new value. */
  scatterUpdate(indices: Indices, updates: Tensor<D> | Values, options?: OpOptions): Tensor<D> {
    return this.#scatter('ResourceScatterUpdate', 'ScatterUpdate', indices, updates, options);
  }

  /** Adds to rows, also to those that come twice. */
  scatterAdd(indices: Indices, updates: Tensor<D> | Values, options?: OpOptions): Tensor<D> {
    return this.#scatter('ResourceScatterAdd', 'ScatterAdd', indices, updates, options);
  }

  scatterSub(indices: Indices, updates: Tensor<D> | Values, options?: OpOptions): Tensor<D> {
    return this.#scatter('ResourceScatterSub', 'ScatterSub', indices, updates, options);
  }

  #scatter(
    type: string,
    suffix: string,
    indices: Indices,
    updates: unknown,
    options: OpOptions = {},
  ): Tensor<D> {
    const graph = targetGraph(this.graph);
    const at = toTensor(indices, 'int32', 'indices', graph);
    const rows = toTensor(updates, this.dtype, 'updates', graph);
    const op = this.#add(type, suffix, [this.handle, at, rows], options);
    return this.read({ controlInputs: [op] });
  }

  /** Adds one to an integer scalar and gives what it was; OUT_OF_RANGE, once it is the limit. */
  countUpTo(limit: number, options: OpOptions = {}): Tensor<D> {
    const graph = targetGraph(this.graph);
    const handle = captured(this.handle);
    return graph.nameScope(`${this.name}/`, () =>
      output<D>(
        addNode(
          graph,
          'ResourceCountUpTo',
          [handle],
          { limit, T: this.dtype },
          {
            name: 'CountUpTo',
            ...options,
          },
        ),
      ),
    );
  }

  /** Gives the variable a value in a session without an op for it in the graph. */
  async load(value: Values, options: EvalOptions = {}): Promise<void> {
    const feeds = this.#loaded(value);
    if (this.#takesFeeds) await this.initializer.run({ ...options, feeds });
    else await sessionFor(this.op, options.session).write(this, feeds[0]![1], true);
  }

  loadSync(value: Values, options: EvalOptions = {}): void {
    const feeds = this.#loaded(value);
    if (this.#takesFeeds) this.initializer.runSync({ ...options, feeds });
    else sessionFor(this.op, options.session).write(this, feeds[0]![1], false);
  }

  /** An initial value whose memory is shared cannot be fed. */
  get #takesFeeds(): boolean {
    return this.graph.isFeedable(this.initialValue);
  }

  #loaded(value: Values): readonly (readonly [Tensor, NDArray])[] {
    const name = `the value of '${this.name}'`;
    const { data, shape, dtype } = toValue(value, this.dtype, name, this.shape);
    if (fitsStatic(shape, this.shape)) {
      return [[this.initialValue, new NDArray(data, shape, dtype)]];
    }
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Assign requires shapes of both tensors to match. Expected shape ${formatShape(this.shape)} ` +
        `for ${name} but received ${formatShape(shape)}`,
    );
  }

  #update(type: string, suffix: string, value: unknown, options: OpOptions): Tensor<D> {
    const op = this.#add(type, suffix, [this.handle, this.#operand(value)], options);
    return this.read({ controlInputs: [op] });
  }

  async eval(options: EvalOptions = {}): Promise<NDArray<D>> {
    return evaluate(this.value, options);
  }

  evalSync(options: EvalOptions = {}): NDArray<D> {
    return evaluateSync(this.value, options);
  }

  #operand(value: unknown): Tensor {
    if (value instanceof Tensor) return value;
    if (value instanceof Variable) return value.read();
    return addConstant(targetGraph(this.graph), toValue(value, this.dtype, 'value', this.shape));
  }

  #add(
    type: string,
    suffix: string,
    inputs: readonly Tensor[],
    options: OpOptions = {},
  ): Operation {
    const graph = targetGraph(this.graph);
    const own = inputs.map((tensor) => captured(tensor, `'${this.name}/${suffix}'`));
    for (const tensor of own) graph.checkOwn(tensor);
    const add = () =>
      graph.nameScope(`${this.name}/`, () =>
        addNode(graph, type, own, { dtype: this.dtype }, { name: suffix, ...options }),
      );
    return this.op.device === '' || graph !== this.graph ? add() : graph.colocateWith(this.op, add);
  }

  toString(): string {
    return `Variable('${this.name}', ${this.dtype}, ${formatShape(this.shape)})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
