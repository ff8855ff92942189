import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';

import { checkPath, type FilePath, fileError } from '../../io/files.js';

/** The paths of the files in a folder, sorted. */
export async function pathsIn(
  folder: string,
  extensions: readonly string[] | undefined,
  recursive: boolean,
): Promise<string[]> {
  const wanted = extensions?.map((text) => (text.startsWith('.') ? text : `.${text}`));
  const entries = await readdir(folder, { withFileTypes: true, recursive }).catch((error) => {
    throw fileError(error, 'read', folder);
  });
  const files = entries.filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return paths.filter((path) => !wanted || wanted.includes(extname(path))).sort();
}

/** The lines of text files, one file after the other; "\n" and "\r\n" end a line. */
export async function* linesOf(
  paths: readonly FilePath[],
): AsyncGenerator<string, void, undefined> {
  for (const path of paths) yield* linesOfFile(checkPath(path));
}

async function* linesOfFile(file: string): AsyncGenerator<string, void, undefined> {
  const input: AsyncIterable<string> = createReadStream(file, 'utf8');
  let rest = '';
  try {
    for await (const chunk of input) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
    }
  } catch (error) {
    throw fileError(error, 'read', file);
  }
  if (rest !== '') yield rest;
}
