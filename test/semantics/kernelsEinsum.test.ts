import { einsum, type NDArray, ndarray, type Session, type Tensor } from '../../lib/index.js';
import { inGraph } from './inGraph.js';

const counted = (dims: readonly number[]) => {
  const length = dims.reduce((all, dim) => all * dim, 1);
  return ndarray(Float32Array.from({ length }, (_, i) => i + 1)).reshape(dims);
};
const list = (session: Session, fetch: Tensor) => [...session.runSync(fetch)];

/** The sum over all labels, one by one. */
function einsumOf(equation: string, inputs: readonly NDArray[]): number[] {
  const [from, to = ''] = equation.split('->');
  const terms = from!.split(',');
  const dims = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    for (const [axis, label] of [...term].entries()) dims.set(label, inputs[i]!.shape[axis]!);
  }
  const labels = [...to, ...[...dims.keys()].filter((label) => !to.includes(label))];
  const result: number[] = [];
  const walk = (at: Record<string, number>, depth: number, place: number) => {
    const label = labels[depth];
    if (label === undefined) {
      const product = terms.reduce((p, term, i) => {
        return p * Number(inputs[i]!.at(...[...term].map((l) => at[l]!)));
      }, 1);
      result[place] = (result[place] ?? 0) + product;
      return;
    }
    const dim = dims.get(label)!;
    for (let k = 0; k < dim; k++) {
      walk({ ...at, [label]: k }, depth + 1, depth < to.length ? place * dim + k : place);
    }
  };
  walk({}, 0, 0);
  return result;
}

inGraph('k-einsum: einsum', ({ session }) => {
  const equations = ['nij,jk->nik', 'ab,b->a', 'ijj,k->ik', 'abc,bad->abcd'];
  for (const equation of equations) {
    const inputs = equation
      .split('->')[0]!
      .split(',')
      .map((term) => counted([...term].map(() => 3)));
    const y = list(session, einsum(inputs, equation));
    expect(y).toEqual(einsumOf(equation, inputs));
  }
});
