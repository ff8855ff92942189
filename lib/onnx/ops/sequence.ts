import type { Tensor } from '../../tensor.js';
import type { ImportNode } from '../importNode.js';
import { type ListType, listTypeOf, setListType, typeOfValue } from '../listTypes.js';
import type { Family } from '../mapping.js';
import type { GraphProto, NodeProto } from '../proto.js';
import { dtypeOfNumber } from './numbers.js';

/** What the entries of a sequence or optional value are. */
function entryType(n: ImportNode, x: Tensor): ListType {
  return listTypeOf(x) ?? n.unsupported('a sequence of values of unknown type');
}

/** The type of a tensor or variant as the entry of a list. */
function typeOf(x: Tensor): ListType {
  return { dtype: x.dtype, entry: listTypeOf(x) };
}

function listed(list: Tensor, entry: ListType | undefined): Tensor {
  if (entry) setListType(list, entry);
  return list;
}

function construct(n: ImportNode): Tensor {
  const [first] = n.inputs;
  return listed(n.out('SequenceConstruct', [n.inputs]), first && typeOf(first));
}

function empty(n: ImportNode): Tensor {
  const dtype = dtypeOfNumber(n, n.attrs.int('dtype', 1));
  return listed(n.out('SequenceConstruct', [[]], { T: [] }), { dtype, entry: undefined });
}

function insert(n: ImportNode): Tensor {
  const value = n.input(1);
  const position = n.optional(2);
  const list = n.out('SequenceInsert', [n.x, value, position ?? null]);
  return listed(list, listTypeOf(n.x) ?? typeOf(value));
}

function erase(n: ImportNode): Tensor {
  return listed(n.out('SequenceErase', [n.x, n.optional(1) ?? null]), listTypeOf(n.x));
}

/** The entry of a list at a position. */
function entryAt(n: ImportNode, list: Tensor, position: Tensor): Tensor {
  const { dtype, entry } = entryType(n, list);
  return listed(n.out('SequenceAt', [list, position], { dtype }), entry);
}

function splitToSequence(n: ImportNode): Tensor {
  const attrs = { axis: n.attrs.int('axis', 0), keepdims: n.attrs.flag('keepdims', true) };
  const list = n.out('SplitToSequence', [n.x, n.optional(1) ?? null], attrs);
  return listed(list, typeOf(n.x));
}

function concatFromSequence(n: ImportNode): Tensor {
  const { dtype } = entryType(n, n.x);
  const attrs = { dtype, axis: n.attrs.int('axis'), new_axis: n.attrs.flag('new_axis') };
  return n.out('ConcatFromSequence', [n.x], attrs);
}

/** An optional tensor is a list of one entry; an optional sequence is the sequence itself. */
function optional(n: ImportNode): Tensor {
  const x = n.optional(0);
  if (!x) {
    const type = n.attrs.has('type') ? typeOfValue(n.attrs.type('type')) : undefined;
    const given = type && { dtype: 'variant' as const, entry: type };
    const entry = given?.entry.dtype === 'variant' ? given.entry.entry : given?.entry;
    return listed(n.out('OptionalNone', []), entry && { ...entry, isOptional: true });
  }
  if (x.dtype === 'variant') return listed(n.out('Identity', [x]), listTypeOf(x));
  return listed(n.out('SequenceConstruct', [[x]]), { ...typeOf(x), isOptional: true });
}

function hasElement(n: ImportNode): Tensor {
  const x = n.optional(0);
  if (x?.dtype === 'variant') return n.out('OptionalHasElement', [x]);
  return n.out('Identity', [n.constant(x !== undefined, 'bool', [])]);
}

function getElement(n: ImportNode): Tensor {
  const type = listTypeOf(n.x);
  if (type?.isOptional && type.dtype !== 'variant') {
    return entryAt(n, n.x, n.constant(0, 'int64', []));
  }
  return listed(n.out('Identity', [n.x]), type);
}

function node(opType: string, inputs: string[], output: string): NodeProto {
  return { name: output, opType, domain: '', inputs, outputs: [output], attributes: new Map() };
}

/** Runs a body for each entry of its sequences: a loop that collects what it gives in others. */
function sequenceMap(n: ImportNode): readonly (Tensor | undefined)[] {
  const body = n.attrs.graph('body');
  const value = (name: string) => ({ name, type: undefined });
  const [turn, goesOn] = ['\0entry', '\0goes on'];
  const picks = body.inputs.map(({ name }, i) => {
    const given = n.proto.inputs[i] ?? '';
    const isList = n.input(i).dtype === 'variant';
    return node(isList ? 'SequenceAt' : 'Identity', isList ? [given, turn] : [given], name);
  });
  const collected = body.outputs.map(({ name }, i) =>
    node('SequenceInsert', [`\0list ${i}`, name], `\0list ${i} after`),
  );
  const loop: GraphProto = {
    ...body,
    nodes: [node('Identity', ['\0condition'], goesOn), ...picks, ...body.nodes, ...collected],
    inputs: [value(turn), value('\0condition'), ...collected.map((_, i) => value(`\0list ${i}`))],
    outputs: [value(goesOn), ...collected.map(({ outputs }) => value(outputs[0] ?? ''))],
  };
  const none = body.outputs.map(() => n.op('SequenceConstruct', [[]], { T: [] }));
  const count = n.op('SequenceLength', [n.x]);
  return n.importer.apply(n, 'Loop', [count, undefined, ...none], { body: loop }, none.length);
}

export const sequences: Family = {
  ConcatFromSequence: concatFromSequence,
  Optional: optional,
  OptionalGetElement: getElement,
  OptionalHasElement: hasElement,
  SequenceAt: (n) => entryAt(n, n.x, n.input(1)),
  SequenceConstruct: construct,
  SequenceEmpty: empty,
  SequenceErase: erase,
  SequenceInsert: insert,
  SequenceLength: (n) => n.out('SequenceLength', [n.x]),
  SequenceMap: sequenceMap,
  SplitToSequence: splitToSequence,
};
