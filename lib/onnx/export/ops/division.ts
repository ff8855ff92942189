import { isFloat, isSigned } from '../../../dtype.js';
import type { ExportNode } from '../exportNode.js';
import type { ExportFamily, Exporting } from '../table.js';
import type { Value } from '../value.js';
import { cast, compare, kArithmetic, scalar, through, where } from './common.js';

const float = (n: ExportNode, value: number) => scalar(n, value, n.x.dtype);

/** Division of integers: ONNX truncates. */
function truncateDiv(n: ExportNode, a: Value, b: Value): Value {
  const quotient = through(n, 'Div', [a, b], kArithmetic);
  return isFloat(a.dtype) ? trunc(n, quotient) : quotient;
}

function trunc(n: ExportNode, x: Value): Value {
  return n.op('Mul', [n.op('Sign', [x]), n.op('Floor', [n.op('Abs', [x])])]);
}

function truncateMod(n: ExportNode, a: Value, b: Value): Value {
  return n.op('Mod', [a, b], { fmod: 1 });
}

/** x - floor(x / y) * y, which takes the sign of y. */
function floorMod(n: ExportNode, a: Value, b: Value): Value {
  if (!isFloat(a.dtype)) return n.op('Mod', [a, b]);
  const zero = float(n, 0);
  const rest = truncateMod(n, a, b);
  const isNegative = (x: Value) => n.op('Less', [x, zero], {}, { dtype: 'bool' });
  const differs = n.op('Xor', [isNegative(rest), isNegative(b)]);
  const isSome = n.op('Not', [n.op('Equal', [rest, zero], {}, { dtype: 'bool' })]);
  return where(n, n.op('And', [differs, isSome]), n.op('Add', [rest, b]), rest);
}

function floorDiv(n: ExportNode): Value {
  const [a, b] = [n.input(0), n.input(1)];
  if (isFloat(a.dtype)) return n.op('Floor', [n.op('Div', [a, b])]);
  const quotient = truncateDiv(n, a, b);
  if (!isSigned(a.dtype)) return quotient;
  const zero = scalar(n, 0, a.dtype);
  const rest = n.op('Mod', [a, b], { fmod: 1 });
  const isNegative = (x: Value) => compare(n, 'Less', x, zero);
  const differs = n.op('Xor', [isNegative(rest), isNegative(b)]);
  const isSome = n.op('Not', [compare(n, 'Equal', rest, zero)]);
  const less = cast(n, n.op('And', [differs, isSome]), a.dtype);
  return through(n, 'Sub', [quotient, less], kArithmetic);
}

/** f(x, y), but 0 where x (or y) is 0. */
const unlessZero =
  (of: 0 | 1, make: (n: ExportNode, x: Value, y: Value) => Value): Exporting =>
  (n) => {
    const isZero = n.op('Equal', [n.input(of), float(n, 0)], {}, { dtype: 'bool' });
    const y = make(n, n.input(0), n.input(1));
    return where(n, isZero, float(n, 0), y);
  };

export const divisions = {
  Div: (n) => (isFloat(n.x.dtype) ? n.op('Div', n.all) : truncateDiv(n, n.x, n.input(1))),
  DivNoNan: unlessZero(1, (n, x, y) => n.op('Div', [x, y])),
  FloorDiv: floorDiv,
  FloorMod: (n) => floorMod(n, n.x, n.input(1)),
  Mod: (n) => truncateMod(n, n.x, n.input(1)),
  MulNoNan: unlessZero(1, (n, x, y) => n.op('Mul', [x, y])),
  Trunc: (n) => trunc(n, n.x),
  TruncateDiv: (n) => truncateDiv(n, n.x, n.input(1)),
  TruncateMod: (n) => truncateMod(n, n.x, n.input(1)),
  Xdivy: unlessZero(0, (n, x, y) => n.op('Div', [x, y])),
  Xlog1py: unlessZero(0, (n, x, y) =>
    n.op('Mul', [x, n.op('Log', [n.op('Add', [y, float(n, 1)])])]),
  ),
  Xlogy: unlessZero(0, (n, x, y) => n.op('Mul', [x, n.op('Log', [y])])),
} satisfies ExportFamily;
