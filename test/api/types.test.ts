import { type DataOf, NDArray, ndarray } from '../../lib/index.js';

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
