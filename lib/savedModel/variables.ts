import { join } from 'node:path';

import { EngineError } from '../errors.js';
import type { Graph } from '../graph.js';
import { textOf } from '../graphdef/attrs.js';
import { parseInput } from '../graphdef/checkDef.js';
import { dtypeNamed } from '../graphdef/dataTypes.js';
import { shapeOf } from '../graphdef/tensors.js';
import type { NodeDef } from '../graphdef/types.js';
import { addNode } from '../node.js';
import type { Operation } from '../operation.js';
import { fitsStatic, formatShape } from '../shape.js';
import type { Sliced } from '../sliced.js';
import type { Tensor } from '../tensor.js';
import { Variable } from '../variable.js';
import { Bundle } from './bundle.js';
import type { Files } from './files.js';
import type { LoadPlan } from './plan.js';
import type { MetaGraph } from './proto.js';
import { variableName } from './read.js';
import type { Source } from './restores.js';
import { type StoredValue, ValueReader } from './values.js';

interface VariableTarget {
  readonly graph: Graph;
  readonly prefix: string;
  readonly freeze: boolean;
  readonly folder: string;
  readonly files: Files;
}

/** The variables of a SavedModel in a graph. */
export class Loaded {
  readonly variables: Variable[] = [];
  readonly #elements = new Map<string, { readonly handle: Tensor; readonly op: Operation }>();

  add(name: string, made: Variable | Tensor): void {
    if (made instanceof Variable) {
      this.variables.push(made);
      this.#elements.set(name, { handle: made.handle, op: made.op });
    } else {
      this.#elements.set(name, { handle: made, op: made.op });
    }
  }

  /** What stands for a variable's node as an input. */
  readonly mapped = (input: string): Tensor | Operation | undefined => {
    const { node, index } = parseInput(input);
    const element = this.#elements.get(node);
    return index < 0 ? element?.op : index === 0 ? element?.handle : undefined;
  };

  /** Feeding a variable feeds all reads of it, also those that were in the file. */
  adopt(added: ReadonlyMap<string, Operation>): void {
    const byOp = new Map(this.variables.map((variable) => [variable.op, variable] as const));
    for (const op of added.values()) {
      if (op.type !== 'ReadVariableOp') continue;
      const variable = byOp.get(op.inputs[0]!.op);
      variable?.adopt(op.outputs[0]!);
    }
  }
}

/** Adds the variables with their saved values, or constants in their place. */
export function* addVariables(
  plan: LoadPlan,
  meta: MetaGraph,
  target: VariableTarget,
): Sliced<Loaded> {
  const loaded = new Loaded();
  const { variables } = plan;
  if (variables.length === 0) return loaded;
  const { files, folder } = target;
  const prefix = join(folder, 'variables', 'variables');
  const bundle = new Bundle(yield* files.read(`${prefix}.index`), prefix);
  const sources = sourcesOf(plan, bundle);
  const trainable = trainableNames(meta, folder);
  const reader = new ValueReader(bundle, files);
  for (const node of variables) {
    const value = yield* reader.value(sources.get(node.name)!);
    loaded.add(node.name, add(node, value, trainable(node), target));
    yield;
  }
  return loaded;
}

/** Where each value is: as the graph restores it, else under the variable's name. */
function sourcesOf(plan: LoadPlan, bundle: Bundle): Map<string, Source> {
  const found = new Map<string, Source>();
  const missing: string[] = [];
  for (const node of plan.variables) {
    const known = plan.sources.get(node.name);
    const keys = [known?.key, node.name, sharedName(node)];
    const key = keys.find((name) => name !== undefined && bundle.has(name));
    if (key === undefined) missing.push(known?.key ?? node.name);
    else found.set(node.name, key === known?.key ? known : { key });
  }
  if (missing.length === 0) return found;
  throw new EngineError(
    'NOT_FOUND',
    `Key ${missing.join(', ')} not found in checkpoint. The files in 'variables' have no value for ` +
      'what the signatures read.',
  );
}

function sharedName({ attr }: NodeDef): string | undefined {
  const name = attr?.shared_name?.s;
  return name === undefined ? undefined : textOf(name) || undefined;
}

/** Older files list the variables that are trained, newer ones say it of each. */
function trainableNames(meta: MetaGraph, folder: string): (node: NodeDef) => boolean {
  const listed = meta.collections.get('trainable_variables')?.bytes;
  const names = listed && new Set(listed.map((bytes) => variableName(bytes, folder)));
  return (node) => {
    const own = [node.name, sharedName(node) ?? node.name];
    if (names) return own.some((name) => names.has(name));
    return !own.some((name) => meta.untrained.has(name));
  };
}

function add(
  node: NodeDef,
  { dtype, shape, block }: StoredValue,
  trainable: boolean,
  { graph, prefix, freeze }: VariableTarget,
): Variable | Tensor {
  const name = `${prefix}${node.name}`;
  const declared = shapeOf(node.attr?.shape?.shape ?? { unknownRank: true });
  const expected = dtypeNamed(node.attr?.dtype?.type ?? '');
  if (expected !== dtype || !fitsStatic(shape, declared)) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      `'${name}' is ${expected} ${formatShape(declared)}, but its saved value ${dtype} ` +
        `${formatShape(shape)}: there is a mismatch between the current graph and the graph from ` +
        'the checkpoint.',
      { node: name },
    );
  }
  const value = { dtype, value: { dtype, shape, block } };
  const own = freeze ? `${name}/` : `${graph.uniqueName(`${name}/saved`)}/`;
  const constant = addNode(graph, 'Const', [], value, { name: own }).outputs[0]!;
  if (freeze) return constant;
  const options = { name: `${name}/`, trainable, shape: declared ?? shape };
  return new Variable(constant, options, true);
}
