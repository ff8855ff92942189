import type { DType } from '../../dtype.js';
import { runAtOnce } from '../../sliced.js';
import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { setListType } from '../listTypes.js';
import type { Family } from '../mapping.js';
import { arrayOf, tensorValue } from '../tensorValue.js';
import { maps } from './maps.js';
import { castTo } from './numbers.js';
import { pairOfScores, transformed } from './scores.js';
import { dimTensor, upTo } from './shapes.js';
import { svmClassifier, svmRegressor } from './svm.js';
import { classifierScores, regressorScores, treeEnsemble } from './trees.js';

/** Class labels of a node, whose number in the list is the class. */
export function labelsOf(n: ImportNode): { readonly labels: Tensor; readonly count: number } {
  const strings = n.attrs.strings('classlabels_strings', []);
  if (strings.length > 0)
    return { labels: n.constant([...strings], 'string'), count: strings.length };
  const name = n.attrs.has('classlabels_int64s') ? 'classlabels_int64s' : 'classlabels_ints';
  const ints = n.attrs.ints(name, []) ?? [];
  return { labels: n.constant([...ints], 'int64', [ints.length]), count: ints.length };
}

/** The label of the largest score. */
export function bestLabel(n: ImportNode, scores: Tensor, labels: Tensor): Tensor {
  const best = n.op('ArgMax', [scores, 1], { output_type: 'int64' });
  return n.op('GatherV2', [labels, best, 0]);
}

function treeClassifier(n: ImportNode): readonly Tensor[] {
  const { labels, count } = labelsOf(n);
  const { scores, isBinary, isPositive } = classifierScores(n, count);
  if (!isBinary) return [bestLabel(n, scores, labels), transformed(n, scores)];
  const limit = isPositive ? 0.5 : 0;
  const above = n.op('Cast', [n.op('Greater', [scores, limit])], { DstT: 'int64' });
  const label = n.op('GatherV2', [labels, n.op('Reshape', [above, [-1]]), 0]);
  const other = isPositive ? n.op('Sub', [1, scores]) : n.op('Neg', [scores]);
  return [label, pairOfScores(n, scores, other)];
}

function matrix(n: ImportNode, x: Tensor): Tensor {
  const float = castTo(n, x, 'float32');
  return n.rank(x) === 1 ? n.op('ExpandDims', [float, 0]) : float;
}

function linearScores(n: ImportNode, targets: number): Tensor {
  const coefficients = n.attrs.floats('coefficients');
  const weights = n.constant([...coefficients], 'float32', [
    targets,
    coefficients.length / targets,
  ]);
  const product = n.op('MatMul', [matrix(n, n.x), weights], { transpose_b: true });
  const offsets = n.attrs.floats('intercepts', []);
  if (offsets.length === 0) return product;
  return n.op('AddV2', [product, n.constant([...offsets], 'float32', [offsets.length])]);
}

function linearClassifier(n: ImportNode): readonly Tensor[] {
  const { labels, count } = labelsOf(n);
  const offsets = n.attrs.floats('intercepts', []);
  const targets = count === 2 && offsets.length === 1 ? 1 : count;
  const scores = linearScores(n, targets);
  if (targets !== 1) return [bestLabel(n, scores, labels), transformed(n, scores)];
  const above = n.op('Cast', [n.op('Greater', [scores, 0])], { DstT: 'int64' });
  const label = n.op('GatherV2', [labels, n.op('Reshape', [above, [-1]]), 0]);
  return [label, pairOfScores(n, scores, n.op('Sub', [1, scores]))];
}

function scaler(n: ImportNode): Tensor {
  const vector = (name: string) => {
    const values = n.attrs.floats(name, []);
    return n.constant([...values], 'float32', values.length === 1 ? [] : [values.length]);
  };
  const x = castTo(n, n.x, 'float32');
  const shifted = n.attrs.has('offset') ? n.op('Sub', [x, vector('offset')]) : x;
  if (!n.attrs.has('scale')) return n.out('Identity', [shifted]);
  return n.out('Mul', [shifted, vector('scale')]);
}

function normalizer(n: ImportNode): Tensor {
  const x = castTo(n, n.x, 'float32');
  const how = n.attrs.string('norm', 'MAX');
  const along = { keep_dims: true };
  const sum = (y: Tensor) => n.op('Sum', [y, [-1]], along);
  const size =
    how === 'MAX'
      ? n.op('Max', [x, [-1]], along)
      : how === 'L1'
        ? sum(n.op('Abs', [x]))
        : n.op('Sqrt', [sum(n.op('Square', [x]))]);
  const isZero = n.op('Equal', [size, 0]);
  return n.out('RealDiv', [x, n.op('SelectV2', [isZero, n.op('OnesLike', [size]), size])]);
}

function binarizer(n: ImportNode): Tensor {
  const above = n.op('Greater', [n.x, n.constant(n.attrs.float('threshold', 0), n.x.dtype, [])]);
  return n.out('Cast', [above], { DstT: n.x.dtype });
}

function imputer(n: ImportNode): Tensor {
  const isFloat = n.x.dtype === 'float32' || n.x.dtype === 'float64';
  const values = isFloat
    ? n.attrs.floats('imputed_value_floats')
    : n.attrs.ints('imputed_value_int64s');
  const wanted = isFloat
    ? n.attrs.float('replaced_value_float', 0)
    : n.attrs.int('replaced_value_int64', 0);
  const shape = values.length === 1 ? [] : [values.length];
  const filling = n.constant([...values], n.x.dtype, shape);
  const missing = Number.isNaN(wanted)
    ? n.op('IsNan', [n.x])
    : n.op('Equal', [n.x, n.constant(wanted, n.x.dtype, [])]);
  return n.out('SelectV2', [missing, filling, n.x]);
}

/** Rows of a size that is asked for: cut off, or with zeros behind. */
function fitted(n: ImportNode, x: Tensor, size: number | undefined): Tensor {
  if (size === undefined || x.shape?.[1] === size) return x;
  const missing = n.op('Sub', [n.constant(size, 'int64', []), dimTensor(n, x, 1)]);
  return n.call('Pad', [x, n.op('Pack', [[n.constant(0, 'int64', []), missing]]), undefined, [1]]);
}

function featureVectorizer(n: ImportNode): Tensor {
  const sizes = n.attrs.ints('inputdimensions', undefined);
  const parts = n.inputs.map((_, i) => fitted(n, matrix(n, n.input(i)), sizes?.[i]));
  return parts.length === 1 ? n.out('Identity', [parts[0]]) : n.out('ConcatV2', [parts, 1]);
}

function arrayFeatures(n: ImportNode): Tensor {
  const x = n.rank() === 1 ? n.op('ExpandDims', [n.x, 0]) : n.x;
  const axis = n.rank(x) - 1;
  return n.out('GatherV2', [x, n.op('Reshape', [n.input(1), [-1]]), axis]);
}

function oneHotEncoder(n: ImportNode): Tensor {
  const strings = n.attrs.strings('cats_strings', []);
  const isString = n.x.dtype === 'string';
  const ints = n.attrs.ints('cats_int64s', []) ?? [];
  const count = isString ? strings.length : ints.length;
  const x = isString ? n.x : castTo(n, n.x, 'int64');
  const keys = isString ? n.constant([...strings], 'string') : n.constant([...ints], 'int64');
  const places = n.constant(upTo(count), 'int64', [count]);
  if (!n.attrs.flag('zeros', true)) return strictOneHot(n, x, keys, count);
  const index = n.op('LabelEncoder', [x, keys, places, n.constant(-1, 'int64', [])]);
  return n.out('OneHot', [
    index,
    count,
    n.constant(1, 'float32', []),
    n.constant(0, 'float32', []),
  ]);
}

/** Rows of a unit matrix, which has none for what is no category: an error. */
function strictOneHot(n: ImportNode, x: Tensor, keys: Tensor, count: number): Tensor {
  const places = n.constant(upTo(count), 'int64', [count]);
  const index = n.op('LabelEncoder', [x, keys, places, n.constant(count, 'int64', [])]);
  const ones = [1, 0].map((value) => n.constant(value, 'float32', []));
  return n.out('GatherV2', [n.op('OneHot', [places, count, ...ones]), index, 0]);
}

/** The keys or values of a label encoder: a list of one of the types, or a tensor. */
function column(n: ImportNode, name: string): Tensor | undefined {
  const { attrs } = n;
  if (attrs.has(`${name}_tensor`)) return tensorAttribute(n, `${name}_tensor`);
  if (attrs.has(`${name}_strings`))
    return n.constant([...attrs.strings(`${name}_strings`)], 'string');
  if (attrs.has(`${name}_int64s`)) return n.constant(attrs.ints(`${name}_int64s`), 'int64');
  if (attrs.has(`${name}_floats`))
    return n.constant([...attrs.floats(`${name}_floats`)], 'float32');
  return undefined;
}

function tensorAttribute(n: ImportNode, name: string): Tensor {
  const value = runAtOnce(tensorValue(n.attrs.tensor(name), n.where));
  const shape = [value.shape.reduce((a, b) => a * b, 1)];
  if (value.dtype === 'string') return n.constant([...value.strings], 'string', shape);
  return n.constant(arrayOf(value), value.dtype, shape);
}

function defaultFor(n: ImportNode, dtype: DType): Tensor {
  const { attrs } = n;
  if (attrs.has('default_tensor'))
    return n.op('Reshape', [tensorAttribute(n, 'default_tensor'), []]);
  if (dtype === 'string') {
    return n.constant(attrs.string('default_string', '_Unused'), 'string', []);
  }
  if (dtype === 'int64') return n.constant(attrs.int('default_int64', -1), 'int64', []);
  return n.constant(attrs.float('default_float', -0), dtype, []);
}

function labelEncoder(n: ImportNode): Tensor {
  const keys = column(n, 'keys') ?? n.fail('there are no keys');
  const values = column(n, 'values') ?? n.fail('there are no values');
  // The engine looks integers of 32 bits up as such of 64.
  const long = (x: Tensor) => (x.dtype === 'int32' ? castTo(n, x, 'int64') : x);
  const fallback = long(defaultFor(n, values.dtype));
  const y = n.op('LabelEncoder', [long(n.x), long(keys), long(values), fallback]);
  return n.out('Identity', [castTo(n, y, values.dtype)]);
}

/** Opset 1: strings to their numbers in a list, or numbers to strings. */
function classEncoder(n: ImportNode): Tensor {
  const strings = n.attrs.strings('classes_strings', []);
  const names = n.constant([...strings], 'string');
  const places = n.constant(upTo(strings.length), 'int64', [strings.length]);
  const toNumber = n.x.dtype === 'string';
  const dtype = toNumber ? 'int64' : 'string';
  const columns = toNumber ? [names, places] : [places, names];
  return n.out('LabelEncoder', [n.x, ...columns, defaultFor(n, dtype)]);
}

function categoryMapper(n: ImportNode): Tensor {
  const strings = n.constant([...n.attrs.strings('cats_strings')], 'string');
  const ints = n.constant(n.attrs.ints('cats_int64s'), 'int64');
  const toNumber = n.x.dtype === 'string';
  const columns = toNumber ? [strings, ints] : [ints, strings];
  return n.out('LabelEncoder', [n.x, ...columns, defaultFor(n, toNumber ? 'int64' : 'string')]);
}

function zipMap(n: ImportNode): Tensor {
  const { labels } = labelsOf(n);
  const rows = n.out('ZipMap', [n.x, labels]);
  const map = { key: labels.dtype, value: n.x.dtype };
  setListType(rows, { dtype: 'variant', entry: { dtype: map.value, entry: undefined, map } });
  return rows;
}

export const ml: Family = {
  ArrayFeatureExtractor: arrayFeatures,
  Binarizer: binarizer,
  CategoryMapper: categoryMapper,
  FeatureVectorizer: featureVectorizer,
  Imputer: imputer,
  LabelEncoder: { 1: classEncoder, 2: labelEncoder },
  LinearClassifier: linearClassifier,
  LinearRegressor: (n) => transformed(n, linearScores(n, n.attrs.int('targets', 1))),
  Normalizer: normalizer,
  OneHotEncoder: oneHotEncoder,
  SVMClassifier: svmClassifier,
  SVMRegressor: svmRegressor,
  Scaler: scaler,
  TreeEnsemble: treeEnsemble,
  TreeEnsembleClassifier: treeClassifier,
  TreeEnsembleRegressor: (n) => transformed(n, regressorScores(n)),
  ZipMap: zipMap,
  ...maps,
};
