import { textOf } from './attrs.js';
import type { Attrs, Beside, Rule } from './beside.js';
import { invalid } from './checkDef.js';
import type { AttrValue } from './types.js';

/** What TensorFlow's optimizer and converters join to one op, as the ops that these were. */
export const fusedRules: Readonly<Record<string, Rule>> = Object.fromEntries(
  [
    ['MatMul', 'transpose_a', 'transpose_b'],
    ['Conv2D', 'strides', 'padding', 'explicit_paddings', 'data_format', 'dilations'],
    ['DepthwiseConv2dNative', 'strides', 'padding', 'data_format', 'dilations'],
  ].flatMap(([op = '', ...attrs]) => {
    const rule: Rule = (use) => unfused(use, op, attrs);
    return [`_Fused${op}`, `Fused${op}`].map((name) => [name, rule] as const);
  }),
);

function unfused(use: Beside, op: string, names: readonly string[]) {
  const T = use.attr('T');
  const given = names.flatMap((name) => {
    const value = use.node.attr?.[name];
    return value ? [[name, value] as const] : [];
  });
  const [x = '', y = '', ...args] = use.inputs;
  const steps: Step[] = [{ op, input: [x, y], attr: { T, ...Object.fromEntries(given) } }];
  for (const each of use.attr('fused_ops').list?.s ?? []) {
    steps.push(stepOf(use, textOf(each), args));
  }
  const last = steps.pop()!;
  let before: string[] = [];
  for (const [i, step] of steps.entries()) {
    before = [use.add(step.op, `step_${i}`, [...before, ...step.input], step.attr)];
  }
  return use.as(last.op, [...before, ...last.input], last.attr);
}

interface Step {
  readonly op: string;
  /** But for what the step before gives. */
  readonly input: readonly string[];
  readonly attr: Attrs;
}

/** A step after the first, which takes its further inputs off `args`. */
function stepOf(use: Beside, name: string, args: string[]): Step {
  const T = use.attr('T');
  const data_format = use.attr('data_format');
  if (name === 'BiasAdd') {
    const [bias = ''] = args.splice(0, 1);
    return { op: name, input: [bias], attr: data_format.s ? { T, data_format } : { T } };
  }
  if (name === 'FusedBatchNorm') {
    const attr = { T, U: T, data_format, epsilon: use.attr('epsilon'), is_training: { b: false } };
    return { op: 'FusedBatchNormV3', input: args.splice(0, 4), attr };
  }
  if (name === 'Add') return { op: 'AddV2', input: args.splice(0, 1), attr: { T } };
  const alpha: AttrValue = use.attr('leakyrelu_alpha');
  if (name === 'LeakyRelu') return { op: name, input: [], attr: { T, alpha } };
  if (/^(Relu|Relu6|Elu|Tanh|Sigmoid)$/.test(name)) return { op: name, input: [], attr: { T } };
  const text = `Node '${use.node.name}': ${use.node.op} with ${name} is not supported`;
  throw invalid(text, use.node.name);
}
