import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { native } from '../../binding.js';
import { EngineError } from '../../errors.js';
import type { Graph } from '../../graph.js';
import type { NDArray } from '../../ndArray.js';
import type { Sliced } from '../../sliced.js';
import type { Tensor } from '../../tensor.js';
import type { Variable } from '../../variable.js';
import { Evaluator } from '../evaluator.js';
import { type ListType, listTypeOf } from '../listTypes.js';
import { checkKnown, inputsOf, type Named, nameOf, outputsOf, shapeFor } from './border.js';
import { ExportContext, type Problem } from './context.js';
import { Exporter } from './exporter.js';
import { Namer, prune } from './graphSpec.js';
import { addOutput } from './ops/control.js';
import { checkSaveOptions, irVersionOf, kUsualOpset, type SaveOptions } from './options.js';
import { reached } from './reach.js';
import { type Contents, GraphSpec, type TensorData, Value } from './value.js';
import type { ModelSpec } from './write.js';

/** What is to be exported. */
export interface Plan {
  readonly graph: Graph;
  readonly inputs: readonly Named[];
  readonly outputs: readonly Named[];
  /** Those whose values become constants. */
  readonly variables: readonly Variable[];
  readonly options: SaveOptions;
}

const pairOf = ({ op, index }: Tensor): [number, number] => [op.id, index];

export function planOf(graph: Graph, fetches: unknown, options: SaveOptions): Plan {
  checkSaveOptions(options);
  const outputs = outputsOf(graph, fetches);
  const given = inputsOf(graph, options.inputs);
  const cuts = new Set(given?.map(({ tensor }) => pairOf(tensor).join(':')));
  const pairs = outputs.flatMap(({ tensor }) => pairOf(tensor));
  const ids = reached(graph.handle, pairs, (id, index) => cuts.has(`${id}:${index}`));
  const typed = (type: string) =>
    ids.filter((id) => native.describeNode(graph.handle, id)[0] === type);
  const placeholders = typed('Placeholder').map((id) => graph.operationAt(id).outputs[0]!);
  if (given && placeholders.length > 0) throw missing(placeholders);
  const inputs = given ?? placeholders.map((tensor) => ({ name: nameOf(tensor), tensor }));
  const handles = new Set(typed('VarHandleOp'));
  const variables = graph.variables.filter(({ op }) => handles.has(op.id));
  checkKnown(
    [...inputs, ...outputs].map(({ name }) => name),
    options,
  );
  return { graph, inputs, outputs, variables, options };
}

function missing(placeholders: readonly Tensor[]): EngineError {
  const names = placeholders.map(({ op }) => `'${op.name}'`).join(', ');
  return new EngineError(
    'INVALID_ARGUMENT',
    `the option inputs leaves out placeholders that the fetches need: ${names}`,
  );
}

/** The model in the opset asked for, or in the first that has what the graph needs. */
export function* modelOf(plan: Plan, values: readonly NDArray[]): Sliced<ModelSpec> {
  const evaluator = new Evaluator(plan.graph);
  const { opset } = plan.options;
  try {
    const first = yield* attempt(plan, values, opset ?? kUsualOpset, evaluator);
    if (first.problems.length === 0) return first.model;
    const later = first.problems.map((problem) => problem.opset ?? 0);
    if (opset !== undefined || later.includes(0)) throw failure(first.problems, opset);
    const second = yield* attempt(plan, values, Math.max(...later), evaluator);
    if (second.problems.length === 0) return second.model;
    throw failure(second.problems, Math.max(...later));
  } finally {
    evaluator.close();
  }
}

function failure(problems: readonly Problem[], opset: number = kUsualOpset): EngineError {
  const lines = problems.map(({ node, op, why }) => `\n  '${node}' (${op}): ${why}`);
  return new EngineError(
    'UNIMPLEMENTED',
    `the graph has what ONNX opset ${opset} has no form for:${lines.join('')}`,
  );
}

function* attempt(
  plan: Plan,
  values: readonly NDArray[],
  opset: number,
  evaluator: Evaluator,
): Sliced<{ model: ModelSpec; problems: readonly Problem[] }> {
  const { graph, options } = plan;
  const spec = new GraphSpec(options.graphName ?? 'graph');
  const ignores = options.ignoreControlDependencies ?? false;
  const context = new ExportContext(opset, spec, evaluator, ignores);
  const exporter = new Exporter(context, graph, spec);
  for (const { tensor } of plan.inputs) spec.inputs.push(inputValue(exporter, tensor));
  for (const [i, variable] of plan.variables.entries()) {
    const handle = new Value('resource', []);
    exporter.define(variable.op.id, 0, handle);
    context.variables.set(handle, context.constant(dataOf(values[i]!), variable.name));
  }
  yield* exporter.nodes(plan.outputs.flatMap(({ tensor }) => pairOf(tensor)));
  if (context.problems.length === 0) addOutputs(plan, exporter, spec);
  return { model: finished(plan, context, spec), problems: context.problems };
}

function addOutputs({ outputs }: Plan, exporter: Exporter, spec: GraphSpec): void {
  for (const { tensor } of outputs) addOutput(spec, exporter.value(...pairOf(tensor))!);
}

function inputValue(exporter: Exporter, tensor: Tensor): Value {
  const value = new Value(tensor.dtype, tensor.shape);
  const list = listTypeOf(tensor);
  if (list?.map || list?.entry?.map) {
    const { name: node, type: op } = tensor.op;
    exporter.context.problems.push({ node, op, why: 'maps' });
  } else if (list) value.contents = contentsOf(list);
  exporter.define(...pairOf(tensor), value);
  return value;
}

function contentsOf({ dtype, entry, isOptional = false }: ListType): Contents {
  return { entry: { dtype, contents: entry && contentsOf(entry) }, isOptional };
}

function dataOf({ dtype, shape, data }: NDArray): TensorData {
  if (ArrayBuffer.isView(data)) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { dtype, shape, bytes };
  }
  return { dtype: 'string', shape, strings: data.map(String) };
}

/** Drops what nothing needs, and gives names: those of the border first. */
function finished(plan: Plan, context: ExportContext, spec: GraphSpec): ModelSpec {
  const { options } = plan;
  const needed = prune(spec);
  const constants = context.constants.filter((value) => needed.has(value));
  const namer = new Namer();
  const border = (list: readonly Named[], values: readonly Value[]) =>
    values.map((value, i) => {
      const named = list[i]!;
      const { name } = named;
      const doc = options.docs?.[name] ?? '';
      if (namer.take(value, name))
        return { value, name, doc, shape: shapeFor(named, options.shapes) };
      const text = `an input and an output are called '${name}'`;
      throw new EngineError('INVALID_ARGUMENT', text);
    });
  const inputs = border(plan.inputs, spec.inputs);
  const outputs = border(plan.outputs, spec.outputs);
  for (const value of constants) namer.give(value, value.wish);
  namer.graph(spec);
  const {
    producer = {},
    domain = '',
    modelVersion = 0,
    description = '',
    properties = {},
  } = options;
  return {
    irVersion: irVersionOf(context.opset),
    opsets: new Map([['', context.opset], ...context.domains]),
    producerName: producer.name ?? 'tensorwright',
    producerVersion: producer.version ?? (producer.name === undefined ? ownVersion() : ''),
    domain,
    modelVersion,
    doc: description,
    properties,
    graph: spec,
    graphName: options.graphName ?? 'graph',
    inputs,
    outputs,
    constants,
  };
}

function ownVersion(): string {
  const text = readFileSync(join(__dirname, '..', '..', '..', 'package.json'), 'utf8');
  const parsed: unknown = JSON.parse(text);
  return String(typeof parsed === 'object' && parsed && Reflect.get(parsed, 'version'));
}
