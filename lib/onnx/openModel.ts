import { runAtOnce, runSliced } from '../sliced.js';
import { readExternalData, readExternalDataSync } from './externalData.js';
import type { ModelProto } from './proto.js';
import { readModel } from './readModel.js';
import { type ModelSource, readSource, readSourceSync, sourceOf } from './source.js';

/** A model as its file says it; large weights may still lie there, see `stored.ts`. */
export interface OpenModel {
  readonly proto: ModelProto;
  /** Its name in errors. */
  readonly file: string;
  readonly path: string | undefined;
}

export async function openModel(
  source: ModelSource,
  signal: AbortSignal | undefined,
  onRead: (done: number, total: number) => void = () => {},
): Promise<OpenModel> {
  signal?.throwIfAborted();
  const from = sourceOf(source);
  const { bytes, cuts } = await readSource(from, signal, onRead);
  const proto = await runSliced(readModel(bytes, from.file, cuts), signal);
  await readExternalData(proto, from.path, from.file, signal);
  return { proto, file: from.file, path: from.path };
}

/** As openModel, in one go. */
export function openModelSync(source: ModelSource): OpenModel {
  const from = sourceOf(source);
  const { bytes, cuts } = readSourceSync(from);
  const proto = runAtOnce(readModel(bytes, from.file, cuts));
  readExternalDataSync(proto, from.path, from.file);
  return { proto, file: from.file, path: from.path };
}
