import type { ModelProto, NodeProto, TensorProto } from './proto.js';

/** [k, n, taps, outputs first]: how a weight in a file is to be packed while it is read. */
export type StoredMatrix = readonly [k: number, n: number, taps: number, outputsFirst: 0 | 1];

const kFloat = 1;

/** Columns are filled up to whole vectors: of fewer ones the packed form may be much larger. */
const kFewestColumns = 64;

/** What is packed at once is at least a row, or four outputs. */
const kLongestRow = 1 << 20;

/**
 * Of the weights that one product or convolution reads and nobody else, the matrix as which that
 * op reads them, so that they need to exist in no other form.
 */
export function storedMatrices(model: ModelProto): ReadonlyMap<TensorProto, StoredMatrix> {
  const found = new Map<TensorProto, StoredMatrix>();
  const { graph } = model;
  if (!graph || model.functions.length > 0) return found;
  const weights = new Map<string, TensorProto>();
  for (const tensor of graph.initializers) if (tensor.stored) weights.set(tensor.name, tensor);
  const normalized = new Set<string>();
  const uses = new Map<string, NodeProto[]>();
  for (const node of graph.nodes) {
    // A subgraph may read any value.
    for (const { g, graphs } of node.attributes.values()) if (g || graphs.length > 0) return found;
    if (node.opType === 'BatchNormalization') normalized.add(node.inputs[0] ?? '');
    for (const name of node.inputs) {
      if (!weights.has(name)) continue;
      const list = uses.get(name);
      if (list) list.push(node);
      else uses.set(name, [node]);
    }
  }
  for (const { name } of graph.outputs) weights.delete(name);
  for (const [name, tensor] of weights) {
    const [node, ...others] = uses.get(name) ?? [];
    if (!node || others.length > 0 || node.inputs[1] !== name) continue;
    // Its factors go into the weights of the convolution before it.
    if (normalized.has(node.outputs[0] ?? '')) continue;
    const matrix = matrixOf(node, tensor);
    if (matrix) found.set(tensor, matrix);
  }
  return found;
}

function matrixOf(node: NodeProto, tensor: TensorProto): StoredMatrix | undefined {
  const { opType, domain, attributes } = node;
  if (domain !== '' || tensor.dataType !== kFloat) return undefined;
  const [first = 0, second = 0, ...kernel] = tensor.dims.map(Number);
  const taps = kernel.reduce((product, dim) => product * dim, 1);
  let matrix: StoredMatrix | undefined;
  if (opType === 'MatMul' && tensor.dims.length === 2) matrix = [first, second, 1, 0];
  if (opType === 'Gemm' && tensor.dims.length === 2) {
    matrix = attributes.get('transB')?.i ? [second, first, 1, 1] : [first, second, 1, 0];
  }
  if (opType === 'Conv' && tensor.dims.length > 2 && (attributes.get('group')?.i ?? 1n) === 1n) {
    matrix = [second * taps, first, taps, 1];
  }
  if (!matrix) return undefined;
  const [k, n, , outputsFirst] = matrix;
  const isSound = k > 0 && n >= kFewestColumns && k * n * 4 === tensor.stored?.length;
  return isSound && (outputsFirst ? k : n) <= kLongestRow ? matrix : undefined;
}
