// Generated from the op registry by scripts/generate.mjs. Do not edit.
import type { FloatDType, IntegerDType } from '../dtype.js';
import type { OpOptions } from '../node.js';
import { addOp, type Operand } from '../op.js';
import { output } from '../operation.js';
import type { Tensor } from '../tensor.js';

/** Each number in as few digits as tell it apart; NaN, INF and -INF; bool as 1 and 0. */
export function asString(
  input: Operand<'float32' | 'float64' | 'float16' | 'bfloat16' | 'int8' | 'int16' | 'int32' | 'int64' | 'uint8' | 'uint16' | 'uint32' | 'uint64' | 'bool'>,
  options: OpOptions = {},
): Tensor<'string'> {
  return output(addOp('AsString', [input], {}, options));
}

/**
 * Whether each string as a whole matches a regular expression. Patterns have classes, groups,
 * flags, alternatives, repetitions, anchors and word edges, but no back references; matching
 * takes time linear in the string.
 */
export function regexFullMatch(
  input: Operand<'string'>,
  pattern: string,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('RegexFullMatch', [input], { pattern }, options));
}

/** The strings of two tensors joined, element by element, with broadcasting. */
export function stringConcat(
  x: Operand<'string'>,
  y: Operand<'string'>,
  options: OpOptions = {},
): Tensor<'string'> {
  return output(addOp('StringConcat', [x, y], {}, options));
}

/** Whether two strings are the same, element by element, with broadcasting. */
export function stringEqual(
  x: Operand<'string'>,
  y: Operand<'string'>,
  options: OpOptions = {},
): Tensor<'bool'> {
  return output(addOp('StringEqual', [x, y], {}, options));
}

export interface StringNormalizerOptions extends OpOptions {
  /** Default: "NONE". */
  readonly caseChangeAction?: 'NONE' | 'LOWER' | 'UPPER' | undefined;
  /** Default: false. */
  readonly isCaseSensitive?: boolean | undefined;
  /** Default: []. */
  readonly stopwords?: readonly string[] | undefined;
}

/**
 * A row of words without the stop words, in lower or upper case when asked for; one empty
 * string when none is left.
 */
export function stringNormalizer(
  x: Operand<'string'>,
  options: StringNormalizerOptions = {},
): Tensor<'string'> {
  return output(addOp('StringNormalizer', [x], { case_change_action: options.caseChangeAction, is_case_sensitive: options.isCaseSensitive, stopwords: options.stopwords }, options, ['caseChangeAction', 'isCaseSensitive', 'stopwords']));
}

export interface StringSplitOptions extends OpOptions {
  /** Default: -1. */
  readonly maxsplit?: number | bigint | undefined;
}

/**
 * The parts of each string between a delimiter, or between white space when that is empty,
 * along a new last axis filled up with empty strings; and how many there are. At most maxsplit
 * + 1 parts unless that is negative.
 */
export function stringSplit(
  x: Operand<'string'>,
  delimiter: string,
  options: StringSplitOptions = {},
): { readonly y: Tensor<'string'>; readonly counts: Tensor<'int64'> } {
  const op = addOp('StringSplit', [x], { delimiter, maxsplit: options.maxsplit }, options, ['maxsplit']);
  return {
    y: output(op, 0),
    counts: output(op, 1),
  };
}

export interface StringToNumberOptions<D extends FloatDType | IntegerDType = 'float32'> extends OpOptions {
  /** Default: "float32". */
  readonly outType?: D | undefined;
}

/** The number that each string spells; white space around it does not count. */
export function stringToNumber<D extends FloatDType | IntegerDType = 'float32'>(
  stringTensor: Operand<'string'>,
  options: StringToNumberOptions<D> = {},
): Tensor<D> {
  return output(addOp('StringToNumber', [stringTensor], { out_type: options.outType }, options, ['outType']));
}

export interface TfIdfVectorizerOptions extends OpOptions {
  /** Default: []. */
  readonly poolInt64s?: readonly (number | bigint)[] | undefined;
  /** Default: []. */
  readonly poolStrings?: readonly string[] | undefined;
  /** Default: []. */
  readonly weights?: readonly number[] | undefined;
}

/** Counts the n-grams of a pool in each row, as ONNX's operator of that name. */
export function tfIdfVectorizer(
  x: Operand<'string' | 'int32' | 'int64'>,
  maxGramLength: number | bigint,
  maxSkipCount: number | bigint,
  minGramLength: number | bigint,
  mode: 'TF' | 'IDF' | 'TFIDF',
  ngramCounts: readonly (number | bigint)[],
  ngramIndexes: readonly (number | bigint)[],
  options: TfIdfVectorizerOptions = {},
): Tensor<'float32'> {
  return output(addOp('TfIdfVectorizer', [x], { max_gram_length: maxGramLength, max_skip_count: maxSkipCount, min_gram_length: minGramLength, mode, ngram_counts: ngramCounts, ngram_indexes: ngramIndexes, pool_int64s: options.poolInt64s, pool_strings: options.poolStrings, weights: options.weights }, options, ['poolInt64s', 'poolStrings', 'weights']));
}
