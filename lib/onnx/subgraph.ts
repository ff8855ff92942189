import { native } from '../binding.js';
import { Graph } from '../graph.js';
import { addNode, pairsOf } from '../node.js';
import type { StaticShape } from '../shape.js';
import { runAtOnce } from '../sliced.js';
import type { Tensor } from '../tensor.js';
import { Consequence } from './context.js';
import type { Importer } from './importer.js';
import { type ListType, setListType } from './listTypes.js';
import type { GraphProto } from './proto.js';
import { capturedValues } from './sortNodes.js';
import type { Values } from './values.js';

/** What a subgraph is given: a value of the graph around it, or one of its own inputs. */
export interface Argument {
  readonly name: string;
  readonly dtype: Tensor['dtype'];
  readonly shape: StaticShape;
  /** Of variants: what they hold. */
  readonly list?: ListType | undefined;
}

/** The values that subgraphs take from the graph around them, by name. */
export function captures(outer: Values, graphs: readonly GraphProto[]): Map<string, Tensor> {
  const names = new Set(graphs.flatMap((graph) => [...capturedValues(graph)]));
  const found = new Map<string, Tensor>();
  for (const name of names) {
    if (outer.isLost(name)) throw new Consequence(`the value '${name}', which is not supported`);
    // What mappings look at stays a constant inside.
    if (!outer.known(name)) found.set(name, outer.tensor(name));
  }
  return found;
}

const onNode = () => {};

/** A graph of its own for a body of If or Loop: its parameters are the arguments, in order. */
export class Subgraph {
  readonly graph = new Graph({ defaultSession: false });
  readonly importer: Importer;

  constructor(outer: Importer, body: GraphProto, args: readonly Argument[]) {
    const { graph } = this;
    // Variables belong to the graph that is run, so weights inside stay constants.
    const inside = { graph, prefix: '', isSync: true, weights: 'constants', onNode } as const;
    const within = outer.placeOf(body);
    const context = { ...outer.context, ...inside, within };
    this.importer = outer.inside(context);
    for (const [i, tensor] of parameters(graph, args).entries()) {
      this.importer.values.define(args[i]!.name, tensor);
    }
    for (const tensor of body.initializers) runAtOnce(this.importer.initializer(tensor));
    this.importer.sparse(body);
    runAtOnce(this.importer.nodes(body));
  }

  /** A value of the body. */
  value(name: string): Tensor {
    const { values } = this.importer;
    if (values.isLost(name)) throw new Consequence(`the value '${name}', which is not supported`);
    return values.tensor(name);
  }
}

/** The parameters of a subgraph, in order. */
export function parameters(graph: Graph, args: readonly Argument[]): Tensor[] {
  return args.map(({ dtype, shape, list }, index) => {
    const tensor = addNode(graph, 'Parameter', [], { index, dtype, shape }).outputs[0]!;
    if (list) setListType(tensor, list);
    return tensor;
  });
}

/** Says what a subgraph gives. */
export function giveResults(graph: Graph, results: readonly Tensor[]): Graph {
  native.setResults(graph.handle, pairsOf(results));
  return graph;
}
