import {
  addOp,
  constant,
  Graph,
  less,
  ndarray,
  placeholder,
  Session,
  type Tensor,
  whileLoop,
} from '../../lib/index.js';

// Values of unknown shape that an op passes on lie where their producer put them, in memory that a
// plan gives to others when nobody reads the producer's result any more.
const passedOn: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  PlaceholderWithDefault: (x) => addOp('PlaceholderWithDefault', [x]).outputs[0]!,
  'a loop without iterations': (x) =>
    whileLoop(
      (i) => less(i, 0),
      (i, y) => [i, y],
      [constant(0), addOp('PlaceholderWithDefault', [x]).outputs[0]!],
    )[1],
};

test.each(Object.entries(passedOn))('%s keeps what it passes on', (_, pass) => {
  const graph = new Graph();
  const [x, y] = graph.asDefault(() => {
    const x = placeholder('float64', [2, 3]);
    const kept = pass(addOp('Abs', [x]).outputs[0]!);
    // Takes memory of the same size meanwhile.
    const other = addOp('Sqrt', [addOp('Square', [x]).outputs[0]!]).outputs[0]!;
    const more = addOp('Tile', [other, [2, 2]]).outputs[0]!;
    const sum = addOp('Sum', [more, [0, 1]]).outputs[0]!;
    return [x, addOp('AddV2', [kept, sum]).outputs[0]!];
  });
  const value = ndarray([1, -2, 3, -4, 5, -6], { dtype: 'float64' }).reshape([2, 3]);
  const disabledPasses = ['fold_constants', 'merge_common', 'rewrite', 'fuse_elementwise'];
  using session = new Session(graph, { disabledPasses });
  for (let run = 0; run < 3; run++) {
    const { data } = session.runSync(y, { feeds: [[x, value]] });
    expect([...data]).toEqual([85, 86, 87, 88, 89, 90]);
  }
});
