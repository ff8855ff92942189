import { appendFile, mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkKeys } from '../../attrs.js';

import { EngineError, invalidArgument } from '../../errors.js';
import type { Graph } from '../../graph.js';
import {
  type EventValue,
  formatEvent,
  formatGraph,
  formatRunMetadata,
  formatVersion,
  type Histogram,
} from '../../io/events.js';
import { checkPath, type FilePath, fileError } from '../../io/files.js';
import { formatRecord } from '../../io/records.js';
import { NDArray, ndarray } from '../../ndArray.js';
import { Trace } from '../../trace.js';
import type { Values } from '../../value.js';
import { histogramOf } from './histogram.js';
import { imageOf } from './image.js';
import { runMetadataOf } from './runMetadata.js';

export interface EventWriterOptions {
  /** What was given is written after so many seconds at the latest; default 5. */
  readonly flushSeconds?: number | undefined;
  /** The end of the file's name. */
  readonly suffix?: string | undefined;
}

/** So many events wait before they are written without waiting for the time. */
const kMostWaiting = 256;

let writers = 0;

/**
 * Writes an event file for TensorBoard into a folder. Calls return at once, and what they were
 * given must stay as it is until it is written; `flush` and `close` say when that is done, and
 * fail if it could not be.
 */
export class EventWriter {
  /** The file, which is there when something was written. */
  readonly path: string;
  readonly #folder: string;
  readonly #milliseconds: number;
  #waiting: Promise<Buffer>[] = [];
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  /** Why the file cannot be written. */
  #failure: unknown;
  /** Why single values could not be: the others are in the file. */
  readonly #refused: unknown[] = [];
  readonly #traced = new Set<string>();
  #begun = false;
  #closed = false;

  constructor(folder: FilePath, options: EventWriterOptions = {}) {
    checkKeys('EventWriter', options, ['flushSeconds', 'suffix']);
    const { flushSeconds = 5, suffix = '' } = options;
    if (!(flushSeconds > 0))
      throw invalidArgument('flushSeconds', 'a number above 0', flushSeconds);
    this.#folder = checkPath(folder);
    this.#milliseconds = Math.min(flushSeconds * 1000, 2 ** 31 - 1);
    writers += 1;
    const host = hostname().replaceAll(/[^\w.-]/g, '_');
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, '0');
    const name = `events.out.tfevents.${seconds}.${host}.${process.pid}.${writers}${suffix}`;
    this.path = join(this.#folder, name);
  }

  /** One number, or an array of one, such as the result of a run. */
  scalar(tag: string, value: number | bigint | boolean | NDArray, step: number): void {
    const single: unknown = value instanceof NDArray && value.size === 1 ? value.item() : value;
    if (!['number', 'bigint', 'boolean'].includes(typeof single)) {
      throw invalidArgument('value', 'a number', value);
    }
    this.#add(tag, step, { kind: 'scalar', value: Number(single) });
  }

  /** Several numbers at the same step. */
  scalars(values: Readonly<Record<string, number | NDArray>>, step: number): void {
    for (const [tag, value] of Object.entries(values)) this.scalar(tag, value, step);
  }

  /** How numbers are spread; `flush` fails when one of them is NaN. */
  histogram(tag: string, values: Values, step: number): void {
    this.addHistogram(tag, histogramOf(values, tag), step);
  }

  /** @internal */
  addHistogram(tag: string, counted: Promise<Histogram>, step: number): void {
    this.#add(
      tag,
      step,
      counted.then((histogram) => ({ kind: 'histogram', histogram })),
    );
  }

  /** An image [height, width] or [height, width, channels]: uint8, or floats from 0 to 1. */
  image(tag: string, pixels: Values, step: number): void {
    const image = imageOf(pixels instanceof NDArray ? pixels : ndarray(pixels));
    this.#add(
      tag,
      step,
      image.then((made) => ({ kind: 'image', image: made })),
    );
  }

  /** A text, which TensorBoard shows as Markdown, or a list of them. */
  text(tag: string, text: string | readonly string[], step: number): void {
    const texts = typeof text === 'string' ? [text] : [...text];
    if (!texts.every((entry) => typeof entry === 'string')) {
      throw invalidArgument('text', 'a text or a list of texts', text);
    }
    const shape = typeof text === 'string' ? [] : [texts.length];
    this.#add(tag, step, { kind: 'text', texts, shape });
  }

  /** The graph, as TensorBoard draws it: to be given once. */
  graph(graph: Graph, step = 0): void {
    checkStep(step);
    this.#push(formatGraph(Date.now() / 1000, step, graph.toGraphDef({ shapes: true })));
  }

  /** What the steps of traced runs took, which TensorBoard colours the graph by; each tag once. */
  runMetadata(tag: string, trace: Trace, step: number): void {
    if (typeof tag !== 'string' || tag === '') throw invalidArgument('tag', 'a name', tag);
    if (!(trace instanceof Trace)) throw invalidArgument('trace', 'a Trace', trace);
    checkStep(step);
    this.#checkOpen();
    if (this.#traced.has(tag)) {
      const text = `The provided tag was already used for this event type: '${tag}'`;
      throw new EngineError('INVALID_ARGUMENT', text);
    }
    this.#traced.add(tag);
    const seconds = Date.now() / 1000;
    this.#push(formatRunMetadata(seconds, step, tag, runMetadataOf(trace, seconds)));
  }

  /** Resolves when everything given so far is in the file. */
  async flush(): Promise<void> {
    this.#write();
    await this.#writing;
    if (this.#failure !== undefined) throw this.#failure;
    const [refused] = this.#refused.splice(0);
    if (refused !== undefined) throw refused;
  }

  /** Writes what is left; nothing can be added any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #add(tag: string, step: number, value: EventValue | Promise<EventValue>): void {
    if (value instanceof Promise) value.catch(() => undefined);
    this.#checkOpen();
    if (typeof tag !== 'string' || tag === '') throw invalidArgument('tag', 'a name', tag);
    checkStep(step);
    const seconds = Date.now() / 1000;
    this.#push((async () => formatEvent(seconds, step, tag, await value))());
  }

  #checkOpen(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#closed) return;
    throw new EngineError('FAILED_PRECONDITION', `the event file '${this.path}' is closed`);
  }

  #push(event: Uint8Array | Promise<Uint8Array>): void {
    this.#checkOpen();
    const record = (async () => formatRecord(await event))();
    record.catch(() => undefined);
    this.#waiting.push(record);
    if (this.#waiting.length >= kMostWaiting) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), this.#milliseconds).unref();
  }

  /** Begins to write what waits, after what is being written. */
  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const records = this.#waiting;
    this.#waiting = [];
    this.#writing = this.#writing.then(() => this.#append(records));
  }

  async #append(records: readonly Promise<Buffer>[]): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      const bytes: Buffer[] = [];
      if (!this.#begun) bytes.push(formatRecord(formatVersion(Date.now() / 1000)));
      for (const record of await Promise.allSettled(records)) {
        if (record.status === 'fulfilled') bytes.push(record.value);
        else this.#refused.push(record.reason);
      }
      await appendTo(this.#folder, this.path, Buffer.concat(bytes), this.#begun);
      this.#begun = true;
    } catch (error) {
      this.#failure = error;
    }
  }
}

function checkStep(step: unknown): void {
  if (typeof step === 'number' && Number.isSafeInteger(step) && step >= 0) return;
  throw invalidArgument('step', 'an integer of at least 0', step);
}

async function appendTo(
  folder: string,
  path: string,
  bytes: Buffer,
  begun: boolean,
): Promise<void> {
  try {
    if (!begun) await mkdir(folder, { recursive: true });
    await appendFile(path, bytes);
  } catch (error) {
    throw fileError(error, 'write', path);
  }
}
