/** The formats that the standard names, as the decoding package calls them. */
export type ImageFormat = 'BMP' | 'JPEG' | 'JP2' | 'J2K' | 'TIFF' | 'PNG' | 'WEBP' | 'PNM';

type Signature = readonly (readonly [at: number, bytes: string])[];

const signatures: readonly (readonly [ImageFormat, Signature])[] = [
  ['BMP', [[0, 'BM']]],
  ['JPEG', [[0, '\xff\xd8\xff']]],
  ['JP2', [[4, 'jP  \r\n\x87\n']]],
  ['J2K', [[0, '\xff\x4f\xff\x51']]],
  ['TIFF', [[0, 'II*\0']]],
  ['TIFF', [[0, 'MM\0*']]],
  ['PNG', [[0, '\x89PNG\r\n\x1a\n']]],
  [
    'WEBP',
    [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  ],
  ...['P1', 'P2', 'P3', 'P4', 'P5', 'P6'].map((name): readonly [ImageFormat, Signature] => [
    'PNM',
    [[0, name]],
  ]),
];

/**
 * The format of an encoded image by its first bytes. The decoder is told it, so that it never takes
 * a file for one of the many other kinds that it knows, scripts among them.
 */
export function imageFormat(encoded: Uint8Array): ImageFormat | undefined {
  const start = Buffer.from(encoded.subarray(0, 16)).toString('latin1');
  const isLike = (signature: Signature) =>
    signature.every(([at, bytes]) => start.startsWith(bytes, at));
  return signatures.find(([, signature]) => isLike(signature))?.[0];
}
