type Nested = number | readonly Nested[];

/** Nested arrays of a shape from their numbers in row-major order. */
export function nested(shape: readonly number[], values: readonly number[]): readonly Nested[] {
  const [first = 0, ...rest] = shape;
  const step = values.length / first;
  return Array.from({ length: first }, (_, i) => {
    const part = values.slice(i * step, (i + 1) * step);
    return rest.length === 0 ? part[0]! : nested(rest, part);
  });
}

/** Nested arrays of a shape with 0, 1, 2, ... or a function of them. */
export function counted(
  shape: readonly number[],
  of: (i: number) => number = (i) => i,
): readonly Nested[] {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return nested(
    shape,
    Array.from({ length: size }, (_, i) => of(i)),
  );
}
