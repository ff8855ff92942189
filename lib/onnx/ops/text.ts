import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';

function normalizer(n: ImportNode): Tensor {
  return n.out('StringNormalizer', [n.x], {
    case_change_action: n.attrs.string('case_change_action', 'NONE'),
    is_case_sensitive: n.attrs.flag('is_case_sensitive'),
    stopwords: n.attrs.strings('stopwords', []),
  });
}

function split(n: ImportNode): readonly Tensor[] {
  const attrs = {
    delimiter: n.attrs.string('delimiter', ''),
    maxsplit: n.attrs.int('maxsplit', -1),
  };
  return n.outs('StringSplit', [n.x], attrs);
}

function tfIdf(n: ImportNode): Tensor {
  const { attrs } = n;
  return n.out('TfIdfVectorizer', [n.x], {
    max_gram_length: attrs.int('max_gram_length'),
    max_skip_count: attrs.int('max_skip_count'),
    min_gram_length: attrs.int('min_gram_length'),
    mode: attrs.string('mode'),
    ngram_counts: attrs.ints('ngram_counts'),
    ngram_indexes: attrs.ints('ngram_indexes'),
    pool_int64s: attrs.ints('pool_int64s', []),
    pool_strings: attrs.strings('pool_strings', []),
    weights: attrs.floats('weights', []),
  });
}

export const texts: Family = {
  RegexFullMatch: (n) => n.out('RegexFullMatch', [n.x], { pattern: n.attrs.string('pattern', '') }),
  StringConcat: (n) => n.out('StringConcat', [n.x, n.input(1)]),
  StringNormalizer: normalizer,
  StringSplit: split,
  TfIdfVectorizer: tfIdf,
};
