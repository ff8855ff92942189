import type { MessagePort } from 'node:worker_threads';

/** What a worker is asked to decode. */
export interface Request {
  readonly id: number;
  readonly encoded: Uint8Array;
  readonly format: string;
  /** The order of the channels in each pixel. */
  readonly channels: 'RGB' | 'BGR';
  /** Set to 1 when the answer has been sent, for one who waits without turning the event loop. */
  readonly done: Int32Array;
}

/** What became of it: pixels by rows, undefined when it is no image; or why nothing can be decoded. */
export interface Answer {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly pixels?: Uint8Array | undefined;
  readonly failure?: string | undefined;
}

/** The part of @imagemagick/magick-wasm that is used. */
interface Image {
  readonly width: number;
  readonly height: number;
  colorSpace: number;
  getPixels<T>(use: (pixels: Pixels) => T): T;
}

interface Pixels {
  toByteArray(x: number, y: number, width: number, height: number, order: string): Uint8Array;
}

interface Magick {
  initializeImageMagick(wasm: unknown): Promise<void>;
  readonly ImageMagick: {
    read<T>(encoded: Uint8Array, format: string, use: (image: Image) => T): T;
  };
  readonly ResourceLimits: Record<'width' | 'height' | 'memory' | 'listLength', bigint>;
}

/** What the code of the worker takes from its surroundings, being made of text. */
export interface Surroundings {
  readonly port: MessagePort;
  /** The file of the package, and that of its WebAssembly. */
  readonly library: string;
  readonly wasm: string;
}

/**
 * Answers requests. This function is the whole program of the worker: it runs from its text, and so
 * refers to nothing around it.
 */
export function serve(
  load: (path: string) => unknown,
  { port, library, wasm }: Surroundings,
): void {
  const magick = load(library) as Magick;
  const { readFileSync } = load('node:fs') as { readFileSync(path: string): Uint8Array };
  // Of their color spaces: those whose channels are red, green and blue, or one gray.
  const plain = [3, 21, 23, 33];
  const [sRgb, side, memory] = [23, 65500n, 1n << 30n];

  const decoded = ({ id, encoded, format, channels }: Request): Answer =>
    magick.ImageMagick.read(encoded, format, (image) => {
      if (!plain.includes(image.colorSpace)) image.colorSpace = sRgb;
      const { width, height } = image;
      const pixels = image.getPixels((all) => all.toByteArray(0, 0, width, height, channels));
      return { id, width, height, pixels };
    });

  const answer = (request: Request): Answer => {
    const nothing = { id: request.id, width: 0, height: 0 };
    try {
      return decoded(request);
    } catch (error) {
      // The program itself is broken after a trap, unlike after an image that is none.
      const isTrap = error instanceof Error && error.constructor.name === 'RuntimeError';
      return isTrap ? { ...nothing, failure: error.message } : nothing;
    }
  };

  const start = async () => {
    await magick.initializeImageMagick(readFileSync(wasm));
    Object.assign(magick.ResourceLimits, { width: side, height: side, memory, listLength: 16n });
  };
  const started = start().then(
    () => undefined,
    (error: unknown) => `the decoder does not start: ${String(error)}`,
  );
  port.on('message', async (request: Request) => {
    const failure = await started;
    const result =
      failure === undefined ? answer(request) : { id: request.id, width: 0, height: 0, failure };
    port.postMessage(result);
    Atomics.store(request.done, 0, 1);
    Atomics.notify(request.done, 0);
  });
}
