import { addConstant } from '../../lib/constant.js';
import { toValue } from '../../lib/convert.js';
import type { DType } from '../../lib/dtype.js';
import { Graph } from '../../lib/graph.js';
import { addOp } from '../../lib/op.js';
import { placeholder } from '../../lib/placeholder.js';
import type { StaticShape } from '../../lib/shape.js';
import { type Cases, isShapeCase, isUntested, type ShapeCase } from './case.js';
import { cases } from './cases/index.js';
import { allowedDTypes, attrsOf, describeOp, dtypeOfInput } from './instances.js';

function outputShapes(name: string, row: ShapeCase): StaticShape[] {
  const op = describeOp(name);
  const allowed = allowedDTypes(op);
  const dtype: DType | null = allowed.includes('float32') ? 'float32' : (allowed[0] ?? null);
  const graph = new Graph({ defaultSession: false });
  return graph.asDefault(() => {
    const operands = row.inputShapes.map((input, i) => {
      const own = dtypeOfInput(op, i, row, dtype);
      if (input === null || Array.isArray(input)) return placeholder(own, input);
      if ('value' in input) return addConstant(graph, toValue(input.value, own, 'value'));
      return 'list' in input ? input.list.map((shape) => placeholder(own, shape)) : null;
    });
    return addOp(name, operands, attrsOf(op, row, dtype)).outputs.map(({ shape }) => shape);
  });
}

describe.each(Object.entries<Cases>(cases))('%s', (name, rows) => {
  const shaped = isUntested(rows) ? [] : rows.filter(isShapeCase);
  if (shaped.length === 0) {
    test('has no row of shapes', () => {
      expect(describeOp(name).name).toBe(name);
    });
  }
  for (const [i, row] of shaped.entries()) {
    test(`shapes, row ${i}${row.title ? `, ${row.title}` : ''}`, () => {
      expect(outputShapes(name, row)).toEqual(row.outputShapes);
    });
  }
});
