import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Attributes, Value } from '../value.js';
import { cast } from './common.js';

function join(n: ExportNode): Value {
  n.since(20, 'StringJoin');
  const separator = n.text('separator');
  const between = separator === '' ? [] : [n.constant(separator, 'string', [])];
  return n.all.reduce((text, x) => {
    const left = between.reduce((a, b) => n.op('StringConcat', [a, b]), text);
    return n.op('StringConcat', [left, x]);
  });
}

function split(n: ExportNode): readonly Value[] {
  n.since(20, 'StringSplit');
  const [delimiter, most] = [n.text('delimiter'), n.int('maxsplit')];
  const attributes: Attributes = {
    delimiter: delimiter === '' ? undefined : delimiter,
    maxsplit: most < 0 ? undefined : most,
  };
  return n.ops('StringSplit', [n.x], attributes, [{ dtype: 'string' }, { dtype: 'int64' }]);
}

function normalizer(n: ExportNode): Value {
  const stopwords = n.texts('stopwords');
  return n.op('StringNormalizer', [n.x], {
    case_change_action: n.text('case_change_action'),
    is_case_sensitive: n.flag('is_case_sensitive'),
    stopwords: stopwords.length > 0 ? stopwords : undefined,
  });
}

function match(n: ExportNode): Value {
  n.since(20, 'RegexFullMatch');
  return n.op('RegexFullMatch', [n.x], { pattern: n.text('pattern') }, { dtype: 'bool' });
}

function tfIdf(n: ExportNode): Value {
  const list = n.attr('weights');
  const weights = Array.isArray(list) ? list.map(Number) : [];
  const [numbers, strings] = [n.ints('pool_int64s'), n.texts('pool_strings')];
  return n.op(
    'TfIdfVectorizer',
    [n.x],
    {
      max_gram_length: n.int('max_gram_length'),
      max_skip_count: n.int('max_skip_count'),
      min_gram_length: n.int('min_gram_length'),
      mode: n.text('mode'),
      ngram_counts: n.ints('ngram_counts'),
      ngram_indexes: n.ints('ngram_indexes'),
      pool_int64s: numbers.length > 0 ? numbers : undefined,
      pool_strings: strings.length > 0 ? strings : undefined,
      weights: weights.length > 0 ? { floats: weights } : undefined,
    },
    { dtype: 'float32' },
  );
}

function equal(n: ExportNode): Value {
  n.since(19, 'Equal of strings');
  return n.op('Equal', n.all, {}, { dtype: 'bool' });
}

export const texts = {
  AsString: (n) => cast(n, n.x, 'string'),
  RegexFullMatch: match,
  StringConcat: (n) => {
    n.since(20, 'StringConcat');
    return n.op('StringConcat', n.all);
  },
  StringEqual: equal,
  StringJoin: join,
  StringNormalizer: normalizer,
  StringSplit: split,
  StringToNumber: (n) => cast(n, n.x, n.outputs[0]!),
  TfIdfVectorizer: tfIdf,
} satisfies ExportFamily;
