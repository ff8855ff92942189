// Checks the documentation: every relative link in a tracked Markdown file leads to a file, and
// every anchor to a heading of it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const anchorsOf = (path) =>
  [...readFileSync(path, 'utf8').matchAll(/^#+\s+(.+)$/gm)].map(([, heading]) => anchorOf(heading));

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
});
let broken = 0;
let links = 0;
for (const file of files.split('\n').filter((name) => name !== '' && existsSync(name))) {
  const text = readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    links++;
    const [path, anchor] = target.split('#');
    const place = path === '' ? file : join(dirname(file), path);
    const found = existsSync(place);
    if (found && (anchor === undefined || statSync(place).isDirectory())) continue;
    if (found && anchorsOf(place).includes(anchor)) continue;
    console.error(`${file}: the link to ${target} leads nowhere`);
    broken++;
  }
}
console.log(`documentation: ${links} links, ${broken} broken`);
process.exitCode = broken > 0 ? 1 : 0;
