// TensorFlow 1's loops.
import type { NodeDef } from '../../lib/index.js';
import { float, node } from './nodeDefs.js';

export const int32 = { type: 'DT_INT32' };
export const input = (name: string, type = float) =>
  node(name, 'Placeholder', [], { dtype: type, shape: { shape: {} } });
export interface Variable {
  readonly name: string;
  readonly first: string;
  readonly next: string;
  readonly type?: typeof float;
}

/** The plumbing of a loop, as TensorFlow writes it: constants by Enter, values by Merge and Switch. */
export function frame(
  loop: string,
  condition: string,
  variables: readonly Variable[],
  constants: Readonly<Record<string, string>> = {},
  types: Readonly<Record<string, { type: string }>> = {},
): NodeDef[] {
  const frame_name = { s: Buffer.from(`${loop}/context`).toString('base64') };
  const enter = (name: string, from: string, T: { type: string }, isConstant: boolean) =>
    node(name, 'Enter', [from], { T, frame_name, is_constant: { b: isConstant } });
  return [
    ...variables.flatMap(({ name, first, next, type: T = float }) => [
      enter(`${loop}/${name}/Enter`, first, T, false),
      node(
        `${loop}/${name}/Merge`,
        'Merge',
        [`${loop}/${name}/Enter`, `${loop}/${name}/NextIteration`],
        { T, N: { i: 2 } },
      ),
      node(`${loop}/${name}/Switch`, 'Switch', [`${loop}/${name}/Merge`, `${loop}/LoopCond`], {
        T,
      }),
      node(`${loop}/${name}/Identity`, 'Identity', [`${loop}/${name}/Switch:1`], { T }),
      node(`${loop}/${name}/NextIteration`, 'NextIteration', [next], { T }),
      node(`${loop}/${name}/Exit`, 'Exit', [`${loop}/${name}/Switch`], { T }),
    ]),
    ...Object.entries(constants).map(([name, from]) =>
      enter(`${loop}/${name}/Enter`, from, types[name] ?? float, true),
    ),
    node(`${loop}/LoopCond`, 'LoopCond', [condition], {}),
  ];
}
