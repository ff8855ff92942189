// Generated from the op registry by scripts/generate.mjs. Do not edit.
export * from './array.js';
export * from './control.js';
export * from './image.js';
export * from './linalg.js';
export * from './math.js';
export * from './nn.js';
export * from './random.js';
export * from './rnn.js';
