import { checkKeys } from '../attrs.js';
import { Graph } from '../graph.js';
import { runAtOnce, runSliced, type Sliced } from '../sliced.js';
import type { Problem } from './context.js';
import { checkInputShapes, type InputShapes } from './inputs.js';
import { importModel } from './load.js';
import { publicOpsets } from './model.js';
import { openModel, openModelSync } from './openModel.js';
import type { ModelProto } from './proto.js';
import type { ModelSource } from './source.js';

export interface CheckSyncOptions {
  /** Shapes of inputs by name, as for loading. */
  readonly shapes?: InputShapes | undefined;
}

export interface CheckOptions extends CheckSyncOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Whether a model can be loaded, and all that stands in the way. */
export interface CheckReport {
  readonly file: string;
  /** Whether nothing is unsupported. */
  readonly ok: boolean;
  readonly opsets: Readonly<Record<string, number>>;
  /** Operators, dtypes and attributes that are not supported, with the nodes that need them. */
  readonly problems: readonly Problem[];
}

/**
 * Looks for all that the engine lacks to run a model, in subgraphs and functions too, without
 * running it and without memory for its weights. A damaged file is an `EngineError`.
 */
export async function check(source: ModelSource, options: CheckOptions = {}): Promise<CheckReport> {
  checkOptions('onnx.check', options, ['signal']);
  const { signal, shapes } = options;
  const { proto, file } = await openModel(source, signal);
  return runSliced(reportOn(proto, file, shapes), signal);
}

/** As check, in one go. */
export function checkSync(source: ModelSource, options: CheckSyncOptions = {}): CheckReport {
  checkOptions('onnx.checkSync', options);
  const { proto, file } = openModelSync(source);
  return runAtOnce(reportOn(proto, file, options.shapes));
}

export function checkOptions(
  place: string,
  options: CheckSyncOptions,
  keys: readonly string[] = [],
): void {
  checkKeys(place, options, ['shapes', ...keys]);
  checkInputShapes(options.shapes);
}

function* reportOn(
  proto: ModelProto,
  file: string,
  shapes: InputShapes | undefined,
): Sliced<CheckReport> {
  const problems = yield* problemsOf(proto, file, shapes);
  return { file, ok: problems.length === 0, opsets: publicOpsets(proto), problems };
}

/** What of a model cannot be imported, found by importing it with placeholders as weights. */
export function* problemsOf(
  proto: ModelProto,
  file: string,
  shapes?: InputShapes,
): Sliced<readonly Problem[]> {
  const weights = 'placeholders';
  const target = { file, graph: new Graph(), prefix: '', weights, shapes, isSync: true } as const;
  return (yield* importModel(proto, target)).problems;
}
