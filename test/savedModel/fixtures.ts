// SavedModels as TensorFlow 1 and TensorFlow 2 write them.
import { join } from 'node:path';

import { f32, writeBundle } from './bundle.js';
import { attr, type MetaSpec, type NodeSpec, types, writeModel } from './model.js';
import { bytes, int } from './wire.js';

const float = attr.type(types.float);
const strings = (...texts: readonly string[]) =>
  attr.tensor(types.string, [texts.length], ...texts.map((text) => bytes(8, text)));

export function texts(name: string, ...values: readonly string[]): NodeSpec {
  return {
    name,
    op: 'Const',
    attr: { dtype: attr.type(types.string), value: strings(...values) },
  };
}

export function input(name: string, ...shape: readonly number[]): NodeSpec {
  return { name, op: 'Placeholder', attr: { dtype: float, shape: attr.shape(...shape) } };
}

/** A scalar int32. */
export function axis(name: string, value: number): NodeSpec {
  const dtype = attr.type(types.int32);
  return { name, op: 'Const', attr: { dtype, value: attr.tensor(types.int32, [], int(7, value)) } };
}

export const unary = (name: string, op: string, from: string): NodeSpec => {
  return { name, op, input: [from], attr: { T: float } };
};

export const binary = (name: string, op: string, a: string, b: string): NodeSpec => {
  return { name, op, input: [a, b], attr: { T: float } };
};

function restore(name: string, keys: readonly string[], slices: readonly string[]): NodeSpec[] {
  return [
    texts(`${name}/tensor_names`, ...keys),
    texts(`${name}/shape_and_slices`, ...slices),
    {
      name,
      op: 'RestoreV2',
      input: ['save/Const', `${name}/tensor_names`, `${name}/shape_and_slices`],
      attr: { dtypes: attr.types(...keys.map(() => types.float)) },
    },
  ];
}

const variable = (name: string, ...shape: readonly number[]): NodeSpec => {
  return { name, op: 'VariableV2', attr: { dtype: float, shape: attr.shape(...shape) } };
};

const assign = (name: string, to: string, from: string): NodeSpec => {
  return { name, op: 'Assign', input: [to, from], attr: { T: float } };
};

/** x @ w + b with variables by reference, a counter that is not trained, and a saver. */
export const version1: MetaSpec = {
  nodes: [
    input('x', -1, 2),
    variable('w', 2, 2),
    unary('w/read', 'Identity', 'w'),
    assign('w/Assign', 'w', 'w/read'),
    variable('b', 2),
    unary('b/read', 'Identity', 'b'),
    binary('xw', 'MatMul', 'x', 'w/read'),
    binary('y', 'Add', 'xw', 'b/read'),
    variable('count'),
    {
      name: 'one',
      op: 'Const',
      attr: { dtype: float, value: attr.tensor(1, [], bytes(4, one())) },
    },
    { name: 'next', op: 'AssignAdd', input: ['count', 'one'], attr: { T: float } },
    texts('save/Const', 'model'),
    ...restore('save/RestoreV2', ['b', 'count', 'w'], ['', '', '']),
    assign('save/Assign', 'b', 'save/RestoreV2'),
    assign('save/Assign_1', 'count', 'save/RestoreV2:1'),
    assign('save/Assign_2', 'w', 'save/RestoreV2:2'),
    { name: 'save/restore_all', op: 'NoOp', input: ['^save/Assign', '^save/Assign_1'] },
    { name: 'queue', op: 'FIFOQueueV2' },
  ],
  signatures: { serving_default: { inputs: { x: 'x:0' }, outputs: { y: 'y:0' } } },
  trainable: ['w', 'b'],
};

function one(): Uint8Array {
  return Buffer.from(Float32Array.of(1).buffer);
}

export const values1 = {
  w: f32([2, 2], [1, 2, 3, 4]),
  b: f32([2], [10, 20]),
  count: f32([], [7]),
};

export function writeVersion1(folder: string, ...more: readonly MetaSpec[]): void {
  writeModel(folder, version1, ...more);
  writeBundle(join(folder, 'variables', 'variables'), values1);
}

const handle = (name: string, ...shape: readonly number[]): NodeSpec => {
  const shared = attr.text(name);
  return {
    name,
    op: 'VarHandleOp',
    attr: { dtype: float, shape: attr.shape(...shape), shared_name: shared },
  };
};

const reading = (name: string, from: string): NodeSpec => {
  return { name, op: 'ReadVariableOp', input: [from], attr: { dtype: float } };
};

const call = (name: string, fn: string, ...refs: readonly string[]): NodeSpec => {
  return {
    name,
    op: 'StatefulPartitionedCall',
    input: refs,
    attr: { f: attr.func(fn), config_proto: attr.text('') },
  };
};

/** A layer relu(x @ kernel + bias) in functions that call each other, and a restoring function. */
export const version2: MetaSpec = {
  nodes: [
    handle('kernel', 2, 3),
    handle('bias', 3),
    input('serving_default_x', -1, 2),
    texts('saver_filename', 'model'),
    call('StatefulPartitionedCall', 'wrapper', 'serving_default_x', 'kernel', 'bias'),
    call('StatefulPartitionedCall_1', 'restore', 'saver_filename', 'kernel', 'bias'),
    call('pair', 'pair', 'serving_default_x'),
  ],
  functions: [
    {
      name: 'wrapper',
      inputs: { x: types.float, unknown: types.resource, unknown_0: types.resource },
      outputs: { identity: types.float },
      nodes: [
        call('StatefulPartitionedCall', 'layer', 'x', 'unknown', 'unknown_0'),
        {
          ...unary('Identity', 'Identity', 'StatefulPartitionedCall:output:0'),
          input: ['StatefulPartitionedCall:output:0', '^NoOp'],
        },
        { name: 'NoOp', op: 'NoOp', input: ['^StatefulPartitionedCall'] },
      ],
      ret: { identity: 'Identity:output:0' },
      controlRet: { call: 'StatefulPartitionedCall' },
    },
    {
      name: 'layer',
      inputs: { inputs: types.float, kernel: types.resource, bias: types.resource },
      outputs: { identity: types.float },
      nodes: [
        reading('MatMul/ReadVariableOp', 'kernel'),
        binary('MatMul', 'MatMul', 'inputs', 'MatMul/ReadVariableOp:value:0'),
        reading('BiasAdd/ReadVariableOp', 'bias'),
        binary('BiasAdd', 'BiasAdd', 'MatMul:product:0', 'BiasAdd/ReadVariableOp:value:0'),
        unary('Relu', 'Relu', 'BiasAdd:output:0'),
        {
          ...unary('Identity', 'Identity', 'Relu:activations:0'),
          input: ['Relu:activations:0', '^MatMul/ReadVariableOp', '^BiasAdd/ReadVariableOp'],
        },
      ],
      ret: { identity: 'Identity:output:0' },
      controlRet: { a: 'MatMul/ReadVariableOp', b: 'BiasAdd/ReadVariableOp' },
    },
    {
      name: 'pair',
      inputs: { x: types.float },
      outputs: { same: types.float, negative: types.float },
      nodes: [unary('Neg', 'Neg', 'x')],
      ret: { same: 'x', negative: 'Neg:y:0' },
    },
    {
      name: 'restore',
      inputs: { prefix: types.string, kernel: types.resource, bias: types.resource },
      outputs: { identity: types.string },
      nodes: [
        ...restore('RestoreV2', ['layer/0/VALUE', 'layer/1/VALUE'], ['', '']).map((node) =>
          node.op === 'RestoreV2'
            ? {
                ...node,
                input: [
                  'prefix',
                  'RestoreV2/tensor_names:output:0',
                  'RestoreV2/shape_and_slices:output:0',
                ],
              }
            : node,
        ),
        unary('Identity_0', 'Identity', 'RestoreV2:tensors:0'),
        unary('Identity_1', 'Identity', 'RestoreV2:tensors:1'),
        { name: 'A', op: 'AssignVariableOp', input: ['kernel', 'Identity_0:output:0'] },
        { name: 'B', op: 'AssignVariableOp', input: ['bias', 'Identity_1:output:0'] },
      ],
      ret: { identity: 'prefix' },
      controlRet: { A: 'A', B: 'B' },
    },
  ],
  signatures: {
    serving_default: {
      inputs: { x: 'serving_default_x:0' },
      outputs: { output: 'StatefulPartitionedCall:0' },
    },
    pair: {
      inputs: { x: 'serving_default_x:0' },
      outputs: { negative: 'pair:1', same: 'pair:0' },
    },
    __saved_model_init_op: { outputs: { __saved_model_init_op: 'NoOp' } },
  },
  objects: { kernel: true, bias: false },
};

export function writeVersion2(folder: string): void {
  writeModel(folder, version2);
  writeBundle(join(folder, 'variables', 'variables'), {
    'layer/0/VALUE': f32([2, 3], [1, 0, -1, 0, 1, -1]),
    'layer/1/VALUE': f32([3], [0.5, 0.5, 0.5]),
  });
}

export { attr, call, float, handle, reading, restore, types };
