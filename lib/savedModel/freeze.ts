import { EngineError } from '../errors.js';
import { parseInput } from '../graphdef/checkDef.js';
import type { AttrValue, FunctionDef, NodeDef } from '../graphdef/types.js';

/** Handles of frozen variables by reference, with the dtypes of their values. */
type Frozen = ReadonlyMap<string, AttrValue>;

export interface FrozenGraph {
  readonly nodes: readonly NodeDef[];
  /** Branches and bodies of loops, with copies of those that take handles. */
  readonly functions: readonly FunctionDef[];
}

/**
 * The graph with values in the place of handles: reads become identities, and functions that take
 * handles take the values. Writes are an error.
 */
export function frozen(
  nodes: readonly NodeDef[],
  functions: readonly FunctionDef[],
  variables: readonly NodeDef[],
): FrozenGraph {
  const handles = new Map(variables.map(({ name, attr }) => [name, attr?.dtype ?? {}] as const));
  const freezer = new Freezer(functions);
  const made = freezer.body(nodes, handles);
  freezer.check();
  return { nodes: made, functions: [...functions, ...freezer.copies.values()] };
}

class Freezer {
  readonly #functions: ReadonlyMap<string, FunctionDef>;
  readonly #writes: string[] = [];
  readonly copies = new Map<string, FunctionDef>();

  constructor(functions: readonly FunctionDef[]) {
    this.#functions = new Map(functions.map((fn) => [fn.signature.name, fn] as const));
  }

  body(nodes: readonly NodeDef[], handles: Frozen): NodeDef[] {
    const known = new Map(handles);
    return nodes.map((node) => {
      const inputs = (node.input ?? []).filter((ref) => !ref.startsWith('^'));
      const given = inputs.map((ref) => known.get(plainRef(ref)));
      if (given.every((dtype) => dtype === undefined)) return node;
      const T = given[0];
      if (T && (node.op === 'ReadVariableOp' || node.op === 'Identity')) {
        if (node.op === 'Identity') known.set(node.name, T);
        return { ...node, op: 'Identity', attr: { T } };
      }
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
    if (!fn || this.copies.has(own)) return own;
    const { inputArg = [], outputArg = [] } = fn.signature;
    const handles = new Map<string, AttrValue>();
    const inputs = inputArg.map((arg, i) => {
      const dtype = args[i];
      if (dtype?.type === undefined) return arg;
      handles.set(arg.name, dtype);
      return { ...arg, type: dtype.type };
    });
    this.copies.set(own, fn);
    const before = fn.nodeDef ?? [];
    const made = this.body(before, handles);
    // Inside of functions outputs have names, and those of identities are others.
    const reads = new Set(
      before.flatMap(({ op, name: read }, i) =>
        op === 'ReadVariableOp' && made[i]?.op === 'Identity' ? [`${read}:value:0`] : [],
      ),
    );
    const renamed = (ref: string) => (reads.has(ref) ? ref.replace(/:value:0$/, ':output:0') : ref);
    const nodeDef = made.map((node) => ({ ...node, input: (node.input ?? []).map(renamed) }));
    const ret = Object.fromEntries(
      Object.entries(fn.ret ?? {}).map(([key, ref]) => [key, renamed(ref)] as const),
    );
    const outputs = outputArg.map((arg) => {
      const dtype = handles.get(fn.ret?.[arg.name] ?? '');
      return dtype?.type === undefined ? arg : { ...arg, type: dtype.type };
    });
    const signature = { name: own, inputArg: inputs, outputArg: outputs };
    this.copies.set(own, { ...fn, signature, nodeDef, ret });
    return own;
  }
}

/** "a" for "a:0", "a:output:0". */
function plainRef(ref: string): string {
  const { node } = parseInput(ref);
  return node.replace(/:.*$/, '');
}
