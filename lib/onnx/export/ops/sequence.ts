import { dataTypeNumber } from '../../dataTypes.js';
import type { ExportNode } from '../exportNode.js';
import type { ExportFamily } from '../table.js';
import type { Contents, Value } from '../value.js';
import { int64 } from './common.js';

const list = (contents: Contents | undefined) => ({ dtype: 'variant' as const, contents });

/** A sequence of what the value is. */
function sequenceOf({ dtype, contents }: Value): Contents {
  return { entry: { dtype, contents } };
}

function construct(n: ExportNode): Value {
  const [first] = n.all;
  if (first) return n.op('SequenceConstruct', n.all, {}, list(sequenceOf(first)));
  return n.op(
    'SequenceEmpty',
    [],
    { dtype: dataTypeNumber('float32') },
    list({
      entry: { dtype: 'float32', contents: undefined },
    }),
  );
}

/** An empty sequence has no type of its own: that of the first value that goes into it counts. */
function insert(n: ExportNode): Value {
  const value = n.input(1);
  const isEmpty = n.x.node?.type === 'SequenceEmpty';
  const dtype = dataTypeNumber(value.dtype === 'variant' ? 'float32' : value.dtype);
  const own = sequenceOf(value);
  const target = isEmpty ? n.op('SequenceEmpty', [], { dtype }, list(own)) : n.x;
  const position = n.inputs[2] ? [n.input(2)] : [];
  return n.op('SequenceInsert', [target, value, ...position], {}, list(target.contents ?? own));
}

function at(n: ExportNode): Value {
  const dtype = n.outputs[0]!;
  const contents = n.x.contents?.entry?.contents;
  return n.op('SequenceAt', [n.x, int64(n, 1)], {}, { dtype, contents });
}

function erase(n: ExportNode): Value {
  return n.op('SequenceErase', n.inputs, {}, list(n.x.contents));
}

function splitTo(n: ExportNode): Value {
  const attributes = { axis: n.int('axis'), keepdims: n.flag('keepdims') };
  return n.op('SplitToSequence', n.inputs, attributes, list(sequenceOf(n.x)));
}

function concat(n: ExportNode): Value {
  const attributes = { axis: n.int('axis'), new_axis: n.flag('new_axis') };
  return n.op('ConcatFromSequence', [n.x], attributes, { dtype: n.outputs[0] });
}

function hasElement(n: ExportNode): Value {
  n.since(15, 'OptionalHasElement');
  return n.op('OptionalHasElement', [n.x], {}, { dtype: 'bool' });
}

/** The dtypes and keys of maps are known to the file only. */
function zipMap(n: ExportNode): Value {
  n.useDomain('ai.onnx.ml', 3);
  const keys = n.input(1).data ?? n.unsupported('keys that only a run knows');
  const attributes =
    'strings' in keys
      ? { classlabels_strings: keys.strings }
      : { classlabels_int64s: n.need(1, 'keys') };
  const mapKey = 'strings' in keys ? ('string' as const) : ('int64' as const);
  const contents = { entry: { dtype: 'variant' as const, contents: { mapKey } } };
  return n.op('ZipMap', [n.x], attributes, { ...list(contents), domain: 'ai.onnx.ml' });
}

export const sequences = {
  ConcatFromSequence: concat,
  OptionalHasElement: hasElement,
  OptionalNone: (n) => n.unsupported('an optional value without a type'),
  SequenceAt: at,
  SequenceConstruct: construct,
  SequenceErase: erase,
  SequenceInsert: insert,
  SequenceLength: (n) => n.op('SequenceLength', [n.x], {}, { dtype: 'int64' }),
  SplitToSequence: splitTo,
  ZipMap: zipMap,
} satisfies ExportFamily;
