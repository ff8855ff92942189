import { table } from '../case.js';
import { nested } from './nested.js';

const { NaN: nan } = Number;
const sequences = { elsewhere: 'test/onnx/sequence.test.ts: rows hold no sequences' };

export const text = table({
  StringJoin: [
    {
      inputs: [{ list: [['a', 'b'], 'c'] }],
      attrs: { separator: '--' },
      outputs: [['a--c', 'b--c']],
    },
    { inputs: [{ list: ['x', 'y', 'z'] }], outputs: ['xyz'] },
    { inputs: [{ list: [[], 'y'] }], outputs: [[]] },
    {
      inputs: [{ list: [['a'], ['b', 'c']] }],
      error: 'INVALID_ARGUMENT',
      message: 'one shape or rank 0',
    },
    { inputShapes: [{ list: [[null], [], [2]] }], outputShapes: [[2]] },
  ],
  AsString: [
    { inputs: [[0, 1, 12]], outputs: [['0', '1', '12']] },
    {
      inputs: [[0.5, -1.25, nan, Infinity, -Infinity]],
      outputs: [['0.5', '-1.25', 'NaN', 'INF', '-INF']],
    },
    { inputs: [[true, false]], outputs: [['1', '0']], dtypes: ['bool'] },
    { inputShapes: [[null, 2]], outputShapes: [[null, 2]] },
  ],
  StringToNumber: [
    {
      inputs: [['1', ' 2 ', '+3']],
      attrs: { out_type: 'int32' },
      outputs: [[1, 2, 3]],
    },
    { inputs: [['0.5', '-1e2', 'INF', 'nan']], outputs: [[0.5, -100, Infinity, nan]] },
    { inputs: [[]], outputs: [[]] },
    { inputs: [['1x']], error: 'INVALID_ARGUMENT', message: 'is not a number' },
    { inputShapes: [[2]], outputShapes: [[2]] },
  ],
  StringConcat: [
    { inputs: [['a', 'b'], ['c']], outputs: [['ac', 'bc']] },
    { inputShapes: [[null, 1], [3]], outputShapes: [[null, 3]] },
  ],
  StringEqual: [
    {
      inputs: [
        [['a'], ['b']],
        ['a', 'b'],
      ],
      outputs: [nested([2, 2], [1, 0, 0, 1])],
    },
    { inputShapes: [[2, 1], [3]], outputShapes: [[2, 3]] },
  ],
  RegexFullMatch: [
    {
      inputs: [['abc', 'abbc', 'xabc', 'ABC']],
      attrs: { pattern: 'a[b-d]+|A.C' },
      outputs: [[true, true, false, true]],
    },
    {
      title: 'groups, counts and classes',
      inputs: [['12-ab', '123-ab', 'x', '1-a b']],
      attrs: { pattern: '(?:\\d{1,2})-\\w\\s?(b|c)$' },
      outputs: [[true, false, false, true]],
    },
    {
      title: 'in linear time',
      inputs: [['a'.repeat(200)]],
      attrs: { pattern: '(a*)*b'.replace(')*', ')+') },
      outputs: [[false]],
    },
    { inputs: [['\u00e9', 'a\nb']], attrs: { pattern: '.' }, outputs: [[true, false]] },
    {
      title: 'flags, up to the end of their group',
      inputs: [['Abc', 'abxC', 'ABC', 'ab\nC']],
      attrs: { pattern: '((?i)a)b(?s:.?)(?i:C)' },
      outputs: [[true, true, false, true]],
    },
    {
      title: 'flags that are switched off, and lines',
      inputs: [['a\nB', 'a\nb', 'a\nb\n', '\u00c4\nb']],
      attrs: { pattern: '(?im)^[a\u00e4]$\\s^(?-i:b)$' },
      outputs: [[false, true, false, true]],
    },
    {
      title: 'named classes and characters by number',
      inputs: [['x1-A', 'xx-A', 'x1-B', 'x.-A']],
      attrs: { pattern: '[[:lower:]][[:^alpha:]\\]]\\x2d\\x{41}|\\170[x.]\\055[A-A]' },
      outputs: [[true, true, false, true]],
    },
    { inputs: [['']], attrs: { pattern: '[a\\' }, error: 'INVALID_ARGUMENT', message: 'backslash' },
    { inputs: [['']], attrs: { pattern: '[[:no:]]' }, error: 'INVALID_ARGUMENT', message: 'class' },
    { inputs: [['']], attrs: { pattern: '\\x{1' }, error: 'INVALID_ARGUMENT', message: 'x in' },
    {
      inputs: [['']],
      attrs: { pattern: '\\x{110000}' },
      error: 'INVALID_ARGUMENT',
      message: 'not',
    },
    { inputs: [['']], attrs: { pattern: '(?q)a' }, error: 'INVALID_ARGUMENT', message: 'group' },
    { inputs: [['']], attrs: { pattern: '\\1' }, error: 'INVALID_ARGUMENT', message: 'escape' },
    { inputs: [['']], attrs: { pattern: '(' }, error: 'INVALID_ARGUMENT', message: 'pattern' },
    { inputs: [['']], attrs: { pattern: '(?=a)' }, error: 'INVALID_ARGUMENT', message: 'group' },
    { inputShapes: [[2]], attrs: { pattern: 'a' }, outputShapes: [[2]] },
  ],
  StringNormalizer: [
    {
      inputs: [['Monday', 'tuesday', 'MONDAY']],
      attrs: { case_change_action: 'LOWER', stopwords: ['monday'] },
      outputs: [['tuesday']],
    },
    {
      inputs: [[['\u00c4', 'b']]],
      attrs: { case_change_action: 'UPPER', is_case_sensitive: true, stopwords: ['B'] },
      outputs: [[['\u00c4', 'B']]],
    },
    { inputs: [['a']], attrs: { stopwords: ['a'] }, outputs: [['']] },
    { inputs: ['a'], error: 'INVALID_ARGUMENT', message: 'strings' },
    { inputShapes: [[1, 3]], outputShapes: [[1, null]] },
  ],
  StringSplit: [
    {
      inputs: [['a,b', 'c', '']],
      attrs: { delimiter: ',' },
      outputs: [
        [
          ['a', 'b'],
          ['c', ''],
          ['', ''],
        ],
        [2, 1, 0],
      ],
    },
    {
      inputs: [['  a  b c ']],
      attrs: { delimiter: '', maxsplit: 1 },
      outputs: [[['a', 'b c ']], [2]],
    },
    { inputShapes: [[2]], attrs: { delimiter: '' }, outputShapes: [[2, null], [2]] },
  ],
  TfIdfVectorizer: [
    {
      inputs: [[1, 2, 1, 3]],
      attrs: {
        max_gram_length: 2,
        max_skip_count: 1,
        min_gram_length: 1,
        mode: 'TF',
        ngram_counts: [0, 2],
        ngram_indexes: [0, 1, 2, 3],
        pool_int64s: [1, 2, 1, 1, 2, 3],
      },
      outputs: [[2, 1, 1, 1]],
      dtypes: ['int32', 'int64'],
    },
    {
      inputs: [
        [
          ['a', 'b'],
          ['b', 'b'],
        ],
      ],
      attrs: {
        max_gram_length: 1,
        max_skip_count: 0,
        min_gram_length: 1,
        mode: 'IDF',
        ngram_counts: [0],
        ngram_indexes: [1, 0],
        pool_strings: ['a', 'b'],
        weights: [2, 3],
      },
      outputs: [nested([2, 2], [3, 2, 3, 0])],
      dtypes: ['string'],
    },
    {
      inputShapes: [[null, 4]],
      attrs: {
        max_gram_length: 1,
        max_skip_count: 0,
        min_gram_length: 1,
        mode: 'TF',
        ngram_counts: [0],
        ngram_indexes: [4],
        pool_strings: ['a'],
      },
      types: { T: 'string' },
      outputShapes: [[null, 5]],
    },
  ],
  LabelEncoder: [
    {
      inputs: [['b', 'a', 'c'], ['a', 'b'], [1, 2], -1],
      types: { Tvalue: 'int64' },
      outputs: [[2, 1, -1]],
      dtypes: ['string'],
    },
    {
      inputs: [[2, 1, 3], [1, 2], ['a', 'b'], '?'],
      types: { Tvalue: 'string' },
      outputs: [['b', 'a', '?']],
      dtypes: ['int16', 'int64', 'float32', 'float64'],
    },
    {
      inputs: [[nan, -0], [0, nan], [1, 2], 0],
      types: { Tvalue: 'float32' },
      outputs: [[2, 1]],
      dtypes: ['float32', 'float64'],
    },
    {
      inputs: [[1], [1, 2], [1], 0],
      types: { Tvalue: 'float32' },
      error: 'INVALID_ARGUMENT',
      message: 'as many',
    },
    {
      inputShapes: [[null], [2], [2], []],
      types: { Tkey: 'int64', Tvalue: 'int64' },
      outputShapes: [[null]],
    },
  ],
  TreeEnsemble: [
    {
      inputs: [
        [
          [1, 5],
          [3, 5],
          [3, 7],
        ],
      ],
      attrs: {
        modes: [0, 7, 3, 7, 7],
        features: [0, 0, 1, 0, 0],
        values: [2, 0, 6, 0, 0],
        true_nodes: [1, 0, 3, 0, 0],
        false_nodes: [2, 0, 4, 0, 0],
        missing_true: [0, 0, 0, 0, 0],
        roots: [0],
        leaf_nodes: [1, 3, 4],
        leaf_targets: [0, 1, 1],
        leaf_weights: [10, 20, 30],
        n_targets: 2,
        base_values: [1, 2],
      },
      outputs: [nested([3, 2], [11, 2, 1, 32, 1, 22])],
    },
    {
      title: 'members, missing values and the smallest leaf',
      inputs: [[[4], [5], [nan]]],
      attrs: {
        modes: [6, 7, 7],
        features: [0, 0, 0],
        values: [0, 0, 0],
        true_nodes: [1, 0, 0],
        false_nodes: [2, 0, 0],
        missing_true: [1, 0, 0],
        roots: [0, 0],
        leaf_nodes: [1, 2],
        leaf_targets: [0, 0],
        leaf_weights: [1, 2],
        n_targets: 1,
        members: [4, 6],
        aggregate: 'MIN',
      },
      outputs: [[[1], [2], [1]]],
    },
    {
      inputs: [[[1]]],
      attrs: {
        modes: [0],
        features: [0],
        values: [0],
        true_nodes: [0],
        false_nodes: [0],
        missing_true: [0],
        roots: [0],
        leaf_nodes: [],
        leaf_targets: [],
        leaf_weights: [],
        n_targets: 1,
      },
      error: 'INVALID_ARGUMENT',
      message: 'later nodes',
    },
  ],
  ZipMap: sequences,
  SequenceConstruct: sequences,
  SequenceInsert: sequences,
  SequenceErase: sequences,
  SequenceAt: sequences,
  SequenceLength: sequences,
  ConcatFromSequence: sequences,
  SplitToSequence: sequences,
  OptionalHasElement: sequences,
  OptionalNone: sequences,
});
