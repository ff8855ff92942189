import { native } from '../binding.js';
import { EngineError, invalidArgument } from '../errors.js';
import { setFeedForm } from '../feedForms.js';
import { placeholder } from '../placeholder.js';
import { isPlainObject } from '../plainObject.js';
import { checkStaticShape, formatShape, type StaticShape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import { dataTypeName } from './dataTypes.js';
import type { Importer } from './importer.js';
import { setListType, typeOfValue } from './listTypes.js';
import { feedForm } from './mapFeeds.js';
import { type ValueInfo, valueInfo } from './model.js';
import { opName } from './names.js';
import type { ValueInfoProto } from './proto.js';

/** Shapes of inputs by name, in place of what the file leaves open; null for what runs decide. */
export type InputShapes = Readonly<Record<string, StaticShape>>;

/** Adds a placeholder for each input of a model. */
export function addInputs(
  inputs: readonly ValueInfoProto[],
  importer: Importer,
  given: InputShapes = {},
): Record<string, Tensor> {
  const { file, graph, prefix, problems } = importer.context;
  const infos = inputs.map(valueInfo);
  const shapes = shapesOf(infos, given, file);
  const added: Record<string, Tensor> = {};
  for (const [index, input] of inputs.entries()) {
    const { name, dtype } = infos[index]!;
    if (dtype === undefined) {
      problems.push({ node: name, op: 'input', why: typeOf(input) });
      importer.values.lose(name);
      continue;
    }
    const own = `${prefix}${opName(name, 'input')}`;
    if (native.findNode(graph.handle, own) >= 0) {
      const text = `${file}: the graph has an op '${own}' already; another prefix keeps them apart`;
      throw new EngineError('INVALID_ARGUMENT', text, { node: own });
    }
    const tensor = placeholder(dtype, shapes[index]!, { name: `${own}/`, graph });
    const list = typeOfValue(input.type)?.entry;
    if (list) setListType(tensor, list);
    const form = feedForm(input.type);
    if (form) setFeedForm(tensor, form);
    importer.values.define(name, tensor);
    added[name] = tensor;
  }
  return added;
}

export function checkInputShapes(given: unknown): void {
  if (given === undefined) return;
  if (!isPlainObject(given)) throw invalidArgument('shapes', 'an object of shapes by name', given);
  for (const [name, shape] of Object.entries(given)) checkStaticShape(shape, `shapes.${name}`);
}

/**
 * The shapes of the inputs, from the file and the caller. A size that the caller gives for a dim
 * with a name holds for all dims of that name.
 */
function shapesOf(
  infos: readonly ValueInfo[],
  given: InputShapes,
  file: string,
): readonly StaticShape[] {
  const sizes = new Map<string, number>();
  for (const [name, shape] of Object.entries(given)) {
    const info = infos.find((input) => input.name === name);
    if (!info) {
      const names = infos.map((input) => `'${input.name}'`).join(', ');
      throw invalidArgument('shapes', `names of inputs of ${file} (${names})`, name);
    }
    if (shape) meet(info, shape, sizes, file);
  }
  return infos.map(({ name, shape }) => {
    const dims = shape ?? given[name]?.map(() => null) ?? null;
    return (
      dims?.map((dim, axis) => {
        if (typeof dim === 'number') return checkSize(dim, name, file);
        return given[name]?.[axis] ?? (dim === null ? null : (sizes.get(dim) ?? null));
      }) ?? null
    );
  });
}

/** Checks that a shape fits an input and notes the sizes of dims with names. */
function meet(
  info: ValueInfo,
  shape: NonNullable<StaticShape>,
  sizes: Map<string, number>,
  file: string,
): void {
  const misfit = (why: string) =>
    new EngineError(
      'INVALID_ARGUMENT',
      `shapes.${info.name} is ${formatShape(shape)}, but the input '${info.name}' of ${file} ${why}`,
    );
  if (info.dtype === 'variant') throw misfit(`is a ${info.type}`);
  if (!info.shape) return;
  const declared = `has the shape [${info.shape.map((dim) => dim ?? '?').join(', ')}]`;
  if (info.shape.length !== shape.length) throw misfit(declared);
  for (const [axis, dim] of info.shape.entries()) {
    const size = shape[axis] ?? null;
    if (size === null || dim === null) continue;
    const expected = typeof dim === 'number' ? dim : (sizes.get(dim) ?? size);
    if (expected !== size) throw misfit(`${declared}, where dim ${axis} is ${expected}`);
    if (typeof dim === 'string') sizes.set(dim, size);
  }
}

function checkSize(dim: number, name: string, file: string): number {
  if (Number.isSafeInteger(dim)) return dim;
  const text = `${file}: input '${name}': the dim ${dim} is no size`;
  throw new EngineError('DATA_LOSS', text);
}

function typeOf({ type }: ValueInfoProto): string {
  if (type === undefined) return 'an input without a type';
  if (type.kind !== 'tensor') return `a ${type.kind} as input`;
  return `an input of ${dataTypeName(type.elementType)}`;
}
