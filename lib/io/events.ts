import { PbfWriter } from 'pbf';

import { WireReader } from '../wire.js';
import { readRecords } from './records.js';

/** The buckets of a histogram: `counts[i]` values are above `limits[i - 1]`, up to `limits[i]`. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

export interface EventImage {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly png: Uint8Array;
}

/** What one event says of one tag. */
export type EventValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'histogram'; readonly histogram: Histogram }
  | { readonly kind: 'image'; readonly image: EventImage }
  | { readonly kind: 'text'; readonly texts: readonly string[]; readonly shape: readonly number[] };

/** The first event of every file. */
export function formatVersion(seconds: number): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(1, seconds);
  pbf.writeStringField(3, 'brain.Event:2');
  return pbf.finish();
}

/** An event that holds a GraphDef. */
export function formatGraph(seconds: number, step: number, graphDef: Uint8Array): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(1, seconds);
  if (step > 0) pbf.writeVarintField(2, step);
  pbf.writeBytesField(4, graphDef);
  return pbf.finish();
}

/** An event that holds what the steps of a run took, as a TaggedRunMetadata. */
export function formatRunMetadata(
  seconds: number,
  step: number,
  tag: string,
  metadata: Uint8Array,
): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(1, seconds);
  pbf.writeVarintField(2, step);
  pbf.writeMessage(
    8,
    (_, tagged) => {
      tagged.writeStringField(1, tag);
      tagged.writeBytesField(2, metadata);
    },
    undefined,
  );
  return pbf.finish();
}

/** A tensorflow.Event with a summary of one value. */
export function formatEvent(
  seconds: number,
  step: number,
  tag: string,
  value: EventValue,
): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(1, seconds);
  pbf.writeVarintField(2, step);
  pbf.writeMessage(5, writeSummary, { tag, value });
  return pbf.finish();
}

interface Tagged {
  readonly tag: string;
  readonly value: EventValue;
}

function writeSummary(tagged: Tagged, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeValue, tagged);
}

function writeValue({ tag, value }: Tagged, pbf: PbfWriter): void {
  pbf.writeStringField(1, tag);
  if (value.kind === 'scalar') {
    pbf.writeFloatField(2, value.value);
  } else if (value.kind === 'histogram') {
    pbf.writeMessage(5, writeHistogram, value.histogram);
  } else if (value.kind === 'image') {
    pbf.writeMessage(4, writeImage, value.image);
  } else {
    pbf.writeMessage(9, writeTextMetadata, undefined);
    pbf.writeMessage(8, writeTexts, value);
  }
}

function writeHistogram(histogram: Histogram, pbf: PbfWriter): void {
  const { min, max, count, sum, sumOfSquares, limits, counts } = histogram;
  for (const [i, x] of [min, max, count, sum, sumOfSquares].entries())
    pbf.writeDoubleField(i + 1, x);
  pbf.writePackedDouble(6, [...limits]);
  pbf.writePackedDouble(7, [...counts]);
}

function writeImage({ height, width, channels, png }: EventImage, pbf: PbfWriter): void {
  pbf.writeVarintField(1, height);
  pbf.writeVarintField(2, width);
  pbf.writeVarintField(3, channels);
  pbf.writeBytesField(4, png);
}

/** SummaryMetadata { plugin_data { plugin_name: "text" } data_class: DATA_CLASS_TENSOR }. */
function writeTextMetadata(_: undefined, pbf: PbfWriter): void {
  pbf.writeMessage(1, (_none, data) => data.writeStringField(1, 'text'), undefined);
  pbf.writeVarintField(4, 2);
}

/** TensorProto { dtype: DT_STRING tensor_shape string_val }. */
function writeTexts(
  { texts, shape }: { readonly texts: readonly string[]; readonly shape: readonly number[] },
  pbf: PbfWriter,
): void {
  pbf.writeVarintField(1, 7);
  pbf.writeMessage(2, writeShape, shape);
  for (const text of texts) pbf.writeBytesField(8, Buffer.from(text));
}

function writeShape(shape: readonly number[], pbf: PbfWriter): void {
  for (const size of shape) {
    pbf.writeMessage(2, (dim, inner) => inner.writeVarintField(1, dim), size);
  }
}

/** One number of a run. */
export interface ScalarEvent {
  readonly tag: string;
  readonly step: number;
  /** Since 1970. */
  readonly seconds: number;
  readonly value: number;
}

/** The scalars of an event file, in the order in which they were written. */
export async function* readScalars(path: string): AsyncGenerator<ScalarEvent, void, undefined> {
  for await (const record of readRecords(path)) {
    const event = { seconds: 0, step: 0 };
    const values: { tag: string; value: number }[] = [];
    const wire = new WireReader(record, path, 'event file');
    for (let field = wire.next(); field !== 0; field = wire.next()) {
      if (field === 1) event.seconds = doubleOf(wire.packed(8));
      else if (field === 2) event.step = wire.int();
      else if (field === 5) wire.message('summary', () => readSummary(wire, values));
    }
    for (const value of values) yield { ...value, ...event };
  }
}

function readSummary(wire: WireReader, values: { tag: string; value: number }[]): void {
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) wire.message('value', () => readValue(wire, values));
  }
}

function readValue(wire: WireReader, values: { tag: string; value: number }[]): void {
  let tag = '';
  let value: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) tag = wire.string();
    else if (field === 2) value = wire.float();
    else if (field === 8) value = wire.message('tensor', () => readScalarTensor(wire));
  }
  if (value !== undefined) values.push({ tag, value });
}

/** The number in a TensorProto of one float or double, as newer TensorFlow writes scalars. */
function readScalarTensor(wire: WireReader): number | undefined {
  let dtype = 0;
  let content: Uint8Array | undefined;
  const floats: number[] = [];
  let double: number | undefined;
  for (let field = wire.next(); field !== 0; field = wire.next()) {
    if (field === 1) dtype = wire.int();
    else if (field === 4) content = wire.bytes();
    else if (field === 5) wire.floats(floats);
    else if (field === 6) double = doubleOf(wire.packed(8));
  }
  if (dtype === 1 && content?.length === 4) return viewOf(content).getFloat32(0, true);
  if (dtype === 2 && content?.length === 8) return viewOf(content).getFloat64(0, true);
  if (dtype === 1) return floats[0];
  return dtype === 2 ? double : undefined;
}

function doubleOf(bytes: Uint8Array): number {
  return bytes.length >= 8 ? viewOf(bytes).getFloat64(0, true) : 0;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
