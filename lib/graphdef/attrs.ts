import type { AttrDescription, GraphHandle, OpDescription } from '../binding.js';
import { type DType, isDType } from '../dtype.js';
import { EngineError } from '../errors.js';
import { invalid } from './checkDef.js';
import { dtypeNamed } from './dataTypes.js';
import { shapeOf, valueOfProto } from './tensors.js';
import type { AttrValue, Bytes, ListValue, NodeDef } from './types.js';
import { bytesOf } from './write.js';

/** What some producers write beside an op's attrs, and what has no meaning here. */
const hints = new Set([
  'allowed_devices',
  'config',
  'config_proto',
  'debug_name',
  'executor_type',
  'grad_a',
  'grad_b',
  'grad_x',
  'grad_y',
  'output_shapes',
  'use_cudnn_on_gpu',
  'use_inter_op_parallelism',
  'use_node_name_sharing',
  'validate_indices',
]);

/** What newer producers write, as long as it says what happens here anyway. */
const defaults: Readonly<Record<string, (value: AttrValue) => boolean>> = {
  bad_indices_policy: ({ s }) => ['', 'DEFAULT', 'ERROR'].includes(textOf(s ?? '')),
  incompatible_shape_error: ({ b }) => b !== false,
  offset: ({ i }) => BigInt(i ?? 0) === 0n,
};

function isHint(name: string, value: AttrValue): boolean {
  return hints.has(name) || (Object.hasOwn(defaults, name) && defaults[name]!(value));
}

/** The attrs of a node in the form that the core takes. */
export function attrsOf(
  node: NodeDef,
  op: OpDescription,
  subgraph: (name: string) => GraphHandle,
): Record<string, unknown> {
  const attrs: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(node.attr ?? {})) {
    if (name.startsWith('_')) continue;
    const known = op.attrs.find((attr) => attr.name === name);
    if (known) attrs[name] = valueFor(known, value, node, subgraph);
    else if (!isHint(name, value)) {
      throw invalid(
        `Node '${node.name}': NodeDef mentions attr '${name}' not in Op<name=${op.name}>`,
      );
    }
  }
  return attrs;
}

function valueFor(
  { name, kind }: AttrDescription,
  value: AttrValue,
  node: NodeDef,
  subgraph: (name: string) => GraphHandle,
): unknown {
  const wrong = () => invalid(`Node '${node.name}': attr '${name}' is not of type ${kind}`);
  if (kind.startsWith('list(')) return listOf(kind.slice(5, -1), value.list ?? {}, node);
  if (kind === 'graph') {
    if (value.func) return subgraph(value.func.name);
    throw wrong();
  }
  const given = {
    int: value.i === undefined ? undefined : integer(value.i),
    float: value.f === undefined ? undefined : float(value.f),
    bool: value.b,
    string: value.s === undefined ? undefined : textOf(value.s),
    type: value.type === undefined ? undefined : dtypeFor(value.type, node),
    shape: value.shape && [shapeOf(value.shape)],
    tensor: value.tensor && valueOfProto(value.tensor),
  };
  if (kind === 'shape' && given.shape) return given.shape[0];
  const found: unknown = Reflect.get(given, kind);
  if (found === undefined) throw wrong();
  return found;
}

function listOf(kind: string, list: ListValue, node: NodeDef): unknown[] {
  if (kind === 'int') return (list.i ?? []).map(integer);
  if (kind === 'float') return (list.f ?? []).map(float);
  if (kind === 'string') return (list.s ?? []).map(textOf);
  if (kind === 'type') return (list.type ?? []).map((type) => dtypeFor(type, node));
  return (list.shape ?? []).map(shapeOf);
}

export function textOf(bytes: Bytes): string {
  return Buffer.from(bytesOf(bytes)).toString();
}

function integer(value: number | bigint | string): number | bigint {
  const big = BigInt(value);
  const number = Number(big);
  return Number.isSafeInteger(number) ? number : big;
}

/** Attrs are float32 in the file: the shortest number that is stored so is what was meant. */
function float(value: number | string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || Math.fround(number) !== number) return number;
  for (let digits = 6; digits < 10; digits++) {
    const short = Number(number.toPrecision(digits));
    if (Math.fround(short) === number) return short;
  }
  return number;
}

function dtypeFor(type: string, node: NodeDef): DType {
  const dtype = dtypeNamed(type);
  if (isDType(dtype)) return dtype;
  throw new EngineError('UNIMPLEMENTED', `Node '${node.name}': ${type} is not supported`, {
    node: node.name,
  });
}
