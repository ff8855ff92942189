import { native } from './binding.js';
import { addConstant } from './constant.js';
import { inferDType, toValue } from './convert.js';
import { defaultGraphInForce } from './defaults.js';
import { EngineError } from './errors.js';
import { Graph } from './graph.js';
import { addNode, isTensorLike, pairsOf } from './node.js';
import type { Operation } from './operation.js';
import { type Place, unreachable } from './place.js';
import type { StaticShape } from './shape.js';
import { type Form, formOf } from './structure.js';
import { Tensor } from './tensor.js';

/** What a function gave while its subgraph was built. */
export interface Built {
  readonly form: Form;
  readonly tensors: readonly Tensor[];
}

const subgraphs = new WeakMap<Graph, Subgraph>();

/** What random ops inside draw depends on the seed around and on names, as it does outside. */
function seedInside({ seed }: Graph, name: string): number | undefined {
  if (seed === undefined) return undefined;
  let hash = seed >>> 0;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}

/** The graph of a branch or of a loop's body while it is built. */
export class Subgraph implements Place {
  readonly graph: Graph;
  readonly what: string;
  readonly name: string;
  /** Operations of the graph around that ops inside wait for. */
  readonly controls: Operation[] = [];
  readonly #outer: Graph;
  /** Tensors of the outer graph that become parameters, after those of the loop. */
  readonly #captured: Tensor[];
  readonly #first: number;
  readonly #parameters = new Map<Tensor, Tensor>();

  /**
   * `captured` is shared by the subgraphs of one op, which take the same inputs. `what` and `name`
   * say to users where a tensor is: "a while loop", and the name that the op is going to have. `part`
   * tells a further subgraph of the op from the first one.
   */
  constructor(
    outer: Graph,
    captured: Tensor[],
    first: number,
    what: string,
    name: string,
    part = '',
  ) {
    this.#outer = outer;
    this.#captured = captured;
    this.#first = first;
    this.what = what;
    this.name = outer.uniqueName(name, false);
    this.graph = new Graph({ defaultSession: false, seed: seedInside(outer, this.name + part) });
    this.graph.place = this;
    subgraphs.set(this.graph, this);
  }

  get outer(): Graph {
    return this.#outer;
  }

  parameter(index: number, like: Tensor, shape: StaticShape = like.shape): Tensor {
    const attrs = { index, dtype: like.dtype, shape };
    return addNode(this.graph, 'Parameter', [], attrs, { name: `parameter_${index}/` }).outputs[0]!;
  }

  /** The tensor as the subgraph sees it. */
  capture(tensor: Tensor): Tensor {
    if (tensor.graph === this.graph) return tensor;
    const outside = this.#inOuter(tensor);
    const known = this.#parameters.get(outside);
    if (known) return known;
    let place = this.#captured.indexOf(outside);
    if (place < 0) place = this.#captured.push(outside) - 1;
    const parameter = this.parameter(this.#first + place, outside);
    this.#parameters.set(outside, parameter);
    return parameter;
  }

  #inOuter(tensor: Tensor): Tensor {
    if (tensor.graph === this.#outer) return tensor;
    const around = subgraphs.get(this.#outer);
    if (around) return around.capture(tensor);
    if (tensor.graph.place) throw unreachable(tensor, `a result of ${this.what} '${this.name}'`);
    throw new EngineError(
      'INVALID_ARGUMENT',
      `Tensor ${tensor.name} must be from the same graph as the op whose branch uses it`,
    );
  }

  waitFor(op: Operation): void {
    if (op.graph !== this.#outer) subgraphs.get(this.#outer)?.waitFor(op);
    else if (!this.controls.includes(op)) this.controls.push(op);
  }

  /** Whether a tensor of that graph can be captured. */
  sees(graph: Graph): boolean {
    return graph === this.#outer || (subgraphs.get(this.#outer)?.sees(graph) ?? false);
  }

  /** Calls fn with the subgraph as the default graph; gives its results as the subgraph's. */
  build(fn: () => unknown): Tensor[] {
    return this.graph.asDefault(() => {
      const given = fn();
      return (Array.isArray(given) ? given : [given]).map((value) => this.#result(value));
    });
  }

  /** The same for results of any structure. */
  buildStructure(fn: () => unknown): Built {
    return this.graph.asDefault(() => {
      const leaves: unknown[] = [];
      const form = formOf(fn(), leaves);
      return { form, tensors: leaves.map((value) => this.#result(value)) };
    });
  }

  #result(value: unknown): Tensor {
    if (isTensorLike(value)) return this.capture(value.asTensor());
    if (value instanceof Tensor) return this.capture(value);
    const dtype = inferDType(value, 'result');
    return addConstant(this.graph, toValue(value, dtype, 'result'));
  }

  /** Says what the subgraph gives, when all subgraphs of the op have been built. */
  finish(results: readonly Tensor[]): void {
    for (const tensor of this.#captured) this.capture(tensor);
    native.setResults(this.graph.handle, pairsOf(results));
  }

  /** Whether an op in it keeps state or has effects. */
  get stateful(): boolean {
    return this.graph.operations.some(({ type }) => native.describeOp(type).stateful);
  }
}

/** The subgraph that is being built, if there is one. */
export function currentSubgraph(): Subgraph | undefined {
  const graph = defaultGraphInForce();
  return graph && subgraphs.get(graph);
}

/** The graph that no other is around: where variables live. */
export function outermost(graph: Graph): Graph {
  const subgraph = subgraphs.get(graph);
  return subgraph ? outermost(subgraph.outer) : graph;
}

/** Where an op on tensors of that graph goes: into the subgraph that is being built, if any. */
export function targetGraph(graph: Graph): Graph {
  const subgraph = currentSubgraph();
  return subgraph?.sees(graph) ? subgraph.graph : graph;
}

/** The tensor as the op that is being added may use it; `user` says which one that is. */
export function captured(tensor: Tensor, user = 'an op'): Tensor {
  const subgraph = currentSubgraph();
  if (subgraph?.sees(tensor.graph)) return subgraph.capture(tensor);
  if (tensor.graph.place && tensor.graph !== subgraph?.graph) throw unreachable(tensor, user);
  return tensor;
}
