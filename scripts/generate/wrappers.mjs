// One TypeScript file of wrappers per op family.
import { genericList, parametersOf, resultType, signatureOf } from './signature.mjs';

function docComment(text, indent = '') {
  const words = text.replace(/\*\//g, '* /').split(/\s+/);
  const lines = [''];
  for (const word of words) {
    const line = lines.at(-1);
    if (line && `${indent} * ${line} ${word}`.length > 96) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  if (lines.length === 1) return `${indent}/** ${lines[0]} */`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`).join('\n')}\n${indent} */`;
}

function optionsInterface(s) {
  if (s.options.length === 0) return '';
  const generic = genericList(s.optionGenerics);
  const fields = s.options.map((attr) => {
    const given = attr.defaultValue;
    const note = given === undefined ? '' : `  /** Default: ${JSON.stringify(given)}. */\n`;
    return `${note}  readonly ${attr.key}?: ${attr.type} | undefined;`;
  });
  return `export interface ${s.optionsType}${generic} extends OpOptions {\n${fields.join('\n')}\n}\n\n`;
}

function attrsObject(s) {
  const entries = s.attrs.map((a) => {
    const value = a.required ? a.key : `options.${a.key}`;
    return a.name === value ? a.name : `${a.name}: ${value}`;
  });
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}

function body(s) {
  const inputs = s.inputs.map((i) => i.key).join(', ');
  const keys = s.options.map((attr) => `'${attr.key}'`).join(', ');
  const own = keys ? `, [${keys}]` : '';
  const call = `addOp('${s.op.name}', [${inputs}], ${attrsObject(s)}, options${own})`;
  const { outputs } = s;
  if (outputs.length === 0) return `  return ${call};\n`;
  if (outputs.length === 1) {
    return `  return ${outputs[0].list ? `outputList(${call}, 0, 0)` : `output(${call})`};\n`;
  }
  const others = outputs.filter((o) => !o.list).length;
  let after = false;
  const fields = outputs.map((o, i) => {
    if (o.list) after = true;
    if (o.list) return `    ${o.key}: outputList(op, ${i}, ${others}),`;
    return `    ${o.key}: output(op, ${after ? `op.outputs.length - ${outputs.length - i}` : i}),`;
  });
  return `  const op = ${call};\n  return {\n${fields.join('\n')}\n  };\n`;
}

function wrapper(op) {
  const s = signatureOf(op);
  const parameters = parametersOf(s, 0, false).map((p) =>
    typeof p === 'string' ? `  ${p},` : `  options: ${p.options} = {},`,
  );
  return `${optionsInterface(s)}${docComment(op.doc)}
export function ${s.api}${genericList(s.generics)}(
${parameters.join('\n')}
): ${resultType(s)} {
${body(s)}}
`;
}

/** Imports of those names that the text mentions. */
export function imports(text, from) {
  return Object.entries(from)
    .map(([path, names]) => {
      const used = names.filter((name) => new RegExp(`\\b${name.split(' ').at(-1)}\\b`).test(text));
      if (used.length === 0) return '';
      const types = used.every((name) => name.startsWith('type '));
      const list = types ? used.map((name) => name.slice(5)) : used;
      return `import ${types ? 'type ' : ''}{ ${list.join(', ')} } from '${path}';\n`;
    })
    .join('');
}

export function familyFile(ops) {
  const text = ops.map(wrapper).join('\n');
  return `${imports(text, {
    '../binding.js': ['type GraphHandle'],
    '../dtype.js': ['type DType', 'type FloatDType', 'type IntegerDType'],
    '../ndArray.js': ['type NDArray'],
    '../node.js': ['type OpOptions'],
    '../op.js': ['addOp', 'type Operand'],
    '../operation.js': ['type Operation', 'output', 'outputList'],
    '../shape.js': ['type StaticShape'],
    '../tensor.js': ['type Tensor'],
  })}\n${text}`;
}
