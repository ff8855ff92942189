/** 0, 1, ... count - 1. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** Small integers of no pattern, so that every dtype holds them and sums stay exact. */
export function smallIntegers(count: number, seed: number): number[] {
  let state = (seed * 2654435761 + 12345) >>> 0;
  return upTo(count).map(() => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * 5) - 2;
  });
}

/** At most 282 integers around 0, in no order and none twice, that bfloat16 holds. */
export function differentIntegers(count: number): number[] {
  const prime = [61, 181, 283].find((p) => p > count) ?? 283;
  return upTo(count).map((i) => ((i * 73) % prime) - (prime >> 1));
}
