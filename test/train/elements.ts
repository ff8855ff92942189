/** All elements of a source. */
export async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const elements: T[] = [];
  for await (const element of source) elements.push(element);
  return elements;
}

export const ten = Array.from({ length: 10 }, (_, i) => i);

/** Counts up, and says whether it was closed. */
export function counter(limit = Infinity) {
  const state = { made: 0, closed: 0 };
  async function* make(): AsyncGenerator<number, void, undefined> {
    try {
      for (let i = 0; i < limit; i++) {
        state.made += 1;
        yield i;
      }
    } finally {
      state.closed += 1;
    }
  }
  return { state, make };
}
