// Values of the standard's test data files: tensors, sequences and optional values.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { ndarray, NDArray } = require('../dist/ndArray.js');
const { dtypeOfDataType } = require('../dist/onnx/dataTypes.js');
const { readTensor } = require('../dist/onnx/readTensor.js');
const { runAtOnce } = require('../dist/sliced.js');
const { arrayOf, tensorValue } = require('../dist/onnx/tensorValue.js');
const { WireReader } = require('../dist/wire.js');

function tensorIn(reader, path) {
  const tensor = readTensor(reader);
  if (dtypeOfDataType(tensor.dataType) === undefined) {
    throw new Error(`${path}: values of data type ${tensor.dataType}`);
  }
  const value = runAtOnce(tensorValue(tensor, path));
  const data = value.dtype === 'string' ? value.strings : arrayOf(value);
  return new NDArray(ndarray(data).data, value.shape, value.dtype);
}

// SequenceProto: tensors in field 3, sequences in field 5.
function sequenceIn(reader, path) {
  const values = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 3) values.push(reader.message('tensor', () => tensorIn(reader, path)));
    else if (field === 5) {
      const list = reader.message('sequence', () => sequenceIn(reader, path));
      values.push(new NDArray([list], [], 'variant'));
    }
  }
  return values;
}

// OptionalProto: a tensor in field 3, a sequence in field 5, nothing when it is empty.
function optionalIn(reader, path) {
  let value = null;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 3) value = [reader.message('tensor', () => tensorIn(reader, path))];
    else if (field === 5) value = reader.message('sequence', () => sequenceIn(reader, path));
  }
  return value;
}

// What is to be fed for the value in a file.
export function feedOf(path, { type }) {
  const reader = new WireReader(readFileSync(path), path);
  if (type.startsWith('sequence')) return sequenceIn(reader, path);
  return type.startsWith('optional') ? optionalIn(reader, path) : tensorIn(reader, path);
}

// The tensors of a value, one after the other.
export function resultsOf(value) {
  if (value === null) return [];
  if (Array.isArray(value)) return value.flatMap(resultsOf);
  return value.dtype === 'variant' ? resultsOf([...value.data].flat()) : [value];
}
