// Changes model files: by the messages that they are made of, or by bytes.
import { copyTree, field, kindOf, readVarint, treesIn, writeTree, writeVarint } from './wire.mjs';

const numbers = [
  0n,
  1n,
  2n,
  3n,
  4n,
  7n,
  8n,
  9n,
  16n,
  27n,
  64n,
  255n,
  1000n,
  -1n,
  -2n,
  -3n,
  65536n,
  1000000n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const floats = [0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 3e38, 1e-45, 2 ** 31, 1e10, -1e10];
const modes = [
  'linear',
  'cubic',
  'nearest',
  'SAME_UPPER',
  'SAME_LOWER',
  'VALID',
  'reflect',
  'edge',
  'wrap',
  'constant',
  'reverse',
  'bidirectional',
  'sum',
  'NOTSET',
  'add',
  'max',
  'bilinear',
  'NONE',
];

const copyValue = (value) => (value.fields ? copyTree(value) : value);

function numberNear(random, value) {
  if (random.chance(0.3)) return value + BigInt(random.below(5) - 2);
  return random.chance(0.6) ? BigInt(random.below(8) - 2) : random.pick(numbers);
}

function changedRun(random, run) {
  const values = [];
  for (let at = 0; at < run.length && values.length < 4096; ) {
    const [value, next] = readVarint(run, at);
    values.push(value);
    at = next;
  }
  const at = random.below(values.length + 1);
  const action = random.below(4);
  if (action === 0) values.splice(at, 1);
  else if (action === 1) values.splice(at, 0, numberNear(random, 1n));
  else if (at < values.length) values[at] = numberNear(random, values[at]);
  else values.reverse();
  const bytes = [];
  for (const value of values) writeVarint(value, bytes);
  return Buffer.from(bytes);
}

function changedBytes(random, bytes) {
  const result = Buffer.from(bytes);
  const action = random.below(6);
  if (action === 0) return result.subarray(0, random.below(result.length + 1));
  if (action === 1) return Buffer.concat([result, Buffer.alloc(1 + random.below(16), 1)]);
  if (action === 2) return Buffer.alloc(result.length, random.below(256));
  const at = random.below(Math.max(1, result.length >> 2)) * 4;
  if (action === 3 && at + 4 <= result.length) result.writeFloatLE(random.pick(floats), at);
  else if (action === 4 && at + 8 <= result.length) {
    result.writeBigInt64LE(BigInt.asIntN(64, random.pick(numbers)), at);
  } else if (result.length > 0) result[random.below(result.length)] ^= 1 << random.below(8);
  return result;
}

/** One change of a field of the tree, in place. */
function changeField(random, tree, index, corpus) {
  const found = tree.fields[index];
  const kind = kindOf(tree.type, found);
  if (kind === 'number') found.value = numberNear(random, BigInt.asIntN(64, found.value));
  else if (kind === 'text') {
    const others = corpus.texts(tree.type, found.number);
    const text = random.chance(0.15) ? random.pick(modes) : random.pick(others);
    found.value = random.chance(0.05) ? Buffer.alloc(0) : Buffer.from(text);
  } else if (kind === 'run') found.value = changedRun(random, found.value);
  else if (kind === 'fixed') {
    found.value = Buffer.from(found.value);
    if (found.value.length === 4) found.value.writeFloatLE(random.pick(floats));
    else found.value.writeDoubleLE(random.pick(floats));
  } else if (kind === 'bytes') found.value = changedBytes(random, found.value);
  else found.value = copyTree(random.pick(corpus.trees(found.value.type)));
}

/** Names in the model that nodes read or make, so that a change leaves the graph connected. */
function rewire(random, tree) {
  const names = [];
  const places = [];
  for (const inner of treesIn(tree)) {
    const wanted = { Node: [1, 2], Value: [1], Tensor: [8] }[inner.type] ?? [];
    for (const found of inner.fields) {
      if (!wanted.includes(found.number)) continue;
      names.push(found.value);
      if (inner.type === 'Node' && found.number === 1) places.push(found);
    }
  }
  if (places.length > 0) random.pick(places).value = random.pick(names);
}

/** Puts the main graph into a branch of an If, or makes functions that call each other. */
function nest(random, tree) {
  const graph = tree.fields.find(({ number }) => number === 7);
  if (!graph?.value.fields) return;
  const node = (...fields) => field.tree(1, 'Node', fields);
  if (random.chance(0.5)) {
    let size = writeTree(graph.value).length;
    for (let depth = random.below(12); depth >= 0 && size < 100_000; depth--, size *= 2) {
      const branch = (name) =>
        field.tree(5, 'Attribute', [
          field.text(1, name),
          { number: 6, wire: 2, value: copyTree(graph.value) },
          field.number(20, 5),
        ]);
      const inputs = graph.value.fields.filter(({ number }) => number === 11 || number === 12);
      const name = inputs.at(-1)?.value.fields.find(({ number }) => number === 1)?.value ?? 'y';
      const call = node(field.text(1, name), field.text(2, 'nested'), field.text(4, 'If'));
      call.value.fields.push(branch('then_branch'), branch('else_branch'));
      graph.value = { type: 'Graph', fields: [call, ...inputs.map((f) => ({ ...f }))] };
    }
    return;
  }
  const operators = [...treesIn(graph.value)].filter(({ type }) => type === 'Node');
  if (operators.length === 0) return;
  const called = copyTree(random.pick(operators));
  const name = called.fields.find(({ number }) => number === 4)?.value ?? 'F';
  const domain = called.fields.find(({ number }) => number === 7)?.value ?? '';
  const names = (number) => called.fields.filter((found) => found.number === number);
  const times = 1 + random.below(3);
  const calls = Array.from({ length: times }, () => ({ number: 7, wire: 2, value: called }));
  tree.fields.push(
    field.tree(25, 'Function', [
      field.text(1, name),
      field.text(10, domain),
      ...names(1).map(({ value }) => field.text(4, value)),
      ...names(2).map(({ value }) => field.text(5, value)),
      ...calls,
    ]),
  );
}

/** Another number in an attribute, tensor or shape: the file most often stays a model. */
function changeNumber(random, tree, corpus) {
  const places = [];
  for (const inner of treesIn(tree)) {
    if (!['Attribute', 'Tensor', 'Dim', 'Opset', 'TensorType'].includes(inner.type)) continue;
    for (const [index, found] of inner.fields.entries()) {
      if (['number', 'run', 'fixed', 'bytes'].includes(kindOf(inner.type, found))) {
        places.push([inner, index]);
      }
    }
  }
  if (places.length === 0) return;
  const [inner, index] = random.pick(places);
  changeField(random, inner, index, corpus);
}

function changeTree(random, tree, corpus) {
  if (random.chance(0.4)) {
    changeNumber(random, tree, corpus);
    return;
  }
  const trees = [...treesIn(tree)].filter(({ fields }) => fields.length > 0);
  const chosen = random.pick(trees);
  const index = random.below(chosen.fields.length);
  const found = chosen.fields[index];
  const action = random.below(20);
  if (action === 0) chosen.fields.splice(index, 1);
  else if (action === 1) {
    chosen.fields.splice(index, 0, { ...found, value: copyValue(found.value) });
  } else if (action === 2) {
    const other = random.below(chosen.fields.length);
    [chosen.fields[index], chosen.fields[other]] = [chosen.fields[other], found];
  } else if (action === 3 && found.value.fields) {
    const more = copyTree(random.pick(corpus.trees(found.value.type)));
    chosen.fields.push({ ...found, value: more });
  } else if (action === 4) rewire(random, tree);
  else if (action === 5) nest(random, tree);
  else if (action === 6) found.number = 1 + random.below(26);
  else changeField(random, chosen, index, corpus);
}

function changeBytes(random, bytes, corpus) {
  const at = random.below(bytes.length);
  const action = random.below(6);
  if (action === 0) return bytes.subarray(0, at);
  if (action === 1)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(8))]);
  if (action === 2) {
    const more = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  }
  if (action === 3) {
    const other = random.pick(corpus.files);
    return Buffer.concat([bytes.subarray(0, at), other.subarray(random.below(other.length))]);
  }
  const result = Buffer.from(bytes);
  if (action === 4) result[at] = random.pick([0, 1, 0x7f, 0x80, 0xff, random.below(256)]);
  else result[at] ^= 1 << random.below(8);
  return result;
}

/** The changed file. `corpus`: files, and their trees and texts by type. */
export function mutant(random, corpus) {
  const tree = copyTree(random.pick(corpus.roots));
  if (!random.chance(0.05)) {
    for (let n = 1 + random.below(random.chance(0.2) ? 8 : 2); n > 0; n--) {
      changeTree(random, tree, corpus);
    }
  }
  let bytes = writeTree(tree);
  if (random.chance(0.15)) {
    for (let n = 1 + random.below(4); n > 0 && bytes.length > 0; n--) {
      bytes = changeBytes(random, bytes, corpus);
    }
  }
  return bytes;
}
