// Protobuf files as trees that can be changed and written again, by the messages of onnx.proto. A
// tree is { type, fields: [{ number, wire, value }] }; a value is a bigint, bytes, or a tree.
const varint = 0;
const fixed64 = 1;
const bytes = 2;
const fixed32 = 5;

/** By message: the fields that hold messages, and of which type. */
const messages = {
  Model: { 7: 'Graph', 8: 'Opset', 14: 'Entry', 25: 'Function' },
  Graph: { 1: 'Node', 5: 'Tensor', 11: 'Value', 12: 'Value', 13: 'Value', 15: 'Sparse' },
  Node: { 5: 'Attribute' },
  Attribute: { 5: 'Tensor', 6: 'Graph', 10: 'Tensor', 11: 'Graph', 14: 'Type' },
  Tensor: { 13: 'Entry' },
  Sparse: { 1: 'Tensor', 2: 'Tensor' },
  Value: { 2: 'Type' },
  Type: { 1: 'TensorType', 4: 'ListType', 5: 'MapType', 8: 'TensorType', 9: 'ListType' },
  TensorType: { 2: 'Shape' },
  ListType: { 1: 'Type' },
  MapType: { 2: 'Type' },
  Shape: { 1: 'Dim' },
  Function: { 7: 'Node', 9: 'Opset', 11: 'Attribute' },
};

/** Fields of bytes that hold text, and those that hold packed varints. */
const texts = {
  Graph: [2],
  Node: [1, 2, 3, 4, 7],
  Attribute: [1, 4, 9, 21],
  Tensor: [8],
  Value: [1],
  Dim: [2],
  Entry: [1, 2],
  Opset: [1],
  Function: [1, 4, 5, 6, 10],
};
const runs = { Attribute: [8], Tensor: [1, 5, 7, 11], Sparse: [3] };

export function kindOf(type, { number, wire, value }) {
  if (value?.fields) return 'message';
  if (wire === varint) return 'number';
  if (wire !== bytes) return 'fixed';
  if (texts[type]?.includes(number)) return 'text';
  return runs[type]?.includes(number) ? 'run' : 'bytes';
}

export function readVarint(data, at) {
  let value = 0n;
  for (let i = 0; i < 10 && at + i < data.length; i++) {
    value |= BigInt(data[at + i] & 0x7f) << BigInt(7 * i);
    if (data[at + i] < 0x80) return [BigInt.asUintN(64, value), at + i + 1];
  }
  throw new Error('a varint is cut off');
}

export function writeVarint(value, into) {
  let rest = BigInt.asUintN(64, value);
  while (rest >= 0x80n) {
    into.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  into.push(Number(rest));
}

export function readTree(data, type = 'Model') {
  const fields = [];
  for (let at = 0; at < data.length; ) {
    let tag;
    [tag, at] = readVarint(data, at);
    const number = Number(tag >> 3n);
    const wire = Number(tag & 7n);
    let value;
    if (wire === varint) [value, at] = readVarint(data, at);
    else {
      let length = wire === fixed64 ? 8 : 4;
      if (wire === bytes) {
        [length, at] = readVarint(data, at);
        length = Number(length);
      } else if (wire !== fixed64 && wire !== fixed32) throw new Error(`wire type ${wire}`);
      if (at + length > data.length) throw new Error('a field is cut off');
      value = data.subarray(at, at + length);
      at += length;
    }
    const inner = wire === bytes ? messages[type]?.[number] : undefined;
    fields.push({ number, wire, value: inner ? readTree(value, inner) : value });
  }
  return { type, fields };
}

export function writeTree({ fields }) {
  const parts = [];
  for (const { number, wire, value } of fields) {
    const head = [];
    writeVarint((BigInt(number) << 3n) | BigInt(wire), head);
    if (wire === varint) writeVarint(value, head);
    const body = value.fields ? writeTree(value) : wire === varint ? undefined : value;
    if (wire === bytes) writeVarint(BigInt(body.length), head);
    parts.push(Buffer.from(head));
    if (body) parts.push(body);
  }
  return Buffer.concat(parts);
}

export function copyTree({ type, fields }) {
  const copied = (value) => (value.fields ? copyTree(value) : value);
  return { type, fields: fields.map((field) => ({ ...field, value: copied(field.value) })) };
}

/** All trees of a tree, itself first. */
export function* treesIn(tree) {
  yield tree;
  for (const { value } of tree.fields) if (value.fields) yield* treesIn(value);
}

export const field = {
  number: (number, value) => ({ number, wire: varint, value: BigInt(value) }),
  text: (number, text) => ({ number, wire: bytes, value: Buffer.from(text) }),
  tree: (number, type, fields) => ({ number, wire: bytes, value: { type, fields } }),
};
