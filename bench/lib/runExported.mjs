// Runs a model in ONNX Runtime and compares what it gives with the engine's results.
import ort from 'onnxruntime-node';

/** Throws for values that the peer's JavaScript has no arrays for: some end the process. */
export function checkTypes(values) {
  for (const { dtype } of values) {
    if (dtype in known || dtype === 'variant') continue;
    throw new Error(`${dtype} is not supported by the peer's tensors`);
  }
}

/** The outputs by name, maps and sequences left out: the peer's JavaScript has none. */
export async function run(bytes, feeds, names) {
  const session = await ort.InferenceSession.create(bytes, {
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  });
  try {
    const tensors = Object.fromEntries(
      Object.entries(feeds).map(([name, { dtype, data, shape }]) => [
        name,
        new ort.Tensor(dtype, data, shape),
      ]),
    );
    const types = new Map(session.outputMetadata.map((value) => [value.name, value.isTensor]));
    return await session.run(
      tensors,
      names.filter((name) => types.get(name)),
    );
  } finally {
    await session.release();
  }
}

const known = {
  float32: 1e-5,
  float64: 1e-6,
  float16: 4e-3,
  int8: 0,
  int16: 0,
  int32: 0,
  int64: 0,
  uint8: 0,
  uint16: 0,
  uint32: 0,
  uint64: 0,
  bool: 0,
  string: 0,
};

/** Why a result is not the expected one, or undefined; an infinite tolerance looks at shapes only. */
export function difference(expected, got, tolerance) {
  if (got === undefined) return expected.dtype === 'variant' ? undefined : 'no output';
  if (got.type !== expected.dtype) return `${got.type} instead of ${expected.dtype}`;
  if (String(got.dims) !== String(expected.shape)) {
    return `shape [${got.dims}] instead of [${expected.shape}]`;
  }
  if (tolerance === Number.POSITIVE_INFINITY) return undefined;
  if (String(got.data) === String(expected.data)) return undefined;
  const own = new expected.constructor(got.data, got.dims, got.type);
  const t = known[expected.dtype] * tolerance;
  if (t > 0 && own.allClose(expected, { rtol: t, atol: t, equalNaN: true })) return undefined;
  return `expected ${expected} got ${own}`.replaceAll(/\s+/g, ' ').slice(0, 200);
}
