import { arrays } from './array.js';
import { modelOf, outputCount, type VersionCase } from './case.js';
import { control } from './control.js';
import { elementwise } from './elementwise.js';
import { indexing } from './indexing.js';
import { late } from './late.js';
import { ml } from './ml.js';
import { newest } from './newest.js';
import { nn } from './nn.js';
import { reductionsAndSofts } from './reduce.js';
import { rest } from './rest.js';
import { scores } from './scores.js';
import { types } from './types.js';

export const versionCases: readonly VersionCase[] = [
  ...elementwise,
  ...reductionsAndSofts,
  ...arrays,
  ...indexing,
  ...nn,
  ...control,
  ...late,
  ...ml,
  ...newest,
  ...rest,
  ...scores,
  ...types,
];

/** The model files of all cases, each in all of its versions. */
export function versionModels(): Buffer[] {
  return versionCases.flatMap((one) =>
    one.versions.map((version) => modelOf(one, version, outputCount(one))),
  );
}
