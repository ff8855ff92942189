import type { ExportNode } from './exportNode.js';
import type { Value } from './value.js';

/** Adds the ONNX nodes that do what an op does; gives its outputs. */
export type Exporting = (n: ExportNode) => Value | readonly (Value | undefined)[];

/** Why an op is not exported. */
export interface NoForm {
  readonly why: string;
}

export type ExportEntry = Exporting | NoForm;

/** Entries by op. */
export type ExportFamily = Readonly<Record<string, ExportEntry>>;

export function isNoForm(entry: ExportEntry): entry is NoForm {
  return typeof entry !== 'function';
}

/** The entry of an op that has no ONNX form. */
export function none(why: string): NoForm {
  return { why };
}
