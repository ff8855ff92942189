import { EngineError } from './errors.js';
import { isPlainObject } from './plainObject.js';
import type { Tensor } from './tensor.js';

/** A tensor, or arrays and plain objects of them. */
export type Structure = Tensor | readonly Structure[] | { readonly [key: string]: Structure };

/** A structure without its leaves, which are counted from the left. */
export type Form =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'array'; readonly items: readonly Form[] }
  | { readonly kind: 'object'; readonly keys: readonly string[]; readonly items: readonly Form[] };

/** The form of a value; its leaves, which are all that is no array and no object, go to `leaves`. */
export function formOf(value: unknown, leaves: unknown[]): Form {
  if (Array.isArray(value)) {
    return { kind: 'array', items: value.map((item) => formOf(item, leaves)) };
  }
  if (isPlainObject(value)) {
    const keys = Object.keys(value);
    return { kind: 'object', keys, items: keys.map((key) => formOf(value[key], leaves)) };
  }
  leaves.push(value);
  return { kind: 'leaf' };
}

export function sameForm(a: Form, b: Form): boolean {
  if (a.kind === 'leaf' || b.kind === 'leaf') return a.kind === b.kind;
  if (a.kind !== b.kind || a.items.length !== b.items.length) return false;
  if (a.kind === 'object' && b.kind === 'object') {
    if (a.keys.some((key, i) => key !== b.keys[i])) return false;
  }
  return a.items.every((item, i) => sameForm(item, b.items[i]!));
}

/** The leaves in that form. */
export function inForm(form: Form, leaves: readonly Tensor[]): Structure {
  let next = 0;
  const build = (part: Form): Structure => {
    if (part.kind === 'leaf') return leaves[next++]!;
    if (part.kind === 'array') return part.items.map(build);
    return Object.fromEntries(part.items.map((item, i) => [part.keys[i], build(item)]));
  };
  return build(form);
}

/** Such as "[*, { a: *, b: * }]". */
export function formatForm(form: Form): string {
  if (form.kind === 'leaf') return '*';
  const items = form.items.map(formatForm);
  if (form.kind === 'array') return `[${items.join(', ')}]`;
  return `{ ${items.map((item, i) => `${form.keys[i]}: ${item}`).join(', ')} }`;
}

/** The error of two forms that should be one. */
export function checkSameForm(what: string, first: Form, second: Form): void {
  if (sameForm(first, second)) return;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `${what} must have the same nested structure: ${formatForm(first)} and ${formatForm(second)}`,
  );
}
