import { deflateSync } from 'node:zlib';

import type { NDArray } from '../../lib/ndArray.js';
import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { type AttributeSpec, modelFile } from './write.js';

const kUint8 = 2;

function modelOf(format?: string) {
  const attributes: Record<string, AttributeSpec> = format ? { pixel_format: { s: format } } : {};
  return modelFile({
    opset: 20,
    graph: {
      inputs: [{ name: 'x', dtype: kUint8, shape: [null] }],
      outputs: [{ name: 'y', dtype: kUint8 }],
      nodes: [{ op: 'ImageDecoder', inputs: ['x'], outputs: ['y'], attributes }],
    },
  });
}

function decoded(encoded: Uint8Array, format?: string): NDArray {
  const model = loadSync(modelOf(format));
  using session = new Session(model.graph);
  return session.runSync(model.outputs.y!, { feeds: [[model.inputs.x!, encoded]] });
}

const kPixels = [
  [
    [255, 0, 10],
    [0, 128, 20],
  ],
  [
    [7, 8, 9],
    [200, 100, 50],
  ],
];
const kReversed = kPixels.map((row) => row.map((pixel) => pixel.toReversed()));
const kFlat = kPixels.flat(2);

function png(): Uint8Array {
  const chunk = (type: string, data: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(type), data]);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from([0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
  const rows = Buffer.from(kPixels.flatMap((row) => [0, ...row.flat()]));
  const start = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([start, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), end]);
}

function crc(bytes: Uint8Array): number {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return (sum ^ -1) >>> 0;
}

/** Rows from the last up, blue first, each a multiple of four bytes long. */
function bmp(): Uint8Array {
  const header = Buffer.alloc(54);
  header.write('BM');
  for (const [at, value] of [
    [2, 70],
    [10, 54],
    [14, 40],
    [18, 2],
    [22, 2],
    [34, 16],
  ] as const) {
    header.writeUInt32LE(value, at);
  }
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([
    header,
    Buffer.from(kReversed.toReversed().flatMap((row) => [...row.flat(), 0, 0])),
  ]);
}

/** One strip without compression. */
function tiff(): Uint8Array {
  const tags = [
    [256, 2],
    [257, 2],
    [258, 8],
    [259, 1],
    [262, 2],
    [273, 8],
    [277, 3],
    [278, 2],
    [279, 12],
  ];
  const directory = Buffer.alloc(2 + 12 * tags.length + 4);
  directory.writeUInt16LE(tags.length);
  for (const [i, [tag = 0, value = 0]] of tags.entries()) {
    directory.writeUInt16LE(tag, 2 + 12 * i);
    directory.writeUInt16LE(3, 4 + 12 * i);
    directory.writeUInt32LE(1, 6 + 12 * i);
    directory.writeUInt16LE(value, 10 + 12 * i);
  }
  return Buffer.concat([Buffer.from('II*\0\x14\0\0\0', 'latin1'), Buffer.from(kFlat), directory]);
}

const files: Record<string, Uint8Array> = {
  PNG: png(),
  BMP: bmp(),
  TIFF: tiff(),
  'PPM as text': Buffer.from(`P3\n2 2\n255\n${kFlat.join(' ')}\n`),
  PPM: Buffer.concat([Buffer.from('P6\n2 2\n255\n'), Buffer.from(kFlat)]),
};

test.each(Object.entries(files))('%s', (_, file) => {
  expect(decoded(file).toArray()).toEqual(kPixels);
  expect(decoded(file, 'BGR').toArray()).toEqual(kReversed);
  const gray = kPixels.map((row) =>
    row.map(([r = 0, g = 0, b = 0]) => [Math.round(0.299 * r + 0.587 * g + 0.114 * b)]),
  );
  expect(decoded(file, 'Grayscale').toArray()).toEqual(gray);
});

test('gray and black-and-white files become what is asked for', () => {
  expect(decoded(Buffer.from('P2\n3 1\n255\n0 77 255\n'), 'Grayscale').toArray()).toEqual([
    [[0], [77], [255]],
  ]);
  expect(decoded(Buffer.from('P1\n2 1\n1 0\n')).toArray()).toEqual([
    [
      [0, 0, 0],
      [255, 255, 255],
    ],
  ]);
});

test('what cannot be decoded is an empty image', () => {
  const cut = files.PNG!.subarray(0, 20);
  const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"/>');
  for (const file of [cut, script, new Uint8Array(0)]) {
    const { shape, dtype } = decoded(file);
    expect([shape, dtype]).toEqual([[0, 0, 3], 'uint8']);
  }
  expect(decoded(script, 'Grayscale').shape).toEqual([0, 0, 1]);
});

test('runs that overlap are decoded in a thread', async () => {
  const model = loadSync(modelOf());
  await using session = new Session(model.graph);
  const run = (file: Uint8Array) =>
    session.run(model.outputs.y!, { feeds: [[model.inputs.x!, file]] });
  const results = await Promise.all(Object.values(files).map(run));
  for (const { shape } of results) expect(shape).toEqual([2, 2, 3]);
});

test('other pixel formats are named', () => {
  expect(() => loadSync(modelOf('CMYK'))).toThrow("pixel_format is 'CMYK', expected one of RGB");
});
