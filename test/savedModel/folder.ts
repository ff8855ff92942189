// A folder for each test of a file, gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Graph, Session } from '../../lib/index.js';

export let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tensorwright-saved-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Where a SavedModel keeps its variables. */
export const bundle = () => join(folder, 'variables', 'variables');

export async function started(graph: Graph): Promise<Session> {
  const session = new Session(graph);
  await session.initialize();
  return session;
}
