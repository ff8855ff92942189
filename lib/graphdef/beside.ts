import type { NodeIndex } from './nodeIndex.js';
import type { AttrValue, NodeDef } from './types.js';

export type Attrs = Readonly<Record<string, AttrValue>>;

export const int32: AttrValue = { type: 'DT_INT32' };

/** What takes the place of a node: others, which have their names beside it, and then itself. */
export class Beside {
  readonly node: NodeDef;
  /** What the node reads, and what it waits for. */
  readonly inputs: readonly string[];
  readonly controls: readonly string[];
  readonly made: NodeDef[] = [];

  constructor(node: NodeDef) {
    const { input = [] } = node;
    this.node = node;
    this.inputs = input.filter((ref) => !ref.startsWith('^'));
    this.controls = input.filter((ref) => ref.startsWith('^'));
  }

  attr(name: string): AttrValue {
    return this.node.attr?.[name] ?? {};
  }

  /** Adds a node; gives the reference to its output. */
  add(op: string, suffix: string, input: readonly string[], attr: Attrs): string {
    const name = `${this.node.name}/_${suffix}`;
    this.made.push({ name, op, device: this.node.device ?? '', input, attr });
    return name;
  }

  /** Integers: a number is a scalar, a list a vector. */
  constant(
    suffix: string,
    values: number | readonly number[],
    waits: readonly string[] = [],
    type = 'DT_INT32',
  ): string {
    const val = typeof values === 'number' ? [values] : values;
    const dim = typeof values === 'number' ? [] : [{ size: val.length }];
    const field = type === 'DT_INT64' ? { int64Val: val } : { intVal: val };
    const value = { tensor: { dtype: type, tensorShape: { dim }, ...field } };
    return this.add('Const', suffix, waits, { dtype: { type }, value });
  }

  /** All nodes, where the one in the middle is another op with the same outputs. */
  as(op: string, input: readonly string[], attr: Attrs): readonly NodeDef[] {
    const { name, device = '', attr: given = {} } = this.node;
    const own = Object.entries(given).filter(([key]) => key.startsWith('_'));
    const said = Object.entries(attr).filter(([, value]) => Object.keys(value).length > 0);
    const attrs = Object.fromEntries([...own, ...said]);
    return [...this.made, { name, op, device, input: [...input, ...this.controls], attr: attrs }];
  }
}

/** What takes the place of a node: an op of the registry with the same outputs. */
export type Rule = (use: Beside, nodes: NodeIndex) => readonly NodeDef[];
