// Values of the standard's test data files.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { ndarray, NDArray } = require('../dist/ndArray.js');
const { dtypeOfDataType } = require('../dist/onnx/dataTypes.js');
const { readTensor } = require('../dist/onnx/readTensor.js');
const { runAtOnce } = require('../dist/onnx/sliced.js');
const { arrayOf, tensorValue } = require('../dist/onnx/tensorValue.js');
const { WireReader } = require('../dist/wire.js');

function tensorIn(reader, path) {
  const tensor = readTensor(reader);
  if (dtypeOfDataType(tensor.dataType) === undefined) {
    throw new Error(`${path}: values of data type ${tensor.dataType}`);
  }
  const value = runAtOnce(tensorValue(tensor, path));
  const data = value.dtype === 'string' ? value.strings : arrayOf(value);
  return ndarray(data, { dtype: value.dtype, shape: value.shape });
}

// What is to be fed for the value in a file.
export function feedOf(path) {
  return tensorIn(new WireReader(readFileSync(path), path), path);
}

// The tensors of a value, one after the other.
export function resultsOf(value) {
  return value instanceof NDArray ? [value] : value.flatMap(resultsOf);
}
