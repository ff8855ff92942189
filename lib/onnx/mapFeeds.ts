import { invalidArgument } from '../errors.js';
import type { FeedForm } from '../feedForms.js';
import { NDArray, ndarray } from '../ndArray.js';
import { isValue, type Values } from '../value.js';
import { type MapType, typeOfValue } from './listTypes.js';
import type { TypeProto } from './proto.js';

/** How values of a type with maps are fed, undefined for types without. */
export function feedForm(type: TypeProto | undefined): FeedForm | undefined {
  if (type?.kind === 'map') {
    const map = typeOfValue(type)?.entry?.map;
    return map && ((value, name) => mapFeed(map, value, name));
  }
  const entry = type?.kind === 'sequence' ? feedForm(type.inner) : undefined;
  return entry && ((value, name) => sequenceFeed(entry, value, name));
}

/** A sequence of maps: each is a list of its own. */
function sequenceFeed(entry: FeedForm, value: unknown, name: string): unknown {
  if (isValue(value)) return value;
  if (!Array.isArray(value)) throw invalidArgument(name, 'an array of maps', value);
  return value.map((each: unknown, i) => {
    const place = `${name}[${i}]`;
    if (isValue(each)) return each;
    const pair = entry(each, place);
    if (Array.isArray(pair) && pair.every((part) => part instanceof NDArray)) {
      return new NDArray([pair], [], 'variant');
    }
    throw invalidArgument(place, 'a map', each);
  });
}

/** A map as the list of its keys and its values. Lists and results are taken as they are. */
function mapFeed({ key, value: dtype }: MapType, value: unknown, name: string): unknown {
  if (Array.isArray(value) || isValue(value)) return value;
  const entries = entriesOf(key === 'string', value, name);
  const keys = entries.map(([each]) => keyOf(each, key === 'string', name));
  const values = entries.map(([each, item]) => itemOf(item, dtype === 'string', name, each));
  return [
    arrayOf(keys, key, `the keys of ${name}`),
    arrayOf(values, dtype, `the values of ${name}`),
  ];
}

type Entry = readonly [key: unknown, value: unknown];

function entriesOf(hasNames: boolean, value: unknown, name: string): readonly Entry[] {
  if (value instanceof Map) return [...value];
  if (hasNames && typeof value === 'object' && value !== null) {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return Object.entries(value);
  }
  throw invalidArgument(name, hasNames ? 'a Map or an object of values by name' : 'a Map', value);
}

function keyOf(key: unknown, isName: boolean, name: string): Values {
  if (isName ? typeof key === 'string' : isWhole(key)) return key as Values;
  throw invalidArgument(name, isName ? 'strings as keys' : 'integers as keys', key);
}

function isWhole(key: unknown): boolean {
  return typeof key === 'bigint' || Number.isSafeInteger(key);
}

function itemOf(item: unknown, isText: boolean, name: string, key: unknown): Values {
  const isNumber = typeof item === 'number' || typeof item === 'bigint';
  if (isText ? typeof item === 'string' : isNumber) return item as Values;
  const place = `${name}[${JSON.stringify(String(key))}]`;
  throw invalidArgument(place, isText ? 'a string' : 'a number', item);
}

function arrayOf(list: readonly Values[], dtype: MapType['key'], name: string): NDArray {
  try {
    return ndarray([...list], { dtype, shape: [list.length] });
  } catch (error) {
    if (error instanceof TypeError) throw invalidArgument(name, `values of ${dtype}`, list);
    throw error;
  }
}
