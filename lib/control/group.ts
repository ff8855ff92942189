import { EngineError, invalidArgument } from '../errors.js';
import { isTensorLike, type OpOptions, type TensorLike } from '../node.js';
import { addOp } from '../op.js';
import { Operation } from '../operation.js';
import { Tensor } from '../tensor.js';

type Member = Operation | Tensor | (TensorLike & { readonly op: Operation });

function isMember(x: unknown): x is Member {
  return x instanceof Operation || x instanceof Tensor || (isTensorLike(x) && 'op' in x);
}

/** An operation that runs the given ones, and nothing else. */
export function group(operations: readonly Member[], options: OpOptions = {}): Operation {
  if (!Array.isArray(operations)) {
    throw invalidArgument('operations', 'a list of operations and tensors', operations);
  }
  const given = operations.map((x: unknown) => {
    if (isMember(x)) return x instanceof Operation || x instanceof Tensor ? x : x.op;
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
  if (!Array.isArray(tensors)) throw invalidArgument('tensors', 'a list of tensors', tensors);
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
