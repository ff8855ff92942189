// The methods of Tensor and Variable: every wrapper whose first input is one tensor.
import { genericList, parametersOf, resultType, signatureOf } from './signature.mjs';
import { imports } from './wrappers.mjs';

/** Members that Tensor or Variable has by itself. */
const taken = new Set([
  'op',
  'index',
  'dtype',
  'graph',
  'name',
  'shape',
  'rank',
  'setShape',
  'eval',
  'evalSync',
  'toString',
  'toJSON',
  'constructor',
  'value',
  'handle',
  'read',
  'reads',
  'load',
  'assign',
  'trainable',
  'initializer',
]);

function method(s) {
  const [first] = s.inputs;
  const own = first.generic ? /Operand<(\w+)>/.exec(first.type)[1] : undefined;
  // A generic of the op that is called D gives way to that of Tensor.
  const clash = own !== 'D' && s.generics.some((g) => g.name === 'D');
  const rename = (text) => {
    const free = clash ? text.replace(/\bD\b/g, 'R') : text;
    return own === undefined ? free : free.replace(new RegExp(`\\b${own}\\b`, 'g'), 'D');
  };
  const generics = rename(genericList(s.generics.filter((g) => g.name !== own)));
  const parameters = parametersOf(s, 1).map((p) =>
    rename(typeof p === 'string' ? p : `options?: ${p.options}`),
  );
  const docs = `  /** ${s.op.doc.replace(/\*\//g, '* /').split(/\s+/).join(' ')} */\n`;
  return `${docs}  ${s.api}${generics}(${parameters.join(', ')}): ${rename(resultType(s))};\n`;
}

export function methodsFile(ops) {
  const signatures = ops
    .map(signatureOf)
    .filter(
      (s) => s.inputs.length > 0 && !s.inputs[0].list && !s.inputs[0].optional && !taken.has(s.api),
    )
    // A shape is no subject: randomNormal(shape), not shape.randomNormal().
    .filter((s) => s.inputs[0].key !== 'shape');
  const members = signatures.map((s) => [s, method(s)]).filter(([, text]) => text !== '');
  const text = members.map(([, member]) => member).join('');
  const families = [...new Set(members.map(([s]) => s.op.family))].sort();
  const names = (family) => members.filter(([s]) => s.op.family === family).map(([s]) => s.api);
  const optionTypes = (family) =>
    members
      .filter(([s]) => s.op.family === family && s.options.length > 0)
      .map(([s]) => `type ${s.optionsType}`);
  const wrapperImports = families
    .map((f) => `import { ${[...names(f), ...optionTypes(f)].join(', ')} } from './${f}.js';\n`)
    .join('');
  return `${imports(text, {
    '../dtype.js': ['type DType', 'type FloatDType', 'type IntegerDType'],
    '../ndArray.js': ['type NDArray'],
    '../node.js': ['type OpOptions'],
    '../op.js': ['type Operand'],
    '../operation.js': ['type Operation'],
    '../shape.js': ['type StaticShape'],
  })}${text.includes('DType') ? '' : "import type { DType } from '../dtype.js';\n"}import { Tensor } from '../tensor.js';
import { Variable } from '../variable.js';
${wrapperImports}
/** The ops whose first input is one tensor, as methods of it. */
export interface TensorMethods<D extends DType = DType> {
${text}}

declare module '../tensor.js' {
  interface Tensor<D extends DType = DType> extends TensorMethods<D> {}
}

declare module '../variable.js' {
  interface Variable<D extends DType = DType> extends TensorMethods<D> {}
}

const wrappers = { ${members.map(([s]) => s.api).join(', ')} };

// Each wrapper is a method, with the tensor or variable as the first argument.
for (const [name, wrapper] of Object.entries(wrappers)) {
  const method = {
    configurable: true,
    writable: true,
    value(this: Tensor | Variable, ...args: unknown[]): unknown {
      return Reflect.apply(wrapper, undefined, [this, ...args]);
    },
  };
  Object.defineProperty(Tensor.prototype, name, method);
  Object.defineProperty(Variable.prototype, name, method);
}
`;
}
