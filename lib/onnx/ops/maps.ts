import type { Tensor } from '../../tensor.js';
import { dataTypeNumber } from '../dataTypes.js';
import type { ImportNode } from '../importNode.js';
import { listTypeOf, type MapType } from '../listTypes.js';
import type { Family } from '../mapping.js';
import { nothingOf } from './choose.js';
import { upTo } from './shapes.js';

/** The keys and values of the map that is the node's input. */
function partsOf(n: ImportNode): MapType & { readonly keys: Tensor; readonly values: Tensor } {
  const map = listTypeOf(n.x)?.map;
  if (!map) return n.unsupported('a value that is not known to be a map');
  const part = (place: number, dtype: MapType['key']) =>
    n.op('SequenceAt', [n.x, n.constant(place, 'int64', [])], { dtype });
  return { ...map, keys: part(0, map.key), values: part(1, map.value) };
}

/** Values put into a vector at their places; 0 or an empty string elsewhere. */
function placed(n: ImportNode, values: Tensor, places: Tensor, size: number): Tensor {
  const length = n.constant([size], 'int64', [1]);
  const blank = n.op('Fill', [length, nothingOf(n, values.dtype)]);
  return n.op('ScatterElements', [blank, places, values], { axis: 0 });
}

/** A vector with a place for each word of the vocabulary; other keys do not count. */
function dictVectorizer(n: ImportNode): Tensor {
  const { key, keys, values } = partsOf(n);
  const words =
    key === 'string'
      ? n.attrs.strings('string_vocabulary', [])
      : (n.attrs.ints('int64_vocabulary', []) ?? []);
  const size = words.length;
  const places = n.constant(upTo(size), 'int64', [size]);
  const beyond = n.constant(size, 'int64', []);
  const known = n.constant([...words], key, [size]);
  const index = n.op('LabelEncoder', [keys, known, places, beyond]);
  return n.out('Slice', [placed(n, values, index, size + 1), [0], [size]]);
}

const kinds = { TO_FLOAT: 'float32', TO_STRING: 'string', TO_INT64: 'int64' } as const;

function isKind(name: string): name is keyof typeof kinds {
  return Object.hasOwn(kinds, name);
}

/** The values as one row, by ascending keys, or each at the place that its key says. */
function castMap(n: ImportNode): Tensor {
  const { key, value, keys, values } = partsOf(n);
  if (key !== 'int64') return n.fail(`the keys of the map are ${key}, expected int64`);
  const to = n.attrs.string('cast_to', 'TO_FLOAT');
  const form = n.attrs.string('map_form', 'DENSE');
  if (!isKind(to)) return n.fail(`cast_to is '${to}'`);
  if (form !== 'DENSE' && form !== 'SPARSE') return n.fail(`map_form is '${form}'`);
  const dtype = kinds[to];
  const isText = value === 'string' && dtype === 'int64';
  // As the words of numbers may have fractions, they are read as floats.
  const numbers = isText ? n.call('Cast', [values], { to: dataTypeNumber('float64') }) : values;
  const cast = n.call('Cast', [numbers], { to: dataTypeNumber(dtype) });
  const size = n.attrs.int('max_map', 1);
  const sorted = () => {
    const [, order] = n.ops('UniqueSlices', [keys], { axis: 0, sorted: true });
    return n.op('GatherV2', [cast, order, 0]);
  };
  const row = form === 'DENSE' ? sorted() : placed(n, cast, keys, size);
  return n.out('ExpandDims', [row, 0]);
}

export const maps: Family = { CastMap: castMap, DictVectorizer: dictVectorizer };
