import { EngineError } from '../errors.js';
import { isTensorLike, type OpOptions, type TensorLike } from '../node.js';
import { addOp } from '../op.js';
import { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';

type Member = Operation | Tensor | (TensorLike & { readonly op: Operation });

/** An operation that runs the given ones, and nothing else. */
export function group(operations: readonly Member[], options: OpOptions = {}): Operation {
  const given = operations.map((x) => {
    if (x instanceof Operation || x instanceof Tensor) return x;
    if (isTensorLike(x)) return x.op;
    const text = `group() expected operations or tensors, not ${String(x)} with type ${typeof x}`;
    throw Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
  });
  const graph = given[0]?.graph ?? options.graph;
  const controlInputs = [...given, ...(options.controlInputs ?? [])];
  const name = options.name ?? 'group_deps';
  return addOp('NoOp', [], {}, { ...options, name, graph, controlInputs });
}

/** The tensors, each of which waits for all of them and for `controlInputs`; null stays null. */
export function tuple(
  tensors: readonly (Tensor | null)[],
  options: OpOptions = {},
): (Tensor | null)[] {
  const given = tensors.filter((tensor) => tensor !== null);
  if (given.length === 0) {
    const what = JSON.stringify(tensors);
    throw new EngineError('INVALID_ARGUMENT', `Must have at least one Tensor: ${what}`);
  }
  const all = group(given, options);
  return tensors.map((tensor) =>
    tensor === null
      ? null
      : addOp('Identity', [tensor], {}, { name: options.name ?? 'tuple', controlInputs: [all] })
          .outputs[0]!,
  );
}
