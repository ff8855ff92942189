import { table, type ValueCase } from '../case.js';
import { smallIntegers, upTo } from '../reference/numbers.js';

const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1);

/** a [..., m, k] times b [..., k, n], or stored transposed; leading dims broadcast. */
function productCase(
  [a, b, out]: readonly [readonly number[], readonly number[], readonly number[]],
  flags: readonly [ta: boolean, tb: boolean],
  names: readonly [string, string],
  gradient = false,
): ValueCase {
  const [x, y] = [smallIntegers(product(a), 1), smallIntegers(product(b), 2)];
  const [m, n] = [out.at(-2)!, out.at(-1)!];
  const k = flags[0] ? a.at(-2)! : a.at(-1)!;
  const batch = out.slice(0, -2);
  const offset = (index: number, shape: readonly number[]): number => {
    const own = shape.slice(0, -2);
    let [rest, at, step] = [index, 0, 1];
    for (let d = batch.length - 1; d >= 0; d--) {
      const dim = own[d - batch.length + own.length] ?? 1;
      if (dim > 1) at += (rest % batch[d]!) * step;
      rest = Math.floor(rest / batch[d]!);
      step *= dim;
    }
    return at * product(shape.slice(-2));
  };
  const element = (i: number, r: number, c: number): number => {
    const [p, q] = [offset(i, a), offset(i, b)];
    const at = (j: number) => x[p + (flags[0] ? j * m + r : r * k + j)]!;
    const bt = (j: number) => y[q + (flags[1] ? c * k + j : j * n + c)]!;
    return upTo(k).reduce((sum, j) => sum + at(j) * bt(j), 0);
  };
  const values = upTo(product(batch)).flatMap((i) =>
    upTo(m).flatMap((r) => upTo(n).map((c) => element(i, r, c))),
  );
  return {
    inputs: [x, y],
    outputs: [values],
    shapes: { inputs: [a, b], outputs: [out] },
    attrs: { [names[0]]: flags[0], [names[1]]: flags[1] },
    gradient,
  };
}

function rows(names: readonly [string, string]): ValueCase[] {
  const plain = [false, false] as const;
  return [
    productCase(
      [
        [3, 4],
        [4, 5],
        [3, 5],
      ],
      plain,
      names,
      true,
    ),
    productCase(
      [
        [4, 3],
        [4, 5],
        [3, 5],
      ],
      [true, false],
      names,
      true,
    ),
    productCase(
      [
        [3, 4],
        [5, 4],
        [3, 5],
      ],
      [false, true],
      names,
      true,
    ),
    productCase(
      [
        [4, 3],
        [5, 4],
        [3, 5],
      ],
      [true, true],
      names,
      true,
    ),
    productCase(
      [
        [2, 3, 4],
        [2, 4, 5],
        [2, 3, 5],
      ],
      plain,
      names,
      true,
    ),
    productCase(
      [
        [2, 3, 4],
        [4, 5],
        [2, 3, 5],
      ],
      plain,
      names,
      true,
    ),
    productCase(
      [
        [3, 4],
        [2, 5, 4],
        [2, 3, 5],
      ],
      [false, true],
      names,
      true,
    ),
    productCase(
      [
        [2, 1, 4, 3],
        [3, 4, 2],
        [2, 3, 3, 2],
      ],
      [true, false],
      names,
      true,
    ),
    // A depth of whole cache lines, whose transposed rows are kept apart.
    productCase(
      [
        [2, 128, 3],
        [2, 128, 5],
        [2, 3, 5],
      ],
      [true, false],
      names,
    ),
    productCase(
      [
        [1, 40],
        [40, 70],
        [1, 70],
      ],
      plain,
      names,
    ),
    productCase(
      [
        [1, 40],
        [70, 40],
        [1, 70],
      ],
      [false, true],
      names,
    ),
    productCase(
      [
        [33, 20],
        [20, 1],
        [33, 1],
      ],
      plain,
      names,
    ),
    productCase(
      [
        [20, 1],
        [20, 30],
        [1, 30],
      ],
      [true, false],
      names,
    ),
    productCase(
      [
        [13, 30],
        [30, 70],
        [13, 70],
      ],
      plain,
      names,
    ),
    productCase(
      [
        [0, 3],
        [3, 2],
        [0, 2],
      ],
      plain,
      names,
    ),
    productCase(
      [
        [2, 0],
        [0, 3],
        [2, 3],
      ],
      plain,
      names,
    ),
    productCase(
      [
        [0, 2, 2],
        [2, 2],
        [0, 2, 2],
      ],
      plain,
      names,
    ),
  ];
}

const common = [
  { inputs: [[[Number.NaN, 1]], [[1], [0]]], outputs: [[[Number.NaN]]] },
  {
    inputShapes: [
      [null, 3],
      [3, 4],
    ],
    outputShapes: [[null, 4]],
  },
  {
    inputShapes: [
      [null, 2, null],
      [null, 4],
    ],
    outputShapes: [[null, 2, 4]],
  },
  { inputShapes: [null, [3, 4]], outputShapes: [null] },
  {
    inputs: [[[1, 2, 3]], [[1], [2]]],
    error: 'INVALID_ARGUMENT',
    message: 'inner dimensions differ: a is [1, 3], b is [2, 1]',
  },
  {
    inputs: [
      [1, 2],
      [[1], [2]],
    ],
    error: 'INVALID_ARGUMENT',
  },
] as const;

export const matMul = table({
  MatMul: [...rows(['transpose_a', 'transpose_b']), ...common],
  BatchMatMulV2: [...rows(['adj_x', 'adj_y']), ...common],
});
