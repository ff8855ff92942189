// SavedModels, written by the definitions of TensorFlow's messages.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { bytes, entry, type Field, int, message } from './wire.js';

/** TensorFlow's numbers of dtypes. */
export const types = { float: 1, int32: 3, string: 7, int64: 9, bool: 10, resource: 20 } as const;

type Attr = Field;

export const attr = {
  type: (type: number): Attr => message(2, int(6, type)),
  types: (...list: readonly number[]): Attr => {
    return message(2, message(1, ...list.map((type) => int(6, type))));
  },
  text: (text: string): Attr => message(2, bytes(2, text)),
  int: (value: number): Attr => message(2, int(3, value)),
  bool: (value: boolean): Attr => message(2, int(5, value ? 1 : 0)),
  shape: (...dims: readonly number[]): Attr => {
    return message(2, message(7, ...dims.map((size) => message(2, int(1, size)))));
  },
  func: (name: string): Attr => message(2, message(10, bytes(1, name))),
  tensor: (type: number, shape: readonly number[], ...values: readonly Field[]): Attr => {
    const dims = message(2, ...shape.map((size) => message(2, int(1, size))));
    return message(2, message(8, int(1, type), dims, ...values));
  },
  /** Of a function: the call's attr of that name. */
  placeholder: (name: string): Attr => message(2, bytes(9, name)),
};

export interface NodeSpec {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, Attr>>;
}

export function node(field: number, { name, op, input = [], attr: attrs = {} }: NodeSpec): Field {
  return message(
    field,
    bytes(1, name),
    bytes(2, op),
    ...input.map((ref) => bytes(3, ref)),
    ...Object.entries(attrs).map(([key, value]) => entry(5, key, value)),
  );
}

export interface FunctionSpec {
  readonly name: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly outputs: Readonly<Record<string, number>>;
  readonly nodes: readonly NodeSpec[];
  readonly ret: Readonly<Record<string, string>>;
  readonly controlRet?: Readonly<Record<string, string>>;
}

function func({ name, inputs, outputs, nodes, ret, controlRet = {} }: FunctionSpec): Field {
  const args = (field: number, list: Readonly<Record<string, number>>) =>
    Object.entries(list).map(([key, type]) => message(field, bytes(1, key), int(3, type)));
  return message(
    1,
    message(1, bytes(1, name), ...args(2, inputs), ...args(3, outputs)),
    ...nodes.map((spec) => node(3, spec)),
    ...Object.entries(ret).map(([key, value]) => entry(4, key, bytes(2, value))),
    ...Object.entries(controlRet).map(([key, value]) => entry(6, key, bytes(2, value))),
  );
}

type Infos = Readonly<Record<string, string>>;

export interface MetaSpec {
  readonly tags?: readonly string[];
  readonly nodes: readonly NodeSpec[];
  readonly functions?: readonly FunctionSpec[];
  readonly signatures?: Readonly<
    Record<string, { readonly inputs?: Infos; readonly outputs?: Infos; readonly sparse?: boolean }>
  >;
  /** Names of variables, as the collection "trainable_variables" has them. */
  readonly trainable?: readonly string[];
  readonly assets?: Infos;
  /** Of newer files: whether each variable is trained. */
  readonly objects?: Readonly<Record<string, boolean>>;
  readonly versions?: Field;
}

function info(field: number, key: string, name: string): Field {
  return entry(field, key, message(2, bytes(1, name), int(2, types.float), message(3, int(3, 1))));
}

export function metaGraph(spec: MetaSpec): Field {
  const { tags = ['serve'], functions = [], signatures = {}, trainable, assets = {} } = spec;
  const library = message(2, ...functions.map(func));
  const versions = spec.versions ?? message(4, int(1, 1087), int(2, 12));
  const signed = Object.entries(signatures).map(([name, { inputs = {}, outputs = {}, sparse }]) => {
    const coo = sparse ? [entry(1, 'sparse', message(2, message(4, bytes(1, 'v:0'))))] : [];
    const fields = [
      ...Object.entries(inputs).map(([key, tensor]) => info(1, key, tensor)),
      ...coo,
      ...Object.entries(outputs).map(([key, tensor]) => info(2, key, tensor)),
      bytes(3, 'tensorflow/serving/predict'),
    ];
    return entry(5, name, message(2, ...fields));
  });
  const listed = (trainable ?? []).map((name) => bytes(1, Buffer.concat([bytes(1, `${name}:0`)])));
  const collections = trainable
    ? [entry(4, 'trainable_variables', message(2, message(2, ...listed)))]
    : [];
  const files = Object.entries(assets).map(([tensor, file]) =>
    message(6, message(1, bytes(1, tensor)), bytes(2, file)),
  );
  const objects = Object.entries(spec.objects ?? {}).map(([name, isTrained]) =>
    message(1, message(7, int(1, types.float), int(3, isTrained ? 1 : 0), bytes(6, name))),
  );
  return message(
    2,
    message(1, ...tags.map((tag) => bytes(4, tag))),
    message(2, ...spec.nodes.map((each) => node(1, each)), library, versions),
    ...collections,
    ...signed,
    ...files,
    ...(objects.length > 0 ? [message(7, ...objects)] : []),
  );
}

export function writeModel(folder: string, ...graphs: readonly MetaSpec[]): void {
  mkdirSync(folder, { recursive: true });
  const file = Buffer.concat([int(1, 1), ...graphs.map(metaGraph)]);
  writeFileSync(join(folder, 'saved_model.pb'), file);
}
