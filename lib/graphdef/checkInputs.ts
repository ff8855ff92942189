import type { ArgDescription, OpDescription } from '../binding.js';
import { type DType, dtypeFromCode, isDType } from '../dtype.js';
import type { Tensor } from '../tensor.js';
import { countOf } from './arguments.js';
import { invalid } from './checkDef.js';
import type { NodeDef } from './types.js';

/** Throws when the number or the dtypes of the inputs are not those that the attrs ask for. */
export function checkInputs(
  node: NodeDef,
  op: OpDescription,
  attrs: Readonly<Record<string, unknown>>,
  values: readonly Tensor[],
  prefix: string,
): void {
  const attr = (name: string) => attrs[name] ?? op.attrs.find((a) => a.name === name)?.defaultValue;
  const expected = op.inputs.flatMap((arg) => {
    const types = dtypesOf(arg, attr);
    return types.map((dtype) => ({ dtype, optional: arg.optional }));
  });
  const least = expected.filter(({ optional }) => !optional).length;
  if (values.length < least || values.length > expected.length) {
    const list = expected.map(({ dtype }) => dtype ?? 'any').join(', ');
    throw invalid(
      `Node '${node.name}': NodeDef expected inputs '${list}' do not match ${values.length} ` +
        'inputs specified',
      node.name,
    );
  }
  for (const [i, { dtype, name }] of values.entries()) {
    const wanted = expected[i]!.dtype;
    if (wanted === undefined || wanted === dtype) continue;
    throw invalid(
      `Input ${i} of node ${prefix}${node.name} was passed ${dtype} from ${name} incompatible with ` +
        `expected ${wanted}.`,
      node.name,
    );
  }
}

function dtypesOf(
  arg: ArgDescription,
  attr: (name: string) => unknown,
): readonly (DType | undefined)[] {
  if (arg.typesAttr) {
    const types = attr(arg.typesAttr);
    return Array.isArray(types) ? types.filter(isDType) : [];
  }
  const given = attr(arg.typeAttr);
  const dtype = arg.dtype ? dtypeFromCode(arg.dtype) : isDType(given) ? given : undefined;
  return Array.from({ length: countOf(arg, attr) }, () => dtype);
}
