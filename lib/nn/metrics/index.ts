export { accuracy, mean, topKAccuracy } from './accuracy.js';
export { type AucOptions, auc } from './auc.js';
export { confusionMatrix } from './classes.js';
export { f1, type PrecisionOptions, precision, recall } from './precision.js';
export type { Metric, MetricOptions } from './streaming.js';
