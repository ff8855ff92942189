// Sessions of ONNX Runtime with a fixed number of threads.
import ort from 'onnxruntime-node';

const typeOf = new Map([
  [Float32Array, 'float32'],
  [Float64Array, 'float64'],
  [BigInt64Array, 'int64'],
  [Int32Array, 'int32'],
  [Uint8Array, 'uint8'],
]);

export const ortTensor = (data, dims) => new ort.Tensor(typeOf.get(data.constructor), data, dims);

export function ortSession(model, threads) {
  return ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
}
