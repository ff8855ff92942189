import { info, type ModelInfo, type ValueInfo } from '../onnx/index.js';
import { type Command, modelArguments, type Output } from './command.js';
import { compact } from './progress.js';

const help = `Usage: tensorwright info MODEL [--shape NAME=2,3,? ...] [--json]

Shows what a model takes and gives, its operators and parameters, and everything in it that is not
supported. MODEL is an ONNX file.

  --shape NAME=2,3,?  the shape of an input, where the file leaves it open
  --json              writes JSON; so does output that does not go to a terminal
  --help              shows this text

Exit code: 0 when the model can be run, 1 when not, 2 for wrong arguments.
`;

export const infoCommand: Command = {
  help,
  async run(args, { out }, signal) {
    const { path, asJson, shapes } = modelArguments('info', args, out);
    const model = await info(path, { signal, shapes });
    if (asJson) out.write(`${jsonOf(model)}\n`);
    else print(model, out);
    return model.unsupported.length === 0 ? 0 : 1;
  },
};

function jsonOf(model: ModelInfo): string {
  return JSON.stringify(
    model,
    (_, value) => (typeof value === 'bigint' ? Number(value) : value),
    2,
  );
}

function print(model: ModelInfo, out: Output): void {
  const { metadata } = model;
  const opsets = Object.entries(model.opsets).map(([domain, version]) => `${domain} ${version}`);
  const producer = [metadata.producerName, metadata.producerVersion].filter(Boolean).join(' ');
  out.write(`${model.file}\n`);
  row(out, 'made by', producer);
  row(out, 'description', metadata.description);
  row(out, 'opsets', opsets.join(', '));
  row(out, 'parameters', `${model.parameters} (${compact(model.parameters)})`);
  for (const value of model.inputs) row(out, 'input', describe(value));
  for (const value of model.outputs) row(out, 'output', describe(value));
  const operators = Object.entries(model.operators).map(([name, count]) => `${name} x${count}`);
  row(out, 'operators', operators.join(', '));
  for (const [key, value] of Object.entries(metadata.properties)) row(out, key, value);
  if (model.unsupported.length === 0) {
    row(out, 'supported', 'yes');
    return;
  }
  row(out, 'supported', 'no:');
  for (const { node, op, why } of model.unsupported) out.write(`  ${op} '${node}': ${why}\n`);
}

function row(out: Output, label: string, text: string): void {
  if (text === '') return;
  const [first = '', ...more] = wrap(text, (out.columns ?? 100) - 14);
  out.write(`  ${label.padEnd(12)}${first}\n`);
  for (const line of more) out.write(`${' '.repeat(14)}${line}\n`);
}

/** Lines of at most so many columns, broken at spaces. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function describe({ name, dtype, shape }: ValueInfo): string {
  const dims = shape?.map((dim) => dim ?? '?').join(', ');
  return `${name}: ${dtype ?? 'unknown'}${dims === undefined ? ' of any shape' : ` [${dims}]`}`;
}
