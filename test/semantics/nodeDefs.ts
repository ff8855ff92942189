// Nodes of GraphDefs, as TensorFlow 1 writes them.
import type { NodeDef } from '../../lib/index.js';

export const float = { type: 'DT_FLOAT' };
export const bool = { type: 'DT_BOOL' };

export const node = (
  name: string,
  op: string,
  input: string[] = [],
  attr: NodeDef['attr'] = { T: float },
): NodeDef => ({ name, op, input, attr });

/** A float32 constant that waits for others. */
export const number = (name: string, value: number, ...controls: string[]): NodeDef =>
  node(name, 'Const', controls, {
    dtype: float,
    value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {}, floatVal: [value] } },
  });

/** An int32 constant that waits for others. */
export const count = (name: string, value: number, ...controls: string[]): NodeDef =>
  node(name, 'Const', controls, {
    dtype: { type: 'DT_INT32' },
    value: { tensor: { dtype: 'DT_INT32', tensorShape: {}, intVal: [value] } },
  });
