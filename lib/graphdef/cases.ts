import { Beside, int32 } from './beside.js';
import { invalid } from './checkDef.js';
import { NodeIndex } from './nodeIndex.js';
import type { ArgDef, NodeDef } from './types.js';
import type { WorkFunction, WorkGraph } from './workGraph.js';

const isCase = /^(Stateless)?Case$/;
const kIndex = 'case_index';

/** Puts a chain of If in the place of each Case: its last branch is for all other indices. */
export function useIfs(graph: WorkGraph): void {
  const translation = new Translation(graph);
  for (const { nodes } of [...graph.bodies()]) translation.translate(nodes);
}

class Translation {
  readonly #graph: WorkGraph;
  /** The functions whose cases are being translated. */
  readonly #around = new Set<WorkFunction>();

  constructor(graph: WorkGraph) {
    this.#graph = graph;
  }

  translate(nodes: NodeIndex): void {
    nodes.expand((node) => (isCase.test(node.op) ? this.#chain(node) : node));
  }

  #chain(node: NodeDef): readonly NodeDef[] {
    const branches = (node.attr?.branches?.list?.func ?? []).map(({ name }) => name);
    const names = branches.map((name) => this.#indexed(name, node));
    let [other] = names.splice(-1);
    if (other === undefined) throw invalid(`Node '${node.name}' has no branches`, node.name);
    const first = names.shift() ?? other;
    for (const [i, then] of [...names.entries()].reverse()) {
      other = this.#choice(node, i + 1, then, other);
    }
    return this.#if(node, 0, first, other, node.name, node.input ?? []);
  }

  /** A branch that takes the index besides; what chooses among the branches after it has it too. */
  #indexed(name: string, node: NodeDef): string {
    const fn = this.#graph.functions.get(name);
    if (!fn || this.#around.has(fn)) {
      const fault = fn ? 'holds itself' : 'is not in the library';
      throw invalid(`Node '${node.name}': function '${name}' ${fault}`, node.name);
    }
    this.#around.add(fn);
    this.translate(fn.nodes);
    this.#around.delete(fn);
    const own = this.#graph.functionName(`${node.name}_${name}`);
    const inputArg = [{ name: kIndex, type: 'DT_INT32' }, ...(fn.signature.inputArg ?? [])];
    const signature = { ...fn.signature, name: own, inputArg };
    this.#graph.functions.set(own, { ...fn, signature, nodes: new NodeIndex(fn.nodes) });
    return own;
  }

  /** The function that takes one branch if the index says so, and the other one if not. */
  #choice(node: NodeDef, index: number, then: string, other: string): string {
    const { inputArg = [], outputArg = [] } = this.#graph.functions.get(then)!.signature;
    const args = inputArg.map((_, i) => (i === 0 ? kIndex : `arg_${i}`));
    const name = this.#graph.functionName(`${node.name}_from_${index}`);
    this.#graph.addFunction({
      signature: { name, inputArg: named(inputArg, args), outputArg },
      nodeDef: this.#if(node, index, then, other, 'choice', args),
      ret: Object.fromEntries(
        outputArg.map((arg, i) => [arg.name, i === 0 ? 'choice' : `choice:${i}`]),
      ),
    });
    return name;
  }

  #if(
    { op, device = '', attr = {} }: NodeDef,
    index: number,
    then: string,
    other: string,
    name: string,
    input: readonly string[],
  ): readonly NodeDef[] {
    const use = new Beside({ name, op, device, input });
    const [given = ''] = use.inputs;
    const equal = use.add('Equal', 'equal', [given, use.constant('index', index)], { T: int32 });
    return use.as(op.replace('Case', 'If'), [equal, ...use.inputs], {
      Tcond: { type: 'DT_BOOL' },
      Tin: { list: { type: ['DT_INT32', ...(attr.Tin?.list?.type ?? [])] } },
      Tout: attr.Tout ?? { list: {} },
      then_branch: { func: { name: then } },
      else_branch: { func: { name: other } },
    });
  }
}

function named(args: readonly ArgDef[], names: readonly string[]): ArgDef[] {
  return args.map((arg, i) => ({ ...arg, name: names[i]! }));
}
