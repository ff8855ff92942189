import { checkAttrs, checkOptions } from './attrs.js';
import { type ArgDescription, native, type OpDescription } from './binding.js';
import { addConstant } from './constant.js';
import { inferDType, toValue } from './convert.js';
import { getDefaultGraph } from './defaults.js';
import { type DType, dtypeFromCode, isDType } from './dtype.js';
import { EngineError, invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import { addNode, isTensorLike, type OpOptions, type TensorLike } from './node.js';
import { Operation } from './operation.js';
import { captured } from './subgraph.js';
import { Tensor } from './tensor.js';
import type { Values } from './value.js';

/** A tensor or what can be made one: a variable, a number, an array, an NDArray. */
export type Operand<D extends DType = DType> = Tensor<D> | (TensorLike & { dtype: D }) | Values;

type Attrs = Readonly<Record<string, unknown>>;

const descriptions = new Map<string, OpDescription>();

function describe(type: string): OpDescription {
  const known = descriptions.get(type) ?? native.describeOp(type);
  descriptions.set(type, known);
  return known;
}

/** One value that an op reads, a tensor yet or not. */
interface Slot {
  readonly arg: ArgDescription;
  readonly place: string;
  readonly index: number;
  readonly value: unknown;
  tensor: Tensor | null;
}

/**
 * Adds an op of any type to the graph of its inputs. Inputs stand in the order of the op's
 * definition, a list where it wants one, null for an optional one left out; values that are not
 * tensors become constants of the dtype that the op asks for. `keys` names what `options` may hold
 * besides what every op takes.
 */
export function addOp(
  type: string,
  inputs: readonly unknown[],
  attrs: Attrs = {},
  options: OpOptions = {},
  keys: readonly string[] = [],
): Operation {
  const op = describe(type);
  checkOptions(type, options, keys);
  checkAttrs(op, attrs);
  const slots = slotsOf(op, inputs, `'${options.name ?? type}'`);
  const graph = graphOf(slots, options.graph);
  const types = typesOf(op, slots, attrs);
  for (const slot of slots) slot.tensor ??= constantFor(op, slot, types, graph);
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attrs)) if (value !== undefined) given[name] = value;
  return addNode(
    graph,
    type,
    slots.map((slot) => slot.tensor),
    given,
    options,
  );
}

function slotsOf(op: OpDescription, inputs: readonly unknown[], user: string): Slot[] {
  const slots: Slot[] = [];
  if (inputs.length > op.inputs.length) {
    throw invalidArgument(`inputs of ${op.name}`, `at most ${op.inputs.length}`, inputs.length);
  }
  for (const [i, arg] of op.inputs.entries()) {
    const value = inputs[i] ?? null;
    if (value === null && arg.optional) {
      if (inputs.slice(i).some((later) => later !== null && later !== undefined)) {
        slots.push({ arg, place: arg.name, index: 0, value, tensor: null });
      }
      continue;
    }
    if (arg.numberAttr || arg.typesAttr) {
      if (!Array.isArray(value)) throw invalidArgument(arg.name, 'a list of tensors', value);
      for (const [k, item] of value.entries()) {
        slots.push(slot(arg, `${arg.name}[${k}]`, k, item, user));
      }
    } else {
      slots.push(slot(arg, arg.name, 0, value, user));
    }
  }
  return slots;
}

function slot(
  arg: ArgDescription,
  place: string,
  index: number,
  value: unknown,
  user: string,
): Slot {
  if (value === null || value === undefined) {
    throw invalidArgument(place, 'a tensor or a value', value);
  }
  if (value instanceof Operation) {
    throw Object.assign(
      new TypeError(`Can't convert Operation '${value.name}' to Tensor for ${place}`),
      { code: 'ERR_INVALID_ARG_TYPE' },
    );
  }
  const tensor = isTensorLike(value) ? value.asTensor() : value;
  const own = tensor instanceof Tensor ? captured(tensor, user) : null;
  return { arg, place, index, value, tensor: own };
}

/** The graph of the inputs, else the one given, else the default graph. */
export function graphOf(
  slots: readonly { readonly tensor: Tensor | null }[],
  given: Graph | undefined,
): Graph {
  let first: Tensor | undefined;
  for (const { tensor } of slots) {
    if (!tensor) continue;
    first ??= tensor;
    if (tensor.graph !== first.graph) {
      throw new EngineError(
        'INVALID_ARGUMENT',
        `Tensor ${tensor.name} must be from the same graph as Tensor ${first.name}`,
      );
    }
  }
  if (first && given && first.graph !== given) {
    throw new EngineError('INVALID_ARGUMENT', `${first.name} is not from the passed-in graph`);
  }
  return first?.graph ?? given ?? getDefaultGraph();
}

/** The dtypes that tensors and attrs settle, by type attr. */
function typesOf(op: OpDescription, slots: readonly Slot[], attrs: Attrs): Map<string, DType> {
  const types = new Map<string, DType>();
  for (const { name, kind } of op.attrs) {
    const given = attrs[name];
    if (kind === 'type' && isDType(given)) types.set(name, given);
  }
  for (const { arg, tensor } of slots) {
    if (tensor && arg.typeAttr && !types.has(arg.typeAttr)) types.set(arg.typeAttr, tensor.dtype);
  }
  return types;
}

function constantFor(
  op: OpDescription,
  { arg, place, value }: Slot,
  types: Map<string, DType>,
  graph: Graph,
): Tensor | null {
  if (value === null) return null;
  const known = arg.dtype ? dtypeFromCode(arg.dtype) : types.get(arg.typeAttr);
  const dtype = known ?? preferred(op, arg, value, place);
  if (arg.typeAttr) types.set(arg.typeAttr, dtype);
  return addConstant(graph, toValue(value, dtype, place));
}

/** The value's own dtype where the op allows it, else the attr's default, else the first allowed. */
function preferred(op: OpDescription, arg: ArgDescription, value: unknown, place: string): DType {
  const own = inferDType(value, place);
  const attr = op.attrs.find((a) => a.name === arg.typeAttr);
  const allowed = attr?.dtypes.map(dtypeFromCode) ?? [];
  if (allowed.length === 0 || allowed.includes(own)) return own;
  const byDefault = attr?.defaultValue;
  return isDType(byDefault) ? byDefault : allowed[0]!;
}

/** A tensor of the dtype as it is, anything but a tensor as a constant of the dtype. */
export function typedTensor<D extends DType>(
  value: Operand<D>,
  dtype: D,
  place: string,
  graph?: Graph,
): Tensor<D>;
export function typedTensor(value: unknown, dtype: DType, place: string, graph?: Graph): Tensor {
  const tensor = toTensor(value, dtype, place, graph);
  if (tensor.dtype === dtype) return tensor;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Tensor conversion requested dtype ${dtype} for Tensor with dtype ${tensor.dtype}: ` +
      `'${tensor.name}' as ${place}`,
  );
}

/** A tensor as it is, anything else as a constant of the dtype. */
export function toTensor(value: unknown, dtype: DType, place: string, graph?: Graph): Tensor {
  const tensor = isTensorLike(value) ? value.asTensor() : value;
  if (tensor instanceof Tensor) return captured(tensor, place);
  return addConstant(graph ?? getDefaultGraph(), toValue(tensor, dtype, place));
}
