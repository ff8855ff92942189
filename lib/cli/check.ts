import { type CheckReport, check } from '../onnx/index.js';
import { type Command, modelArguments, type Output } from './command.js';

const help = `Usage: tensorwright check MODEL [--shape NAME=2,3,? ...] [--json]

Reports every operator, dtype and attribute of a model that is not supported, with the nodes that
need it, without running the model. MODEL is an ONNX file.

  --shape NAME=2,3,?  the shape of an input, where the file leaves it open
  --json              writes JSON; so does output that does not go to a terminal
  --help              shows this text

Exit code: 0 when the model can be loaded, 1 when not or when the file is damaged, 2 for wrong
arguments.
`;

export const checkCommand: Command = {
  help,
  async run(args, { out }, signal) {
    const { path, asJson, shapes } = modelArguments('check', args, out);
    const report = await check(path, { signal, shapes });
    if (asJson) out.write(`${JSON.stringify(report, null, 2)}\n`);
    else print(report, out);
    return report.ok ? 0 : 1;
  },
};

function print({ file, ok, problems }: CheckReport, out: Output): void {
  if (ok) {
    out.write(`${file}: all is supported\n`);
    return;
  }
  out.write(`${file}: ${problems.length} not supported\n`);
  for (const { op, node, why, within = [] } of problems) {
    const place = within.length > 0 ? ` (in ${within.join(', ')})` : '';
    out.write(`  ${op} '${node}'${place}: ${why}\n`);
  }
}
