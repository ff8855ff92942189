import { EngineError } from '../errors.js';
import { parseInput } from '../graphdef/checkDef.js';
import { dropUnusedFunctions } from '../graphdef/functions.js';
import { NodeIndex } from '../graphdef/nodeIndex.js';
import type { AttrValue, NodeDef } from '../graphdef/types.js';
import type { WorkFunction, WorkGraph } from '../graphdef/workGraph.js';

/** Handles of frozen variables by reference, with the dtypes of their values. */
type Frozen = ReadonlyMap<string, AttrValue>;

/**
 * Puts values in the place of handles: reads become identities, and functions that take handles
 * take the values. Writes are an error.
 */
export function freezeVariables(graph: WorkGraph, variables: readonly NodeDef[]): void {
  const handles = new Map(variables.map(({ name, attr }) => [name, attr?.dtype ?? {}] as const));
  const freezer = new Freezer(graph);
  freezer.freeze(graph.nodes, handles);
  freezer.check();
  dropUnusedFunctions(graph);
}

class Freezer {
  readonly #functions: Map<string, WorkFunction>;
  readonly #writes: string[] = [];

  constructor({ functions }: WorkGraph) {
    this.#functions = functions;
  }

  freeze(nodes: NodeIndex, handles: Frozen): void {
    nodes.expand((node) => {
      const inputs = (node.input ?? []).filter((ref) => !ref.startsWith('^'));
      const given = inputs.map((ref) => handles.get(ref) ?? handles.get(parseInput(ref).node));
      if (given.every((dtype) => dtype === undefined)) return node;
      const T = given[0];
      if (T && node.op === 'ReadVariableOp') return { ...node, op: 'Identity', attr: { T } };
      if (/^(Stateless)?(If|While)$/.test(node.op)) return this.#withFunctions(node, given);
      this.#writes.push(`${node.op} '${node.name}'`);
      return node;
    });
  }

  /** Throws when something else than a read has a handle. */
  check(): void {
    if (this.#writes.length === 0) return;
    throw new EngineError(
      'FAILED_PRECONDITION',
      `the model cannot be frozen, since it uses variables otherwise than by reading them: ` +
        this.#writes.join(', '),
    );
  }

  #withFunctions(node: NodeDef, given: readonly (AttrValue | undefined)[]): NodeDef {
    const isLoop = node.op.endsWith('While');
    const args = isLoop ? given : given.slice(1);
    const attr: Record<string, AttrValue> = { ...node.attr };
    for (const [name, value] of Object.entries(attr)) {
      if (value.func) attr[name] = { func: { name: this.#copy(value.func.name, args) } };
    }
    for (const name of isLoop ? ['T'] : ['Tin']) {
      const types = attr[name]?.list?.type ?? [];
      attr[name] = { list: { type: types.map((type, i) => args[i]?.type ?? type) } };
    }
    return { ...node, attr };
  }

  /** The function for arguments that are values; gives its name. */
  #copy(name: string, args: readonly (AttrValue | undefined)[]): string {
    const own = `${name}_frozen_${args.map((arg) => arg?.type ?? '').join('_')}`;
    const fn = this.#functions.get(name);
    if (!fn || this.#functions.has(own)) return own;
    const { inputArg = [], outputArg = [] } = fn.signature;
    const handles = new Map<string, AttrValue>();
    const inputs = inputArg.map((arg, i) => {
      const dtype = args[i];
      if (dtype?.type === undefined) return arg;
      handles.set(arg.name, dtype);
      return { ...arg, type: dtype.type };
    });
    const outputs = outputArg.map((arg) => {
      const dtype = handles.get(fn.ret[arg.name] ?? '');
      return dtype?.type === undefined ? arg : { ...arg, type: dtype.type };
    });
    const signature = { name: own, inputArg: inputs, outputArg: outputs };
    const nodes = new NodeIndex(fn.nodes);
    this.#functions.set(own, { ...fn, signature, nodes });
    this.freeze(nodes, handles);
    return own;
  }
}
