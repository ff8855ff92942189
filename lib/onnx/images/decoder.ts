import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  MessageChannel,
  type MessagePort,
  receiveMessageOnPort,
  Worker,
} from 'node:worker_threads';

import { EngineError } from '../../errors.js';
import type { ImageFormat } from './format.js';
import { type Answer, type Request, serve } from './worker.js';

/** An image as bytes in rows of pixels; undefined stands for what is none. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export type Channels = Request['channels'];

/** The package that decodes; an optional peer, since few models hold images. */
export const decoderPackage = '@imagemagick/magick-wasm';

interface Files {
  readonly library: string;
  readonly wasm: string;
}

/** Where the package is installed, undefined when it is not. */
function installed(): Files | undefined {
  for (const from of [__filename, join(process.cwd(), 'package.json')]) {
    try {
      const { resolve } = createRequire(from);
      return { library: resolve(decoderPackage), wasm: resolve(`${decoderPackage}/magick.wasm`) };
    } catch {
      // Not there.
    }
  }
  return undefined;
}

export function isDecoderInstalled(): boolean {
  return installed() !== undefined;
}

interface Waiting {
  readonly resolve: (pixels: Pixels | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Decodes in a thread of its own, which takes the event loop no time. */
class Decoder {
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  constructor(files: Files) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const program = `(${serve})(require, require('node:worker_threads').workerData);`;
    const workerData = { ...files, port: port2 };
    this.#worker = new Worker(program, {
      eval: true,
      workerData,
      transferList: [port2],
      execArgv: [],
    });
    this.#port.on('message', (answer: Answer) => this.#take(answer));
    this.#worker.on('error', (error) => this.#end(error.message));
    this.#worker.on('exit', () => this.#end('it has ended'));
    this.#worker.unref();
    this.#port.unref();
  }

  decode(
    encoded: Uint8Array,
    format: ImageFormat,
    channels: Channels,
  ): Promise<Pixels | undefined> {
    return new Promise((resolve, reject) => {
      const { id } = this.#send(encoded, format, channels);
      this.#waiting.set(id, { resolve, reject });
      this.#worker.ref();
    });
  }

  /** As decode, for a run that waits. */
  decodeSync(encoded: Uint8Array, format: ImageFormat, channels: Channels): Pixels | undefined {
    const { id, done } = this.#send(encoded, format, channels);
    if (Atomics.wait(done, 0, 0, kLongestWait) === 'timed-out') {
      this.#end('it does not answer');
      throw failed('it does not answer');
    }
    for (;;) {
      const answer: Answer | undefined = receiveMessageOnPort(this.#port)?.message;
      if (!answer) throw failed('its answer is lost');
      if (answer.id === id) return pixelsOf(answer);
      this.#take(answer);
    }
  }

  #send(encoded: Uint8Array, format: ImageFormat, channels: Channels): Request {
    this.#last += 1;
    const done = new Int32Array(new SharedArrayBuffer(4));
    const request: Request = { id: this.#last, encoded, format, channels, done };
    this.#port.postMessage(request);
    return request;
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    try {
      waiting?.resolve(pixelsOf(answer));
    } catch (error) {
      waiting?.reject(error as Error);
    }
  }

  #end(why: string): void {
    if (running === this) running = undefined;
    for (const { reject } of this.#waiting.values()) reject(failed(why));
    this.#waiting.clear();
    this.#port.close();
    void this.#worker.terminate();
  }
}

const kLongestWait = 120_000;

function failed(why: string): EngineError {
  return new EngineError('INTERNAL', `${decoderPackage} failed: ${why}`);
}

function pixelsOf({ width, height, pixels, failure }: Answer): Pixels | undefined {
  if (failure !== undefined) throw failed(failure);
  return pixels && { width, height, data: pixels };
}

let running: Decoder | undefined;

/** The decoder of this thread, started when first needed. */
export function decoder(): Decoder {
  if (running) return running;
  const files = installed();
  if (!files) {
    throw new EngineError('NOT_FOUND', `the package ${decoderPackage} is not installed`);
  }
  running = new Decoder(files);
  return running;
}
