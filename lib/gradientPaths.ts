import { native } from './binding.js';
import { isFloat } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import { zerosLike } from './generated/array.js';
import { gradientNamed, overridesOf } from './gradientOverride.js';
import type { Graph } from './graph.js';
import { addNode, pairsOf } from './node.js';
import type { Operation } from './operation.js';
import { fitsStatic, formatShape, type StaticShape } from './shape.js';
import { Tensor } from './tensor.js';

/** What flows into ys, and where gradients end. */
export interface Flow {
  readonly ys: readonly Tensor[];
  /** Ones where left out or null. */
  readonly gradYs: readonly (Tensor | null)[];
  readonly stopGradients: readonly Tensor[];
}

/** The gradients of ys by xs; through operations with gradients of their own too. */
export function gradientsBetween(
  graph: Graph,
  flow: Flow,
  xs: readonly Tensor[],
): (Tensor | null)[] {
  const overrides = overridesOf(graph);
  if (overrides.size === 0) return plainGradients(graph, flow, xs);
  return new Paths(graph, flow, xs, overrides).gradients();
}

function plainGradients(
  graph: Graph,
  { ys, gradYs, stopGradients }: Flow,
  xs: readonly Tensor[],
): (Tensor | null)[] {
  const pairs = native.gradients(
    graph.handle,
    pairsOf(ys),
    pairsOf(xs),
    pairsOf(gradYs),
    pairsOf(stopGradients),
  );
  return xs.map((_, i) => {
    const node = pairs[2 * i]!;
    return node >= 0 ? graph.operationAt(node).outputAt(pairs[2 * i + 1]!) : null;
  });
}

/**
 * Cuts the graph at the outputs of overridden operations: the core differentiates the pieces between,
 * from the last cut to the first, and what arrives at a cut goes on by the function registered.
 */
class Paths {
  readonly #graph: Graph;
  readonly #flow: Flow;
  readonly #xs: readonly Tensor[];
  readonly #overrides: ReadonlyMap<Operation, string>;
  readonly #cuts: readonly Tensor[];
  readonly #targets: readonly Tensor[];
  readonly #arrived = new Map<Tensor, Tensor[]>();

  constructor(
    graph: Graph,
    flow: Flow,
    xs: readonly Tensor[],
    overrides: ReadonlyMap<Operation, string>,
  ) {
    this.#graph = graph;
    this.#flow = flow;
    this.#xs = xs;
    this.#overrides = overrides;
    const between = reachedFrom(xs, [...overrides.keys()]);
    this.#cuts = between.flatMap(({ outputs }) => outputs.filter(({ dtype }) => isFloat(dtype)));
    this.#targets = [...new Set([...xs, ...this.#cuts])];
  }

  gradients(): (Tensor | null)[] {
    const { ys, gradYs, stopGradients } = this.#flow;
    this.#spread(ys, gradYs);
    const stopped = new Set(stopGradients);
    const operations = [...new Set(this.#cuts.map(({ op }) => op))].sort((a, b) => b.id - a.id);
    for (const op of operations) {
      const dys = op.outputs.map((y) => (stopped.has(y) ? null : this.#total(y)));
      if (dys.some((dy) => dy !== null)) this.#passOn(op, dys);
    }
    return this.#xs.map((x) => this.#total(x));
  }

  #passOn(op: Operation, dys: readonly (Tensor | null)[]): void {
    const fn = gradientNamed(this.#overrides.get(op)!, op);
    const grads = this.#graph.asDefault(() =>
      this.#graph.nameScope(`gradients/${op.name}_grad`, () => {
        const given = fn(op, ...dys.map((dy, i) => dy ?? zerosLike(op.outputs[i]!)));
        return checked(op, given);
      }),
    );
    const { inputs } = op;
    const from = inputs.filter((_, i) => grads[i]);
    this.#spread(
      from,
      grads.flatMap((grad) => grad ?? []),
    );
  }

  #spread(ys: readonly Tensor[], gradYs: readonly (Tensor | null)[]): void {
    if (ys.length === 0) return;
    const stopGradients = [...this.#flow.stopGradients, ...this.#cuts];
    const found = plainGradients(this.#graph, { ys, gradYs, stopGradients }, this.#targets);
    for (const [i, grad] of found.entries()) {
      if (grad === null) continue;
      const target = this.#targets[i]!;
      this.#arrived.set(target, [...(this.#arrived.get(target) ?? []), grad]);
    }
  }

  #total(target: Tensor): Tensor | null {
    const parts = this.#arrived.get(target) ?? [];
    if (parts.length < 2) return parts[0] ?? null;
    const { dtype } = target;
    const attrs = { N: parts.length, T: dtype };
    const name = 'gradients/AddN';
    const sum = addNode(this.#graph, 'AddN', parts, attrs, { name }).outputs[0]!;
    this.#arrived.set(target, [sum]);
    return sum;
  }
}

/** Those of the operations that depend on one of the tensors. */
function reachedFrom(xs: readonly Tensor[], operations: readonly Operation[]): Operation[] {
  const sources = new Set(xs.map(({ op }) => op));
  const depends = new Map<Operation, boolean>();
  const first = Math.min(...xs.map(({ op }) => op.id));
  const reached = (root: Operation): boolean => {
    const stack = [root];
    while (stack.length > 0) {
      const op = stack.at(-1)!;
      const before = op.id > first ? op.inputs.map((input) => input.op) : [];
      const open = before.filter((each) => !depends.has(each) && !sources.has(each));
      if (open.length > 0) {
        stack.push(...open);
        continue;
      }
      depends.set(
        op,
        before.some((each) => sources.has(each) || depends.get(each)),
      );
      stack.pop();
    }
    return depends.get(root) ?? false;
  };
  return operations.filter((op) => sources.has(op) || reached(op));
}

/** One gradient for each input, of its dtype and shape. */
function checked(op: Operation, given: unknown): (Tensor | null)[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const { inputs } = op;
  if (list.length !== inputs.length) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Num gradients ${list.length} generated for op ${op.type} '${op.name}' do not match num inputs ${inputs.length}`,
      { op: op.type, node: op.name },
    );
  }
  return list.map((grad, i) => {
    if (grad === null) return null;
    if (!(grad instanceof Tensor)) throw invalidArgument(`gradient ${i}`, 'a tensor or null', grad);
    const input = inputs[i]!;
    if (grad.dtype === input.dtype && areCompatible(grad.shape, input.shape)) return grad;
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Incompatible shapes between op input and calculated input gradient. Forward operation: ` +
        `${op.name}. Input index: ${i}. Original input shape: ${input.dtype} ` +
        `${formatShape(input.shape)}. Calculated input gradient shape: ${grad.dtype} ` +
        `${formatShape(grad.shape)}`,
      { op: op.type, node: op.name },
    );
  });
}

function areCompatible(a: StaticShape, b: StaticShape): boolean {
  if (a === null || b === null) return true;
  return fitsStatic(
    a.map((dim, i) => dim ?? b[i] ?? 0),
    b,
  );
}
