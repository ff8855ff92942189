import type { Cases } from './case.js';
import { cases } from './cases/index.js';
import { type Edge, edgesOf } from './edges.js';
import { describeOp } from './instances.js';

const edges = Object.entries<Cases>(cases).flatMap(([name, rows]) => {
  const byKind = new Map<string, Edge[]>();
  for (const edge of edgesOf(describeOp(name), rows)) {
    byKind.set(edge.kind, [...(byKind.get(edge.kind) ?? []), edge]);
  }
  return [...byKind].map(([kind, list]) => [name, kind, list] as const);
});

test.each(edges)('%s, %s', (_name, _kind, list) => {
  for (const { dtype, check } of list) {
    try {
      check();
    } catch (error) {
      throw new Error(dtype, { cause: error });
    }
  }
});
