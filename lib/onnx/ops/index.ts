import type { Family } from '../mapping.js';
import { activations } from './activation.js';
import { array } from './array.js';
import { attentions, previewAttentions } from './attention.js';
import { axes } from './axes.js';
import { blocks } from './blocks.js';
import { contrib } from './contrib/index.js';
import { control } from './control.js';
import { convolutions } from './conv.js';
import { transposedConvolutions } from './convTranspose.js';
import { deforms } from './deform.js';
import { gathers } from './gather.js';
import { geometry } from './geometry.js';
import { images } from './image.js';
import { imageDecoders } from './imageDecoder.js';
import { integers } from './integer.js';
import { linearAttentions } from './linearAttention.js';
import { losses } from './loss.js';
import { math } from './math.js';
import { ml } from './ml.js';
import { norms } from './norm.js';
import { pads } from './pad.js';
import { pools } from './pool.js';
import { quantized } from './quantize.js';
import { randoms } from './random.js';
import { reductions } from './reduce.js';
import { resizes } from './resize.js';
import { recurrent } from './rnn.js';
import { scans } from './scan.js';
import { sequences } from './sequence.js';
import { sequenceModels } from './sequenceModel.js';
import { signals } from './signal.js';
import { slices } from './slice.js';
import { texts } from './text.js';
import { training } from './training.js';

const standard: Family = {
  ...activations,
  ...array,
  ...attentions,
  ...axes,
  ...blocks,
  ...control,
  ...convolutions,
  ...deforms,
  ...gathers,
  ...geometry,
  ...imageDecoders,
  ...images,
  ...integers,
  ...linearAttentions,
  ...losses,
  ...math,
  ...norms,
  ...pads,
  ...pools,
  ...quantized,
  ...randoms,
  ...recurrent,
  ...reductions,
  ...resizes,
  ...scans,
  ...sequenceModels,
  ...sequences,
  ...signals,
  ...slices,
  ...texts,
  ...transposedConvolutions,
};

/** The mappings of each domain; the standard's own is "". */
export const domains: Readonly<Record<string, Family>> = {
  '': standard,
  'ai.onnx.ml': ml,
  'ai.onnx.preview': previewAttentions,
  'ai.onnx.preview.training': training,
  'com.microsoft': contrib,
};
