import { EngineError } from '../../lib/errors.js';
import { Graph } from '../../lib/graph.js';
import { addOp } from '../../lib/op.js';
import { Session } from '../../lib/session.js';
import {
  type Cases,
  type ErrorCase,
  isErrorCase,
  isUntested,
  isValueCase,
  type ValueCase,
} from './case.js';
import { cases } from './cases/index.js';
import {
  attrsOf,
  describeOp,
  difference,
  feedsOf,
  type Instance,
  instancesOf,
} from './instances.js';

// Each row twice: with the shapes of the inputs known when the op is added, and with nothing known.
const known = { known: true, unknown: false };

function results(op: string, row: ValueCase | ErrorCase, instance: Instance, knowsShapes: boolean) {
  const graph = new Graph({ defaultSession: false });
  return graph.asDefault(() => {
    const { operands, feeds } = feedsOf(instance, (v) => (knowsShapes ? v.shape : null));
    const attrs = attrsOf(describeOp(op), row, instance.dtype);
    const node = addOp(op, operands, attrs);
    using session = new Session(graph);
    return session.runSync([...node.outputs], { feeds });
  });
}

function checkValues(op: string, row: ValueCase, instance: Instance, knowsShapes: boolean): void {
  const outputs = results(op, row, instance, knowsShapes);
  expect(outputs).toHaveLength(row.outputs.length);
  for (const [i, expected] of row.outputs.entries()) {
    if (expected === null) continue;
    const shape = row.shapes?.outputs?.[i];
    const wrong = difference(outputs[i]!, expected, shape, row.tolerance ?? 1);
    if (wrong) throw new Error(`output ${i} (${instance.dtype ?? ''}): ${wrong}`);
  }
}

function checkError(op: string, row: ErrorCase, instance: Instance): void {
  let caught: unknown;
  try {
    results(op, row, instance, true);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(EngineError);
  if (!(caught instanceof EngineError)) return;
  expect(caught.code).toBe(row.error);
  if (row.message !== undefined) expect(caught.message).toMatch(row.message);
}

describe.each(Object.entries<Cases>(cases))('%s', (name, rows) => {
  if (isUntested(rows)) {
    test(`is tested in ${rows.elsewhere}`, () => {
      expect(describeOp(name).name).toBe(name);
    });
    return;
  }
  const op = describeOp(name);
  for (const [i, row] of rows.entries()) {
    const title = `row ${i}${row.title ? `, ${row.title}` : ''}`;
    if (isValueCase(row)) {
      for (const instance of instancesOf(op, row)) {
        test.each(Object.entries(known))(`${title}, ${instance.dtype}, shapes %s`, (_, knows) => {
          checkValues(name, row, instance, knows);
        });
      }
    } else if (isErrorCase(row)) {
      test(`${title}: ${row.error}`, () => {
        for (const instance of instancesOf(op, row)) checkError(name, row, instance);
      });
    }
  }
});
