// One page per op family.
import { defaultOf } from './defaults.mjs';
import { dtypeName, genericList, parametersOf, resultType, signatureOf } from './signature.mjs';

const argLine = (op) => (arg) => {
  const given = defaultOf(op, arg);
  const note = given === undefined ? '' : `, ${given} when it is left out`;
  const type = arg.dtype ? dtypeName(arg.dtype) : arg.typeAttr || arg.typesAttr;
  const list = arg.numberAttr ? `${arg.numberAttr} tensors of ` : '';
  return `- \`${arg.name}\`${arg.optional ? ' (optional)' : ''}: ${list}\`${type}\`${note}`;
};

function attrLine(attr) {
  const allowed =
    attr.kind === 'type' ? attr.dtypes.map(dtypeName).join(', ') : attr.choices.join(', ');
  const parts = [`- \`${attr.name}\`: ${attr.kind}`];
  if (allowed) parts.push(` (${allowed})`);
  if (attr.defaultValue !== undefined)
    parts.push(`, default \`${JSON.stringify(attr.defaultValue)}\``);
  else if (attr.optional) parts.push(', optional');
  return parts.join('');
}

function section(op) {
  const lines = [`## ${op.name}`, '', op.doc, ''];
  if (op.api) {
    const s = signatureOf(op);
    const parameters = parametersOf(s).map((p) =>
      typeof p === 'string' ? p : `options?: ${p.options}`,
    );
    lines.push(
      '```ts',
      `${op.api}${genericList(s.generics)}(${parameters.join(', ')}): ${resultType(s)}`,
      '```',
      '',
    );
  }
  const block = (title, list, line) => {
    if (list.length > 0) lines.push(`${title}:`, '', ...list.map(line), '');
  };
  block('Inputs', op.inputs, argLine(op));
  block('Outputs', op.outputs, argLine(op));
  block(
    'Attributes',
    op.attrs.filter((attr) => !attr.hidden),
    attrLine,
  );
  lines.push(op.noGradient ? `No gradient: ${op.noGradient}.` : 'Has a gradient.', '');
  return lines.join('\n');
}

export function familyPage(family, ops) {
  return `# Ops: ${family}\n\n${ops.map(section).join('\n')}`;
}

export function indexPage(byFamily) {
  const rows = [...byFamily.keys()].sort().map((family) => {
    const names = byFamily
      .get(family)
      .filter((op) => op.api)
      .map((op) => `\`${op.api}\``);
    return `- [${family}](${family}.md): ${names.join(', ') || 'used by other functions only'}`;
  });
  return `# Ops\n\nGenerated from the op registry.\n\n${rows.join('\n')}\n`;
}
