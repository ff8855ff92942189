// What the TypeScript wrapper of an op looks like: parameters, options, type parameters, result.

import { defaultOf } from './defaults.mjs';

const names = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'bool',
  'string',
  'complex64',
  'complex128',
  'resource',
  'float8_e4m3fn',
  'float8_e4m3fnuz',
  'float8_e5m2',
  'float8_e5m2fnuz',
  'float8_e8m0fnu',
  'float4_e2m1fn',
  'int4',
  'uint4',
  'int2',
  'uint2',
  'variant',
];
export const dtypeName = (code) => names[code - 1];

const reserved = new Set([
  'arguments',
  'break',
  'case',
  'class',
  'const',
  'default',
  'delete',
  'do',
  'else',
  'export',
  'for',
  'function',
  'if',
  'import',
  'in',
  'new',
  'return',
  'super',
  'switch',
  'this',
  'throw',
  'try',
  'typeof',
  'var',
  'void',
  'while',
  'with',
  'yield',
]);

export function camel(name) {
  const joined = name.replace(/_+([a-zA-Z0-9])/g, (_, c) => c.toUpperCase());
  const lower = joined.replace(/^[A-Z]+(?=[A-Z][a-z]|$)|^[A-Z]/, (head) => head.toLowerCase());
  return reserved.has(lower) ? `${lower}_` : lower;
}

/** A set of dtypes as a type: an alias where there is one, else a union. */
export function dtypeUnion(codes) {
  const set = codes.map(dtypeName).sort();
  const is = (list) => list.length === set.length && [...list].sort().every((d, i) => d === set[i]);
  const floats = names.slice(0, 4);
  const integers = names.slice(4, 12);
  const numbers = names.filter((name) => name !== 'resource' && name !== 'variant');
  const values = names.filter((name) => name !== 'resource');
  if (set.length === 0 || is(numbers) || is(values) || is(names)) return 'DType';
  if (is(floats)) return 'FloatDType';
  if (is(integers)) return 'IntegerDType';
  if (is([...floats, ...integers])) return 'FloatDType | IntegerDType';
  return codes.map((code) => `'${dtypeName(code)}'`).join(' | ');
}

const attrTypes = {
  int: 'number | bigint',
  float: 'number',
  bool: 'boolean',
  string: 'string',
  shape: 'StaticShape',
  tensor: 'NDArray',
  graph: 'GraphHandle',
  type: 'DType',
  'list(int)': 'readonly (number | bigint)[]',
  'list(float)': 'readonly number[]',
  'list(string)': 'readonly string[]',
  'list(type)': 'readonly DType[]',
  'list(shape)': 'readonly StaticShape[]',
};

function attrType(attr) {
  if (attr.kind === 'type') return dtypeUnion(attr.dtypes);
  if (attr.choices.length > 0) {
    const union = attr.choices.map((choice) => `'${choice}'`).join(' | ');
    return attr.kind === 'string' ? union : `readonly (${union})[]`;
  }
  return attrTypes[attr.kind] ?? 'unknown';
}

const isList = (arg) => arg.numberAttr !== '' || arg.typesAttr !== '';

/** The generic type parameters: type attrs that an output has, or two inputs share. */
function typeParameters(op) {
  const parameters = new Map();
  for (const attr of op.attrs) {
    if (attr.kind !== 'type') continue;
    const inputs = op.inputs.filter((arg) => arg.typeAttr === attr.name).length;
    const outputs = op.outputs.filter((arg) => arg.typeAttr === attr.name).length;
    if (outputs === 0 && inputs < 2) continue;
    const fallback =
      inputs === 0 ? attr.defaultValue : numbersOnly(op, attr) ? 'float32' : undefined;
    const letter = /^[A-Z][A-Za-z0-9]*$/.test(attr.name) ? attr.name : 'D';
    const name = [...parameters.values()].some((p) => p.name === letter) ? `${letter}2` : letter;
    parameters.set(attr.name, { name, constraint: dtypeUnion(attr.dtypes), fallback });
  }
  return parameters;
}

/** Whether nothing but numbers that are defaults may settle the dtype. */
function numbersOnly(op, attr) {
  const inputs = op.inputs.filter((arg) => arg.typeAttr === attr.name);
  return inputs.every((arg) => defaultOf(op, arg) !== undefined);
}

export function signatureOf(op) {
  const generics = typeParameters(op);
  const typed = (arg) => {
    if (arg.dtype) return `'${dtypeName(arg.dtype)}'`;
    const attr = op.attrs.find((a) => a.name === arg.typeAttr);
    return generics.get(arg.typeAttr)?.name ?? (attr ? dtypeUnion(attr.dtypes) : 'DType');
  };
  const inferred = new Set(op.inputs.flatMap((a) => [a.typeAttr, a.numberAttr, a.typesAttr]));
  const attrs = op.attrs
    .filter((attr) => !attr.hidden && !inferred.has(attr.name))
    .map((attr) => ({
      ...attr,
      key: camel(attr.name),
      type: generics.get(attr.name)?.name ?? attrType(attr),
      required: !attr.optional && attr.defaultValue === undefined,
    }));
  const inputs = op.inputs.map((arg) => ({
    key: camel(arg.name),
    type: isList(arg) ? `readonly Operand<${typed(arg)}>[]` : `Operand<${typed(arg)}>`,
    optional: arg.optional,
    given: defaultOf(op, arg),
    list: isList(arg),
    generic: arg.typeAttr !== '' && generics.get(arg.typeAttr)?.name === typed(arg),
  }));
  return {
    op,
    api: op.api,
    inputs,
    required: attrs.filter((attr) => attr.required),
    options: attrs.filter((attr) => !attr.required),
    attrs,
    generics: [...generics.values()],
    outputs: op.outputs.map((arg) => ({
      key: camel(arg.name),
      type: typed(arg),
      list: isList(arg),
    })),
    optionsType: attrs.some((a) => !a.required)
      ? `${op.api[0].toUpperCase()}${op.api.slice(1)}Options`
      : 'OpOptions',
    optionGenerics: attrs
      .filter((a) => !a.required)
      .flatMap((a) => [...generics.values()].filter((g) => g.name === a.type)),
  };
}

export function resultType({ outputs }) {
  if (outputs.length === 0) return 'Operation';
  const one = ({ type, list }) => (list ? `Tensor<${type}>[]` : `Tensor<${type}>`);
  if (outputs.length === 1) return one(outputs[0]);
  return `{ ${outputs.map((o) => `readonly ${o.key}: ${one(o)}`).join('; ')} }`;
}

export function genericList(generics) {
  if (generics.length === 0) return '';
  const one = ({ name, constraint, fallback }) =>
    `${name} extends ${constraint}${fallback ? ` = '${fallback}'` : ''}`;
  return `<${generics.map(one).join(', ')}>`;
}

/**
 * The parameters of the wrapper: inputs, required attrs, inputs with defaults, optional inputs,
 * options. A declaration says only that a default may be left out.
 */
export function parametersOf(s, skip = 0, declaration = true) {
  const inputs = s.inputs.slice(skip);
  const must = (i) => !i.optional && i.given === undefined;
  const withDefault = ({ key, type, given }) =>
    declaration ? `${key}?: ${type}` : `${key}: ${type} = ${given}`;
  const last =
    s.optionGenerics.length > 0 ? `<${s.optionGenerics.map((g) => g.name).join(', ')}>` : '';
  return [
    ...inputs.filter(must).map((i) => `${i.key}: ${i.type}`),
    ...s.required.map((a) => `${a.key}: ${a.type}`),
    ...inputs.filter((i) => i.given !== undefined).map(withDefault),
    ...inputs.filter((i) => i.optional).map((i) => `${i.key}?: ${i.type} | null`),
    { options: `${s.optionsType}${last}` },
  ];
}
