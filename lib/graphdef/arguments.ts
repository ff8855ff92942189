import { type ArgDescription, type GraphHandle, native, type OpDescription } from '../binding.js';

/** How many tensors an input or output of an op stands for, by the node's attrs. */
export function countOf(arg: ArgDescription, attr: (name: string) => unknown): number {
  if (arg.numberAttr) return Number(attr(arg.numberAttr));
  if (!arg.typesAttr) return 1;
  const types = attr(arg.typesAttr);
  return Array.isArray(types) ? types.length : 0;
}

/** Between flat indices of a node's outputs and "name:index" of the op's arguments. */
export class Flattener {
  readonly #counts: readonly { readonly name: string; readonly count: number }[];

  constructor(handle: GraphHandle, id: number) {
    const [type] = native.describeNode(handle, id);
    const op: OpDescription = native.describeOp(type);
    const attr = (name: string) => native.nodeAttr(handle, id, name);
    this.#counts = op.outputs.map((arg) => ({ name: arg.name, count: countOf(arg, attr) }));
  }

  /** "output:0" for a flat index. */
  place(index: number): string {
    let rest = index;
    for (const { name, count } of this.#counts) {
      if (rest < count) return `${name}:${rest}`;
      rest -= count;
    }
    return `output:${index}`;
  }

  /** The flat index of an argument's item; -1 when there is none. */
  flat(argument: string, index: number): number {
    let first = 0;
    for (const { name, count } of this.#counts) {
      if (name === argument) return index < count ? first + index : -1;
      first += count;
    }
    return -1;
  }
}
