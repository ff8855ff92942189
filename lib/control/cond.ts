import { checkOptions } from '../attrs.js';
import { EngineError } from '../errors.js';
import type { OpOptions } from '../node.js';
import { type Operand, toTensor } from '../op.js';
import { formatShape } from '../shape.js';
import { checkSameForm, inForm, type Structure } from '../structure.js';
import { type Built, Subgraph } from '../subgraph.js';
import type { Tensor } from '../tensor.js';
import { addWithSubgraphs } from './addWithSubgraphs.js';

/**
 * The result of `ifTrue` when the predicate holds, else that of `ifFalse`: a tensor, or arrays and
 * objects of tensors. Only the ops that the functions add, and only those of the branch taken, run,
 * and of these only what the fetched results need; tensors of the graph around may be used in
 * them. Both give tensors of the same dtypes in the same structure.
 */
export function cond<R extends Structure>(
  predicate: Operand<'bool'>,
  ifTrue: () => R,
  ifFalse: () => NoInfer<R>,
  options?: OpOptions,
): R;
export function cond(
  predicate: Operand<'bool'>,
  ifTrue: () => Structure,
  ifFalse: () => Structure,
  options: OpOptions = {},
): Structure {
  if (typeof predicate === 'boolean') {
    throw wrong('pred must not be a JavaScript boolean: use an if statement for it.');
  }
  checkOptions('cond', options, []);
  for (const [name, fn] of Object.entries({ ifTrue, ifFalse })) {
    if (typeof fn !== 'function') throw wrong(`${name} must be callable.`);
  }
  const name = options.name ?? 'cond';
  const condition = toTensor(predicate, 'bool', 'predicate', options.graph);
  checkPredicate(condition);
  const inputs: Tensor[] = [];
  const branch = (part: string) =>
    new Subgraph(condition.graph, inputs, 0, 'a branch of a cond', name, part);
  const [yes, no] = [branch(''), branch('else')];
  const [first, second] = [yes.buildStructure(ifTrue), no.buildStructure(ifFalse)];
  checkSame(first, second);
  yes.finish(first.tensors);
  no.finish(second.tensors);
  const attrs = {
    Tin: inputs.map(({ dtype }) => dtype),
    Tout: dtypesOf(first),
    then_branch: yes.graph.handle,
    else_branch: no.graph.handle,
  };
  const type = yes.stateful || no.stateful ? 'If' : 'StatelessIf';
  const op = addWithSubgraphs(condition.graph, type, [condition, ...inputs], attrs, [yes, no], {
    ...options,
    name,
  });
  return inForm(first.form, op.outputs);
}

function checkPredicate({ dtype, shape, name }: Tensor): void {
  if (dtype === 'bool' && (shape === null || shape.length === 0)) return;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `pred must be a scalar of dtype bool: '${name}' is ${dtype} ${formatShape(shape)}`,
  );
}

function checkSame(first: Built, second: Built): void {
  if (first.tensors.length === 0 && second.tensors.length === 0) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      'ifTrue and ifFalse must return at least one result.',
    );
  }
  checkSameForm('Outputs of ifTrue and ifFalse', first.form, second.form);
  const [a, b] = [dtypesOf(first).join(', '), dtypesOf(second).join(', ')];
  if (a === b) return;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Outputs of ifTrue and ifFalse must have the same type: [${a}] and [${b}]`,
  );
}

function dtypesOf({ tensors }: Built) {
  return tensors.map(({ dtype }) => dtype);
}

function wrong(text: string): TypeError {
  return Object.assign(new TypeError(text), { code: 'ERR_INVALID_ARG_TYPE' });
}
