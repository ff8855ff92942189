import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of sample files beside the checkout, or the one that TENSORWRIGHT_SHARED names. */
const root = process.env.TENSORWRIGHT_SHARED ?? join(__dirname, '..', '..', '..', 'shared');

/** A folder of sample files; undefined, and tests say so, where it is missing. */
export function sharedFolder(...path: string[]): string | undefined {
  const folder = join(root, ...path);
  return existsSync(folder) ? folder : undefined;
}
