import './at.js';
import './generated/methods.js';

export type { Index, TensorRange } from './at.js';
export { Collections } from './collections.js';
export type { Tolerance } from './compare.js';
export { type ConstantOptions, constant } from './constant.js';
export { cond } from './control/cond.js';
export { type FoldOptions, fold } from './control/fold.js';
export { group, tuple } from './control/group.js';
export { map } from './control/map.js';
export { type ScanOptions, scan } from './control/scan.js';
export { type SwitchCaseOptions, switchCase } from './control/switchCase.js';
export { type WhileLoopOptions, whileLoop } from './control/whileLoop.js';
export { type ConvertOptions, convertToTensor } from './convertToTensor.js';
export { customGradient, recompute, type WithGradient } from './customGradient.js';
export { getDefaultGraph, getDefaultSession, resetDefaultGraph } from './defaults.js';
export { hessian, hessianVectorProduct, jacobian } from './derivatives.js';
export type { Complex, DataOf, DType, ElementOf, FloatDType, IntegerDType } from './dtype.js';
export { EngineError, type ErrorCode } from './errors.js';
export type { EvalOptions } from './evaluate.js';
export type { FeedKey, FeedStructure, Feeds, FeedValue, MapValue } from './feeds.js';
export type { Fetched, Fetches, Kept } from './fetchTypes.js';
export { type FillOptions, ones, zeros } from './fills.js';
export * from './generated/index.js';
export type { TensorMethods } from './generated/methods.js';
export type { OpName } from './generated/opName.js';
export {
  type GradientOverrides,
  type RegisteredGradient,
  registerGradient,
} from './gradientOverride.js';
export { type Differentiable, type GradientOptions, gradients } from './gradients.js';
export { Graph } from './graph.js';
export type { ExportOptions } from './graphdef/export.js';
export { type ImportGraphDefOptions, importGraphDef } from './graphdef/import.js';
export type { GraphDef, NodeDef } from './graphdef/types.js';
export type { GraphOptions } from './graphOptions.js';
export type { HostResult } from './hostCalls.js';
export { IndexedSlices, type IndexedSlicesValue, indexedSlices } from './indexedSlices.js';
export type { Nested, Range } from './indexing.js';
export type { InitializeOptions } from './initialize.js';
export { Initializer } from './initializer.js';
export * as io from './io/index.js';
export { type JsFunctionOptions, jsFunction } from './jsFunction.js';
export { KeptValue } from './keptValue.js';
export * as lookup from './lookup/index.js';
export { variable } from './makeVariable.js';
export { NDArray, type NDArrayOptions, ndarray } from './ndArray.js';
export * as nn from './nn/index.js';
export type { OpOptions, TensorLike } from './node.js';
export * as onnx from './onnx/index.js';
export { addOp, type Operand } from './op.js';
export { Operation } from './operation.js';
export { placeholder } from './placeholder.js';
export type { DeviceInfo, Placement } from './placement.js';
export { PreparedRun } from './prepared.js';
export { type PrintOptions, print } from './print.js';
export type { RunOptions } from './runOptions.js';
export {
  type LoadSavedModelOptions,
  loadSavedModel,
  loadSavedModelSync,
  type SavedModel,
  type SavedSignature,
} from './savedModel/index.js';
export {
  restoreOperation,
  type SaveOperationOptions,
  saveOperation,
} from './saveOperations.js';
export { type SequenceMaskOptions, sequenceMask } from './sequenceMask.js';
export { Session } from './session.js';
export type { SessionOptions } from './sessionOptions.js';
export {
  CheckpointError,
  type Restored,
  type RestoreOptions,
  type SaveOptions,
  type VariableChoice,
} from './sessionState.js';
export type { Shape, StaticShape } from './shape.js';
export type { FeedsSource, StreamOptions } from './stream.js';
export type { Structure } from './structure.js';
export { Tensor } from './tensor.js';
export { type OpTime, Trace, type TracedMemory, type TracedStep } from './trace.js';
export * as train from './train/index.js';
export type { Scalar, Values } from './value.js';
export { Variable, type VariableOptions } from './variable.js';
export { where } from './where.js';
