import { native, type SessionHandle } from './binding.js';
import type { DType, TypedData } from './dtype.js';
import { EngineError } from './errors.js';
import type { FeedSlot } from './feeds.js';
import type { FetchTemplate } from './fetches.js';
import { KeptValue } from './keptValue.js';
import * as mailbox from './mailbox.js';
import { NDArray } from './ndArray.js';
import { pairsOf } from './node.js';
import { checkOut, ResultReader } from './results.js';
import type { Shape } from './shape.js';
import type { Tensor } from './tensor.js';
import type { Value } from './value.js';
import { variantRecords } from './variant.js';

// Names of this module, because compiled code then has the values in it.
const { bytes: mailboxBytes, floats, words } = mailbox;
const { kFeedBytes, kFeedEndWord, kInlineBytes, kKept, kLoop, kPayload } = mailbox;
const { kRecordWords, kResultBytes, kWords } = mailbox;

/**
 * A converted feed: a value, a number that is a float32 scalar, or all elements of a float32 tensor
 * whose shape is known.
 */
export type Feed = Value | KeptValue | number | Float32Array;

/** One pair of feeds and fetches of a session: what crosses into the core, and what comes back. */
export class RunPlan {
  readonly template: FetchTemplate;
  readonly slots: readonly FeedSlot[];
  /** The core's number for it; undefined when there is nothing to compute. */
  readonly id: number | undefined;
  readonly #reader: ResultReader;
  /** For each tensor of the template: which result, or the complement of which feed. */
  readonly #sources: readonly number[];
  readonly #direct: boolean;

  constructor(session: SessionHandle, template: FetchTemplate, slots: readonly FeedSlot[]) {
    this.template = template;
    this.slots = slots;
    const computed: Tensor[] = [];
    const dtypes: DType[] = [];
    const sources: number[] = [];
    for (const tensor of template.tensors) {
      const slot = slotOf(tensor, slots);
      sources.push(slot < 0 ? computed.length : ~slot);
      if (slot >= 0) continue;
      computed.push(tensor);
      dtypes.push(tensor.dtype);
    }
    this.#sources = sources;
    this.#direct = computed.length === sources.length;
    this.#reader = new ResultReader(dtypes);
    const feeds: Tensor[] = [];
    for (const { tensors } of slots) feeds.push(...tensors);
    if (Math.max(feeds.length, computed.length) * kRecordWords > kWords - 2) {
      const most = Math.floor((kWords - 2) / kRecordWords);
      throw new EngineError('RESOURCE_EXHAUSTED', `a run takes at most ${most} feeds and fetches`);
    }
    const targets = template.targets.map((op) => op.id);
    if (computed.length > 0 || targets.length > 0) {
      this.id = native.newPlan(session, pairsOf(feeds), pairsOf(computed), targets);
    }
  }

  feedsMatch(keys: readonly unknown[]): boolean {
    const { slots } = this;
    if (slots.length !== keys.length) return false;
    for (let i = 0; i < keys.length; i++) if (slots[i]!.key !== keys[i]) return false;
    return true;
  }

  convert(values: readonly unknown[]): Feed[] {
    return convertFeeds(this.slots, values);
  }

  /** Puts the feeds into the mailbox; gives those that are too large for it. Runs no user code. */
  write(feeds: readonly Feed[]): unknown[] | undefined {
    const out = { word: 0, byte: kFeedBytes, payload: undefined };
    for (let i = 0; i < feeds.length; i++) {
      const feed = feeds[i]!;
      const slot = this.slots[i]!;
      const copies = slot.tensors.length;
      for (let copy = 0; copy < copies; copy++) {
        if (typeof feed === 'number') writeFloat(out, feed);
        else if (feed instanceof Float32Array) writeData(out, feed, slot.floatShape);
        else if (feed instanceof KeptValue) writePayload(out, kKept, feed.handle, feed.shape);
        else writeValue(out, feed);
      }
    }
    words[kFeedEndWord] = out.byte;
    return out.payload;
  }

  /** Arranges what a run gave in the structure of the fetches. */
  read(
    list: readonly unknown[] | null | undefined,
    feeds: readonly Feed[],
    outs: readonly unknown[] | undefined,
  ): unknown {
    const results = this.#reader.read(list, outs);
    return this.template.arrange(this.#direct ? results : this.#merge(results, feeds));
  }

  #merge(results: readonly unknown[], feeds: readonly Feed[]): unknown[] {
    return this.#sources.map((source) =>
      source >= 0 ? results[source] : copyOf(feeds[~source]!, this.slots[~source]!),
    );
  }

  /** The caller's arrays by result, in the structure of the fetches. */
  outs(structure: unknown): unknown[] | undefined {
    if (structure === undefined || structure === null) return undefined;
    const outs: unknown[] = [];
    for (const [i, given] of this.template.flatten(structure).entries()) {
      if (this.#sources[i]! < 0) continue;
      const { dtype } = this.template.tensors[i]!;
      outs.push(given === undefined ? undefined : checkOut(dtype, given));
    }
    return outs;
  }

  /** Whether every tensor of the fetches is computed, not fed. */
  get computesAll(): boolean {
    return this.#direct;
  }

  release(): void {
    if (this.id !== undefined) native.releasePlan(this.id);
  }
}

export function convertFeeds(slots: readonly FeedSlot[], values: readonly unknown[]): Feed[] {
  const feeds = new Array<Feed>(values.length);
  for (let i = 0; i < values.length; i++) {
    const slot = slots[i]!;
    const value = values[i];
    feeds[i] = typeof value === 'number' && slot.takesFloat ? value : slot.convert(value);
  }
  return feeds;
}

/** Where the tensor is among what is fed, or -1. */
function slotOf(tensor: Tensor, slots: readonly FeedSlot[]): number {
  for (let i = 0; i < slots.length; i++) if (slots[i]!.tensors.includes(tensor)) return i;
  return -1;
}

function copyOf(feed: Feed, { floatShape }: FeedSlot): NDArray {
  if (typeof feed === 'number') return new NDArray(Float32Array.of(feed), [], 'float32');
  if (feed instanceof Float32Array) return new NDArray(feed, floatShape, 'float32').copy();
  if (feed instanceof KeptValue) return feed.read();
  return new NDArray(feed.data, feed.shape, feed.dtype).copy();
}

interface Outgoing {
  word: number;
  byte: number;
  payload: unknown[] | undefined;
}

function writeFloat(out: Outgoing, value: number): void {
  words[out.word] = out.byte;
  words[out.word + 1] = 0;
  floats[out.byte >> 2] = value;
  out.word += 2;
  out.byte += 8;
}

function writeValue(out: Outgoing, { data, shape, dtype }: Value): void {
  if (ArrayBuffer.isView(data)) writeData(out, data, shape);
  else writePayload(out, kPayload, dtype === 'variant' ? variantRecords(data) : data, shape);
}

function writeData(out: Outgoing, data: TypedData, shape: Shape): void {
  const { length } = data;
  if (data instanceof Float32Array && length <= kLoop && out.byte + 4 * kLoop <= kResultBytes) {
    writeHead(out, out.byte, shape);
    const first = out.byte >> 2;
    for (let k = 0; k < length; k++) floats[first + k] = data[k]!;
    out.byte += (4 * length + 7) & ~7;
    return;
  }
  const bytes = data.BYTES_PER_ELEMENT * length;
  if (bytes > kInlineBytes || out.byte + bytes > kResultBytes) {
    writePayload(out, kPayload, data, shape);
    return;
  }
  writeHead(out, out.byte, shape);
  mailboxBytes.set(new Uint8Array(data.buffer, data.byteOffset, bytes), out.byte);
  out.byte += (bytes + 7) & ~7;
}

function writePayload(out: Outgoing, tag: number, entry: unknown, shape: Shape): void {
  writeHead(out, tag, shape);
  out.payload ??= [];
  out.payload.push(entry);
}

function writeHead(out: Outgoing, tag: number, shape: Shape): void {
  const rank = shape.length;
  const word = out.word;
  words[word] = tag;
  words[word + 1] = rank;
  for (let axis = 0; axis < rank; axis++) words[word + 2 + axis] = shape[axis]!;
  out.word = word + 2 + rank;
}
