import { extname, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { writeBytes } from '../io/files.js';
import { type Command, UsageError } from './command.js';
import { chartOf } from './plot/chart.js';
import { htmlOf } from './plot/html.js';
import { pngOf } from './plot/raster.js';
import { readRuns, type Series } from './plot/runs.js';

const help = `Usage: tensorwright plot RUN... [options]

Draws the numbers in event files, those of train.EventWriter or of TensorFlow, as curves: one chart
for each tag, one curve for each run. RUN is an event file, or a folder in which, or below which,
event files lie.

  --out FILE       FILE.html (default plot.html) or FILE.png
  --tag TAG        draws only this tag; may be given several times
  --smooth WEIGHT  from 0 to 0.999: smooths curves, with the curve itself behind
  --log            makes the vertical axis logarithmic
  --help           shows this text

Exit code: 0, 1 when there is nothing to draw, 2 for wrong arguments.
`;

export const plotCommand: Command = {
  help,
  async run(args, { out, err }, signal) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string', default: 'plot.html' },
        tag: { type: 'string', multiple: true },
        smooth: { type: 'string', default: '0' },
        log: { type: 'boolean', default: false },
      },
    });
    if (positionals.length === 0) throw new UsageError('plot takes at least one run');
    const isPng = isPngFile(values.out);
    const options = { smooth: weightOf(values.smooth), log: values.log };
    const tags = chosen(await readRuns(positionals, signal), values.tag);
    if (tags.size === 0) {
      err.write(`tensorwright: there are no scalars in ${positionals.join(', ')}\n`);
      return 1;
    }
    const charts = [...tags].map(([tag, series]) => chartOf(tag, series, options));
    const title = positionals.map((path) => resolve(path)).join(', ');
    const bytes = isPng ? await pngOf(charts) : Buffer.from(htmlOf(title, charts));
    await writeBytes(values.out, [bytes]);
    out.write(`${values.out}: ${[...tags.keys()].join(', ')}\n`);
    return 0;
  },
};

function isPngFile(path: string): boolean {
  const kind = extname(path);
  if (kind === '.png' || kind === '.html' || kind === '.htm') return kind === '.png';
  throw new UsageError(`--out must be a .html or a .png file, not '${path}'`);
}

function weightOf(text: string): number {
  const weight = Number(text);
  if (text !== '' && weight >= 0 && weight < 1) return weight;
  throw new UsageError(`--smooth must be a number from 0 to 0.999, not '${text}'`);
}

function chosen(
  all: ReadonlyMap<string, readonly Series[]>,
  wanted: readonly string[] | undefined,
): ReadonlyMap<string, readonly Series[]> {
  if (!wanted) return all;
  const missing = wanted.filter((tag) => !all.has(tag));
  if (missing.length === 0) return new Map([...all].filter(([tag]) => wanted.includes(tag)));
  const known = [...all.keys()].join(', ') || 'none';
  throw new UsageError(`there is no tag '${missing.join("', '")}' (there are: ${known})`);
}
