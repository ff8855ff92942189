/** A tensor of numbers, row by row. */
export interface Dense {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/**
 * The sum of products over all indices, one assignment of the labels at a time. Equations have an
 * arrow; dims under an ellipsis are written as the letters U to Z, from the left, by the caller.
 */
export function einsum(equation: string, operands: readonly Dense[]): Dense {
  const [left = '', output = ''] = equation.split('->');
  const terms = left.split(',');
  const sizes = new Map<string, number>();
  operands.forEach(({ shape }, i) => {
    [...terms[i]!].forEach((label, axis) => {
      sizes.set(label, Math.max(sizes.get(label) ?? 1, shape[axis]!));
    });
  });
  const summed = [...sizes.keys()].filter((label) => !output.includes(label));
  const labels = [...output, ...summed];
  const size = (list: readonly string[]) => list.reduce((n, l) => n * sizes.get(l)!, 1);
  const at = new Map<string, number>(labels.map((label) => [label, 0]));
  const element = ({ shape, values }: Dense, term: string): number =>
    values[
      [...term].reduce((n, label, axis) => n * shape[axis]! + (at.get(label)! % shape[axis]!), 0)
    ]!;
  const assign = (count: number) => {
    let rest = count;
    for (const label of [...labels].reverse()) {
      at.set(label, rest % sizes.get(label)!);
      rest = Math.floor(rest / sizes.get(label)!);
    }
  };
  const values = new Array<number>(size([...output])).fill(0);
  const total = size(labels);
  for (let i = 0; i < total; i++) {
    assign(i);
    const product = operands.reduce((p, operand, k) => p * element(operand, terms[k]!), 1);
    values[Math.floor(i / size(summed))]! += product;
  }
  return { shape: [...output].map((label) => sizes.get(label)!), values };
}
