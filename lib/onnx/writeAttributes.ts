import type { Attrs } from './importNode.js';
import { type AttributeProto, emptyAttribute, type GraphProto } from './proto.js';

/**
 * Attributes of a node that a mapping makes. They carry no type, as in files of the first IR
 * versions, since a whole number may be meant as either.
 */
export function attributesOf(attrs: Attrs): Map<string, AttributeProto> {
  return new Map(
    Object.entries(attrs)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, attributeOf(name, value)]),
  );
}

function attributeOf(name: string, value: unknown): AttributeProto {
  const empty = { ...emptyAttribute(), name };
  if (typeof value === 'string') return { ...empty, s: Buffer.from(value) };
  if (typeof value === 'boolean') return { ...empty, i: value ? 1n : 0n };
  if (typeof value === 'number') {
    return { ...empty, f: value, i: BigInt(Number.isInteger(value) ? value : 0) };
  }
  if (isGraph(value)) return { ...empty, g: value };
  const numbers = Array.isArray(value) ? value.map(Number) : [];
  return { ...empty, floats: numbers, ints: numbers.map((x) => BigInt(Math.trunc(x))) };
}

function isGraph(value: unknown): value is GraphProto {
  return typeof value === 'object' && value !== null && 'nodes' in value;
}
