import { type HostFunction, register } from '../../hostCalls.js';
import { NDArray } from '../../ndArray.js';
import type { Tensor } from '../../tensor.js';
import { decoder, decoderPackage, isDecoderInstalled, type Pixels } from '../images/decoder.js';
import { imageFormat } from '../images/format.js';
import type { ImportNode } from '../importNode.js';
import type { Family } from '../mapping.js';

const kinds = ['RGB', 'BGR', 'Grayscale'] as const;
type Kind = (typeof kinds)[number];

/** Luma by the weights of ITU-R 601, in 16 bits behind the point. */
function gray(data: Uint8Array): Uint8Array {
  const result = new Uint8Array(data.length / 3);
  for (let i = 0, at = 0; i < result.length; i++, at += 3) {
    result[i] = (data[at]! * 19595 + data[at + 1]! * 38470 + data[at + 2]! * 7471 + 0x8000) >> 16;
  }
  return result;
}

/** [height, width, channels]; without elements for what is no image. */
function imageOf(pixels: Pixels | undefined, kind: Kind): NDArray {
  const channels = kind === 'Grayscale' ? 1 : 3;
  if (!pixels) return new NDArray(new Uint8Array(0), [0, 0, channels], 'uint8');
  const { width, height, data } = pixels;
  const values = kind === 'Grayscale' ? gray(data) : data;
  return new NDArray(values, [height, width, channels], 'uint8');
}

/** Decodes an encoded image, given as a vector of its bytes. */
function decodingFunction(name: string, kind: Kind): HostFunction {
  const order = kind === 'BGR' ? 'BGR' : 'RGB';
  const bytesOf = ([encoded]: readonly NDArray[]) => encoded!.data as Uint8Array;
  return {
    name,
    dtypes: ['uint8'],
    fn: async (...inputs) => {
      const bytes = bytesOf(inputs);
      const format = imageFormat(bytes);
      return imageOf(format && (await decoder().decode(bytes, format, order)), kind);
    },
    sync: (...inputs) => {
      const bytes = bytesOf(inputs);
      const format = imageFormat(bytes);
      return imageOf(format && decoder().decodeSync(bytes, format, order), kind);
    },
  };
}

function imageDecoder(n: ImportNode): Tensor {
  const wanted = n.attrs.string('pixel_format', 'RGB');
  const kind = kinds.find((known) => known === wanted);
  if (!kind) return n.fail(`pixel_format is '${wanted}', expected one of ${kinds.join(', ')}`);
  if (!isDecoderInstalled()) {
    return n.unsupported(`images without their decoder: npm install ${decoderPackage}`);
  }
  // The graph that runs keeps the function; subgraphs are copied into its nodes.
  const { graph } = n.importer.context.evaluator;
  return n.out('JsFunction', [[n.x]], {
    function: register(graph, decodingFunction('ImageDecoder', kind)),
    Tin: ['uint8'],
    Tout: ['uint8'],
    shapes: [[null, null, kind === 'Grayscale' ? 1 : 3]],
  });
}

export const imageDecoders: Family = { ImageDecoder: imageDecoder };
