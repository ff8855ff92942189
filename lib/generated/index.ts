// Generated from the op registry by scripts/generate.mjs. Do not edit.
export * from './array.js';
export * from './control.js';
export * from './image.js';
export * from './linalg.js';
export * from './math.js';
export * from './ml.js';
export * from './nn.js';
export * from './quant.js';
export * from './random.js';
export * from './rnn.js';
export * from './sequence.js';
export * from './signal.js';
export * from './text.js';
