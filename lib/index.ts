export type { Tolerance } from './compare.js';
export type { Complex, DataOf, DType, ElementOf } from './dtype.js';
export { EngineError, type ErrorCode } from './errors.js';
export type { Nested, Range } from './indexing.js';
export * as io from './io/index.js';
export { NDArray, type NDArrayOptions, ndarray } from './ndArray.js';
export type { Shape, StaticShape } from './shape.js';
export type { Scalar, Values } from './value.js';
