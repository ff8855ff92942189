import { type BlockHandle, native } from '../binding.js';
import { constant } from '../constant.js';
import { type DType, elementSize, isFloat, isInteger } from '../dtype.js';
import { EngineError } from '../errors.js';
import { variable } from '../makeVariable.js';
import { addNode } from '../node.js';
import { placeholder } from '../placeholder.js';
import type { Sliced } from '../sliced.js';
import type { Tensor } from '../tensor.js';
import { Variable } from '../variable.js';
import { toNumber } from './attributes.js';
import type { ImportContext } from './context.js';
import { nameIn, opName } from './names.js';
import type { Stored } from './proto.js';
import { arrayOf, type TensorValue } from './tensorValue.js';

/** A number tensor whose value is known while importing. */
export interface Known {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** Constants up to this size are looked at by mappings, for axes, shapes, pads and the like. */
const kLargestKnown = 4096;

/** Literals from this size on are copied in pieces, each in well under a millisecond. */
const kStagedBytes = 256 << 10;
const kPieceBytes = 256 << 10;

/** The named values of one ONNX graph, and of the graphs around it. */
export class Values {
  readonly #context: ImportContext;
  readonly #outer: Values | undefined;
  readonly #tensors = new Map<string, Tensor>();
  readonly #known = new Map<string, Known>();
  readonly #literals = new Map<string, TensorValue>();
  /** Large literals as memory of the core, until an op has it. */
  readonly #blocks = new Map<string, BlockHandle>();
  /** Values that an unsupported node would have made. */
  readonly #lost = new Set<string>();

  constructor(context: ImportContext, outer?: Values) {
    this.#context = context;
    this.#outer = outer;
  }

  define(name: string, tensor: Tensor, known?: Known): void {
    this.#tensors.set(name, tensor);
    if (known) this.#known.set(name, known);
  }

  /** Gives a name to a value of the file; it becomes an op when something reads it. */
  literal(name: string, value: TensorValue): void {
    this.#literals.set(name, value);
  }

  /** Copies a large literal into memory of the core, piece by piece. */
  *stage(name: string): Sliced<void> {
    const value = this.#literals.get(name);
    if (!value || value.dtype === 'string' || value.bytes.length < kStagedBytes) return;
    if (this.#context.weights === 'placeholders') return;
    const block = yield* this.#newBlock(value.bytes.length);
    for (let at = 0; at < value.bytes.length; at += kPieceBytes) {
      native.fillBlock(block, at, value.bytes.subarray(at, at + kPieceBytes));
      yield;
    }
    this.#blocks.set(name, block);
  }

  *#newBlock(bytes: number): Sliced<BlockHandle> {
    if (this.#context.isSync) return native.newBlock(bytes);
    const made: BlockHandle[] = [];
    yield native.newBlockAsync(bytes).then((block) => made.push(block));
    const [block] = made;
    if (block) return block;
    throw new EngineError('INTERNAL', 'nobody waited for the memory of a constant');
  }

  /** Where values lie that no op has yet, here or in a graph around this one. */
  stored(name: string): Stored | undefined {
    const literal = this.#literals.get(name);
    if (literal) return this.#tensors.has(name) ? undefined : storedOf(literal);
    return this.#tensors.has(name) ? undefined : this.#outer?.stored(name);
  }

  isLiteral(name: string): boolean {
    return this.#literals.has(name);
  }

  /** Gives up on a value; nodes that read it are passed over. */
  lose(name: string): void {
    this.#lost.add(name);
  }

  isLost(name: string): boolean {
    return this.#lost.has(name) || (!this.#isOwn(name) && !!this.#outer?.isLost(name));
  }

  /** The tensor of that name, here or in a graph around this one. */
  tensor(name: string): Tensor {
    const own = this.#tensors.get(name);
    if (own) return own;
    const literal = this.#literals.get(name);
    if (literal) {
      const tensor = this.#weight(name, literal);
      this.#tensors.set(name, tensor);
      return tensor;
    }
    const known = this.#outer?.known(name);
    if (this.#isSubgraph && known) return this.#copied(name, known);
    if (this.#outer && !this.#isSubgraph) return this.#outer.tensor(name);
    throw new EngineError('INVALID_ARGUMENT', `nothing makes the value '${name}'`);
  }

  get #isSubgraph(): boolean {
    return this.#outer !== undefined && this.#outer.#context.graph !== this.#context.graph;
  }

  /** A constant of the graph around as one of this graph. */
  #copied(name: string, known: Known): Tensor {
    const { dtype, shape, values } = known;
    const { graph } = this.#context;
    const tensor = constant([...values], { dtype, graph, shape: [...shape] });
    this.define(name, tensor, known);
    return tensor;
  }

  /** The numbers of a value, when the model fixes them. */
  known(name: string): Known | undefined {
    const found = this.#known.get(name);
    if (found) return found;
    const literal = this.#literals.get(name);
    const known = literal && knownOf(literal);
    if (known) this.#known.set(name, known);
    if (literal) return known;
    return this.#isOwn(name) ? undefined : this.#outer?.known(name);
  }

  #isOwn(name: string): boolean {
    return this.#tensors.has(name) || this.#literals.has(name);
  }

  #weight(name: string, value: TensorValue): Tensor {
    const { prefix, weights, graph } = this.#context;
    const asName = prefix + opName(name, 'weight');
    const named = nameIn(graph, asName);
    const make = (opName: string) => this.#constant(name, value, opName);
    if (weights === 'placeholders' && isWeight(value) && isLarge(value)) {
      return placeholder(value.dtype, [...value.shape], { name: named, graph });
    }
    if (!isWeight(value) || weights !== 'variables') return make(named);
    const initial = make(`${asName}/initial/`);
    // A session takes memory of its own with the first change of the variable.
    const options = { name: named };
    return (initial.graph.place ? variable(initial, options) : new Variable(initial, options, true))
      .value;
  }

  #constant(key: string, value: TensorValue, name: string): Tensor {
    const { graph } = this.#context;
    const { dtype, shape } = value;
    const stored = storedOf(value);
    const block = stored ? stored.block : this.#blocks.get(key);
    if (block) {
      this.#blocks.delete(key);
      return addNode(graph, 'Const', [], { dtype, value: { dtype, shape, block } }, { name })
        .outputs[0]!;
    }
    if (stored) throw new EngineError('INTERNAL', `nobody waited for the values of '${key}'`);
    const options = { dtype, shape: [...shape], name, graph };
    return constant(value.dtype === 'string' ? [...value.strings] : arrayOf(value), options);
  }
}

function storedOf(value: TensorValue): Stored | undefined {
  return value.dtype === 'string' ? undefined : value.stored;
}

function isLarge(value: TensorValue): boolean {
  if (value.dtype === 'string') return false;
  return value.stored !== undefined || value.bytes.length >= kStagedBytes;
}

/** What becomes a variable when weights are to be trained. */
function isWeight({ dtype, shape }: TensorValue): boolean {
  return isFloat(dtype) && shape.length > 0;
}

function knownOf(value: TensorValue): Known | undefined {
  const { dtype, shape } = value;
  if (value.dtype === 'string' || value.stored || !isKnowable(dtype)) return undefined;
  if (value.bytes.length > kLargestKnown * elementSize(dtype)) return undefined;
  const values: number[] = [];
  for (const entry of arrayOf(value)) {
    values.push(typeof entry === 'bigint' ? toNumber(entry) : entry);
  }
  return { dtype, shape, values };
}

/** Whether the entries of the typed array are the numbers themselves. */
export function isKnowable(dtype: DType): boolean {
  return isInteger(dtype) || dtype === 'float32' || dtype === 'float64' || dtype === 'bool';
}
