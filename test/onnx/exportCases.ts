import type { ArgDescription, OpDescription } from '../../lib/binding.js';
import { constant } from '../../lib/constant.js';
import type { DType } from '../../lib/dtype.js';
import { EngineError } from '../../lib/errors.js';
import { Graph } from '../../lib/graph.js';
import type { NDArray } from '../../lib/ndArray.js';
import { entryOf } from '../../lib/onnx/export/ops/index.js';
import { isNoForm } from '../../lib/onnx/export/table.js';
import { saveSync } from '../../lib/onnx/index.js';
import { addOp } from '../../lib/op.js';
import { Session } from '../../lib/session.js';
import type { Tensor } from '../../lib/tensor.js';
import { type Cases, isUntested, isValueCase, type ValueCase } from '../ops/case.js';
import { cases } from '../ops/cases/index.js';
import { attrsOf, describeOp, feedsOf, type Instance, instancesOf } from '../ops/instances.js';

/** A graph of one op, from the tables of the op tests. */
export interface ExportCase {
  readonly op: string;
  readonly row: number;
  readonly dtype: DType | null;
  readonly tolerance: number;
  /** Inputs for which `isFed` is false are constants. */
  readonly make: (isFed: IsFed) => Made;
}

type IsFed = (index: number, arg: ArgDescription) => boolean;

interface Made {
  readonly graph: Graph;
  readonly outputs: readonly Tensor[];
  readonly feeds: Map<Tensor, NDArray>;
}

/** The rows of values of each op that has an ONNX form, for each dtype that they serve. */
export function* exportCases(wanted: (op: string) => boolean = () => true): Generator<ExportCase> {
  for (const [name, rows] of Object.entries<Cases>(cases)) {
    const entry = entryOf(name);
    if (!wanted(name) || isUntested(rows) || !entry || isNoForm(entry)) continue;
    const op = describeOp(name);
    for (const [row, given] of rows.entries()) {
      if (!isValueCase(given)) continue;
      for (const instance of instancesOf(op, given)) {
        const make = (isFed: IsFed) => graphOf(op, given, instance, isFed);
        yield { op: name, row, dtype: instance.dtype, tolerance: given.tolerance ?? 1, make };
      }
    }
  }
}

function graphOf(op: OpDescription, row: ValueCase, instance: Instance, isFed: IsFed): Made {
  const graph = new Graph({ defaultSession: false });
  return graph.asDefault(() => {
    const { operands, feeds } = feedsOf(instance, (value) => value.shape);
    const fixed = (tensor: unknown) => {
      for (const [fed, value] of feeds) {
        if (fed !== tensor) continue;
        feeds.delete(fed);
        return constant(value);
      }
      return tensor;
    };
    const given = operands.map((operand, i) => {
      if (isFed(i, op.inputs[i]!)) return operand;
      return Array.isArray(operand) ? operand.map(fixed) : fixed(operand);
    });
    const node = addOp(op.name, given, attrsOf(op, row, instance.dtype));
    return { graph, outputs: node.outputs, feeds };
  });
}

/** All inputs fed; those that are no data as constants; all but the first as constants; none fed. */
const feedings: readonly IsFed[] = [
  () => true,
  (i, { typeAttr, dtype }) => i === 0 || (dtype === 0 && !/^(T\w|Index|out_)/.test(typeAttr)),
  (i) => i === 0,
  () => false,
];

export interface Saved {
  readonly bytes: Buffer;
  /** Of the inputs "input_0" and so on. */
  readonly values: readonly NDArray[];
  /** What the engine gives, by the names of the outputs. */
  readonly results: Readonly<Record<string, NDArray>>;
}

/** The model that a case is saved as: what a run may give, where ONNX lets it. */
export function savedCase({ make }: ExportCase, opset?: number): Saved {
  let problem: unknown;
  for (const isFed of feedings) {
    const { graph, outputs, feeds } = make(isFed);
    const named = Object.fromEntries(outputs.map((tensor, i) => [`output_${i}`, tensor]));
    const inputs = Object.fromEntries([...feeds.keys()].map((x, i) => [`input_${i}`, x]));
    try {
      const bytes = saveSync(graph, named, null, { inputs, opset });
      using session = new Session(graph);
      return { bytes, values: [...feeds.values()], results: session.runSync(named, { feeds }) };
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'UNIMPLEMENTED') throw error;
      problem = error;
    }
  }
  throw problem;
}
