import { cond } from '../../lib/control/cond.js';
import { fold } from '../../lib/control/fold.js';
import { whileLoop } from '../../lib/control/whileLoop.js';
import { recompute } from '../../lib/customGradient.js';
import type { DType } from '../../lib/dtype.js';
import { EngineError } from '../../lib/errors.js';
import { NDArray } from '../../lib/ndArray.js';
import { output } from '../../lib/operation.js';
import type { Tensor } from '../../lib/tensor.js';
import type { Build, Entry } from './build.js';
import type { Choices, Step } from './recipe.js';
import { sample } from './sample.js';
import { recent, shapeOf } from './steps.js';

export type TakeSteps = (build: Build, steps: readonly Step[]) => void;

const number = (value: number) => new NDArray<DType>(Int32Array.of(value), [], 'int32');

/** Runs steps in a scope of their own; gives the newest tensor there that suits, else `other`. */
function body(
  build: Build,
  take: TakeSteps,
  steps: readonly Step[],
  given: readonly Tensor[],
  suits: (entry: Entry) => boolean,
  other: () => Tensor,
): Tensor {
  return build.within(() => {
    const around = build.pool.length;
    for (const tensor of given) build.pool.push({ tensor, value: null });
    take(build, steps);
    const found = build.pool.slice(around).reverse().find(suits);
    const result = found?.tensor ?? other();
    build.line(`return ${build.text(result)};`);
    return result;
  });
}

/** A branch by a value that is fed, or one that is known. */
export function addCond(build: Build, choices: Choices, inner: readonly Step[], take: TakeSteps) {
  const entry = recent(build, choices, ({ tensor }) => tensor.dtype !== 'variant');
  if (!entry) return;
  const { dtype } = entry.tensor;
  build.attempt(() => {
    const value = new NDArray<DType>(Uint8Array.of(choices.below(2)), [], 'bool');
    const fixed = build.inside || choices.chance(30);
    const predicate = fixed ? build.one('Identity', [value]) : build.feed(value, []);
    const half = Math.ceil(inner.length / 2);
    const suits = ({ tensor }: Entry) => tensor.dtype === dtype;
    const branch = (steps: readonly Step[]) => () =>
      body(build, take, steps, [], suits, () => build.one('Identity', [entry.tensor]));
    build.line(`cond(${build.text(predicate)}, () => {`);
    const otherwise = branch(inner.slice(half));
    const y = cond(output<'bool'>(predicate.op), branch(inner.slice(0, half)), () => {
      build.line('}, () => {');
      return otherwise();
    });
    build.line('});');
    build.named(y, 'that');
    build.add(y.op, [y]);
  });
}

/** Some rounds of steps on a tensor that keeps its dtype and shape. */
export function addWhile(build: Build, choices: Choices, inner: readonly Step[], take: TakeSteps) {
  const entry = recent(build, choices, (e) => e.tensor.dtype !== 'variant' && !!shapeOf(e));
  if (!entry) return;
  const { tensor } = entry;
  const form = shapeOf(entry)?.join();
  build.attempt(() => {
    const rounds = number(choices.below(4));
    const fed =
      build.inside || choices.chance(40) ? build.constant(rounds) : build.feed(rounds, []);
    const suits = (e: Entry) => e.tensor.dtype === tensor.dtype && shapeOf(e)?.join() === form;
    const looser = choices.chance(20);
    const shape = looser ? shapeOf(entry)?.map(() => null) : undefined;
    const options = looser ? { shapeInvariants: [undefined, shape] } : {};
    build.line(`whileLoop((i) => less(i, ${build.text(fed)}), (i, x) => {`);
    const [count, y] = whileLoop(
      (i: Tensor) => {
        build.call(i, 'i');
        return output<'bool'>(build.within(() => build.one('Less', [i, fed])).op);
      },
      (i: Tensor, x: Tensor) => {
        const next = build.within(() => build.one('AddV2', [i, number(1)]));
        build.call(i, 'i');
        build.call(x, 'x');
        const given = [x, i];
        const result = body(build, take, inner, given, suits, () => build.one('Identity', [x]));
        return [next, result] as const;
      },
      [build.constant(number(0)), tensor] as const,
      options,
    );
    build.line(`}, [0, ${build.text(tensor)}]);`);
    build.named(y, 'that[1]');
    build.call(count, `${build.text(y)}.op.outputs[0]`);
    build.add(y.op, [count, y]);
  });
}

/** Brings the slices of a tensor into one. */
export function addFold(build: Build, choices: Choices, inner: readonly Step[], take: TakeSteps) {
  const entry = recent(build, choices, (e) => {
    const shape = shapeOf(e);
    return e.tensor.dtype !== 'variant' && !!shape && shape.length > 0 && (shape[0] ?? 0) < 6;
  });
  const shape = entry && shapeOf(entry)?.slice(1);
  if (!entry || !shape) return;
  const { tensor } = entry;
  build.attempt(() => {
    const initial = sample(shape, tensor.dtype, 2);
    const suits = (e: Entry) =>
      e.tensor.dtype === tensor.dtype && shapeOf(e)?.join() === shape.join();
    build.line(`fold((a, x) => {`);
    const y = fold(
      (a: Tensor, x: Tensor) => {
        build.call(a, 'a');
        build.call(x, 'x');
        const other = () =>
          build.one(
            tensor.dtype === 'float32' ? 'AddV2' : 'Identity',
            tensor.dtype === 'float32' ? [a, x] : [a],
          );
        return body(build, take, inner, [a, x], suits, other);
      },
      tensor,
      build.constant(initial),
      { reverse: choices.chance(30) },
    );
    build.line(`}, ${build.text(tensor)}, ${build.text(initial)});`);
    build.named(y, 'that');
    build.add(y.op, [y]);
  });
}

/** Steps in a call, which is computed again where its gradient is asked for. */
export function addCall(build: Build, choices: Choices, inner: readonly Step[], take: TakeSteps) {
  const entry = recent(build, choices, ({ tensor }) => tensor.dtype === 'float32');
  if (!entry) return;
  const { tensor } = entry;
  build.attempt(() => {
    build.line('recompute((x) => {');
    const suits = (e: Entry) => e.tensor.dtype === 'float32';
    const y = recompute((x: Tensor) => {
      build.call(x, 'x');
      return body(build, take, inner, [x], suits, () => build.one('Tanh', [x]));
    })(tensor);
    build.line(`})(${build.text(tensor)});`);
    if (!y) throw new EngineError('INVALID_ARGUMENT', 'nothing to recompute');
    build.named(y, 'that');
    build.add(y.op, [y]);
  });
}
