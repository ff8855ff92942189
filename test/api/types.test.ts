import {
  type DataOf,
  Graph,
  gradients,
  group,
  NDArray,
  ndarray,
  placeholder,
  Session,
  type Tensor,
  variable,
} from '../../lib/index.js';

/** Compiles only if the two types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(..._: Same<A, B> extends true ? [] : [never]) => undefined;

test('the dtype of an array follows from its values', () => {
  const floats = ndarray([[1, 2]]);
  same<typeof floats, NDArray<'float32'>>();
  same<typeof floats.data, Float32Array>();
  const bigs = ndarray([1n]);
  same<typeof bigs, NDArray<'int64'>>();
  const bools = NDArray.from([[true], [false]]);
  same<typeof bools, NDArray<'bool'>>();
  const texts = ndarray([['a']]);
  same<typeof texts.data, string[]>();
  const ints = ndarray(new Int16Array(1));
  same<typeof ints, NDArray<'int16'>>();
  const given = ndarray([1, 2], { dtype: 'bfloat16' });
  same<typeof given.data, Uint16Array>();
  const copied = ndarray(given);
  same<typeof copied, NDArray<'bfloat16'>>();
  const item = ndarray([1], { dtype: 'uint64' }).item();
  same<typeof item, bigint>();
  const complex = ndarray([{ re: 1, im: 2 }]).at(0);
  same<typeof complex, { readonly re: number; readonly im: number }>();
  const any: NDArray = floats;
  expect(any).toBe(floats);
});

test('what is no value does not compile', () => {
  // @ts-expect-error a function is no value
  expect(() => ndarray(() => 1)).toThrow(TypeError);
  // @ts-expect-error there is no such dtype
  expect(() => ndarray([1], { dtype: 'float' })).toThrow(TypeError);
  // @ts-expect-error the data of int8 are Int8Array
  const data: DataOf<'int8'> = new Float32Array(1);
  expect(data).toHaveLength(1);
});

test('the result of a run has the structure and dtypes of its fetches', () => {
  const graph = new Graph();
  using session = new Session(graph);
  graph.asDefault(() => {
    const x = placeholder('float32', []);
    const label = placeholder('int64', [null]);
    const v = variable(1n);
    const noOp = group([x]);
    const shapes = (out: () => unknown) => out;
    const record = () => session.runSync({ probs: x, deep: [label, { v }] });
    same<
      ReturnType<typeof record>,
      {
        probs: NDArray<'float32'>;
        deep: [NDArray<'int64'>, { v: NDArray<'int64'> }];
      }
    >();
    const pair = () => session.runSync([x, noOp]);
    same<ReturnType<typeof pair>, [NDArray<'float32'>, null]>();
    const names = () => session.runSync(['x:0', 'x']);
    same<ReturnType<typeof names>, [NDArray, null]>();
    const list = () => session.runSync([x, x] as Tensor<'float32'>[]);
    same<ReturnType<typeof list>, NDArray<'float32'>[]>();
    const awaited = () => session.run(x);
    same<ReturnType<typeof awaited>, Promise<NDArray<'float32'>>>();
    const prepared = () => session.prepare({ y: x }).runSync();
    same<ReturnType<typeof prepared>, { y: NDArray<'float32'> }>();
    const evaluated = () => label.evalSync();
    same<ReturnType<typeof evaluated>, NDArray<'int64'>>();
    const method = x.mul(2).add(1);
    same<typeof method, Tensor<'float32'>>();
    const cast = x.cast('int32');
    same<typeof cast, Tensor<'int32'>>();
    expect([record, pair, names, list, awaited, prepared, evaluated].map(shapes)).toHaveLength(7);
  });
});

test('gradients come as many as they are asked for, in the dtypes of the variables', () => {
  new Graph().asDefault(() => {
    const x = placeholder('float64', []);
    const v = variable(1);
    const both = gradients(x.square(), [x, v]);
    same<typeof both, [Tensor<'float64'> | null, Tensor<'float32'> | null]>();
    const one = gradients(v.value.square(), v, { unconnected: 'zero' });
    same<typeof one, [Tensor<'float32'>]>();
    expect([both.length, one.length]).toEqual([2, 1]);
  });
});
