import { checkKeys } from '../../attrs.js';
import { invalidArgument } from '../../errors.js';
import { isPlainObject } from '../../plainObject.js';
import type { Session } from '../../session.js';
import type { Tensor } from '../../tensor.js';

/** Sizes, names of sizes that runs decide, null for unknown ones. */
export type NamedShape = readonly (number | string | null)[];

export interface SaveSyncOptions {
  /**
   * The version of the standard's operators, 13 to 27. By default 18, or the first later one that
   * has all operators that the graph needs.
   */
  readonly opset?: number | undefined;
  /** The inputs by the names that they get: any tensors. Default: the placeholders in use. */
  readonly inputs?: Readonly<Record<string, Tensor>> | readonly Tensor[] | undefined;
  /** Shapes of inputs and outputs by name, with names for unknown dims. */
  readonly shapes?: Readonly<Record<string, NamedShape | null>> | undefined;
  /** Where the variables have their values; by default the session that `eval` would use. */
  readonly session?: Session | undefined;
  /** What made the file; default this package and its version. */
  readonly producer?: { readonly name?: string; readonly version?: string } | undefined;
  readonly domain?: string | undefined;
  readonly modelVersion?: number | undefined;
  readonly graphName?: string | undefined;
  /** What the model is, in words. */
  readonly description?: string | undefined;
  /** What the inputs and outputs are, by name. */
  readonly docs?: Readonly<Record<string, string>> | undefined;
  /** Further pairs of key and value for the file. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** Constants of at least so many bytes go to a file beside the model, named after it. */
  readonly externalData?: number | undefined;
  /**
   * Leaves out what nodes wait for by control dependencies, which ONNX does not have. By default
   * waiting for something with an effect, such as a write, a check or a print, is an error.
   */
  readonly ignoreControlDependencies?: boolean | undefined;
}

export interface SaveOptions extends SaveSyncOptions {
  readonly signal?: AbortSignal | undefined;
}

export const kOldestOpset = 13;
export const kNewestOpset = 27;
/** Widely read, and the first whose reductions, pads and scatters have all their forms. */
export const kUsualOpset = 18;

const keys = [
  'opset',
  'inputs',
  'shapes',
  'session',
  'producer',
  'domain',
  'modelVersion',
  'graphName',
  'description',
  'docs',
  'properties',
  'externalData',
  'ignoreControlDependencies',
  'signal',
];

/** Throws for options that are no such. */
export function checkSaveOptions(options: SaveOptions): void {
  checkKeys('onnx.save', options, keys);
  const { opset, modelVersion, externalData, producer = {} } = options;
  const range = `an integer from ${kOldestOpset} to ${kNewestOpset}`;
  if (opset !== undefined && !isWithin(opset, kOldestOpset, kNewestOpset)) {
    throw invalidArgument('opset', range, opset, 'ERR_OUT_OF_RANGE');
  }
  for (const [name, value] of Object.entries({ modelVersion, externalData })) {
    if (value === undefined || isWithin(value, 0, Number.MAX_SAFE_INTEGER)) continue;
    throw invalidArgument(name, 'an integer that is not negative', value);
  }
  const { ignoreControlDependencies: ignored } = options;
  if (ignored !== undefined && typeof ignored !== 'boolean') {
    throw invalidArgument('ignoreControlDependencies', 'a boolean', ignored);
  }
  checkKeys('producer', producer, ['name', 'version']);
  const { domain, graphName, description } = options;
  for (const [name, text] of Object.entries({ domain, graphName, description, ...producer })) {
    if (text !== undefined && typeof text !== 'string') {
      throw invalidArgument(name, 'a string', text);
    }
  }
  checkTexts('docs', options.docs);
  checkTexts('properties', options.properties);
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function checkTexts(name: string, texts: unknown): void {
  if (texts === undefined) return;
  if (!isPlainObject(texts)) throw invalidArgument(name, 'an object of strings', texts);
  for (const [key, text] of Object.entries(texts)) {
    if (typeof text !== 'string') throw invalidArgument(`${name}.${key}`, 'a string', text);
  }
}

/** The version of the file format that came with an opset. */
export function irVersionOf(opset: number): number {
  if (opset < 15) return 7;
  if (opset < 19) return 8;
  if (opset < 21) return 9;
  if (opset < 23) return 10;
  return opset < 25 ? opset - 12 : 13;
}
