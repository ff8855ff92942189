// Writes small ONNX models, so that a graph can be given to ONNX Runtime and to tensorwright alike.
import { PbfWriter } from 'pbf';

const float = 1;

function writeTensor({ name, dims, data }, pbf) {
  pbf.writePackedVarint(1, dims);
  pbf.writeVarintField(2, data instanceof BigInt64Array ? 7 : float);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeAttribute([name, value], pbf) {
  pbf.writeStringField(1, name);
  if (typeof value === 'string') {
    pbf.writeBytesField(4, new TextEncoder().encode(value));
    pbf.writeVarintField(20, 3);
  } else if (Array.isArray(value)) {
    for (const item of value) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, 7);
  } else if (value instanceof Number) {
    pbf.writeFloatField(2, value.valueOf());
    pbf.writeVarintField(20, 1);
  } else {
    pbf.writeVarintField(3, value);
    pbf.writeVarintField(20, 2);
  }
}

function writeNode({ op, inputs, outputs, attributes = {} }, pbf) {
  for (const input of inputs) pbf.writeStringField(1, input);
  for (const output of outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(4, op);
  for (const attribute of Object.entries(attributes))
    pbf.writeMessage(5, writeAttribute, attribute);
}

function writeDim(dim, pbf) {
  if (typeof dim === 'string') pbf.writeStringField(2, dim);
  else pbf.writeVarintField(1, dim);
}
function writeShape(dims, pbf) {
  for (const dim of dims) pbf.writeMessage(1, writeDim, dim);
}
function writeTensorType(dims, pbf) {
  pbf.writeVarintField(1, float);
  pbf.writeMessage(2, writeShape, dims);
}
function writeValue([name, dims], pbf) {
  pbf.writeStringField(1, name);
  pbf.writeMessage(2, (_, type) => type.writeMessage(1, writeTensorType, dims), null);
}

function writeGraph({ nodes, initializers = [], inputs, outputs }, pbf) {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, 'bench');
  for (const tensor of initializers) pbf.writeMessage(5, writeTensor, tensor);
  for (const input of Object.entries(inputs)) pbf.writeMessage(11, writeValue, input);
  for (const output of Object.entries(outputs)) pbf.writeMessage(12, writeValue, output);
}

// graph: { nodes: [{ op, inputs, outputs, attributes }], initializers: [{ name, dims, data }],
// inputs: name to dims, outputs: name to dims }; float32 throughout. An attribute that is a float
// is given as a Number object.
export function onnxModel(graph, opset = 13) {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, 8);
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, (_, id) => id.writeVarintField(2, opset), null);
  return pbf.finish();
}
