import { native, type SessionHandle, type VariableValue } from './binding.js';
import { elementSize, isNumeric, viewOf } from './dtype.js';
import { EngineError, type ErrorCode, invalidArgument } from './errors.js';
import type { Graph } from './graph.js';
import type { Checkpoint } from './io/checkpoint.js';
import { NDArray } from './ndArray.js';
import { fitsStatic, formatShape, type Shape, sizeOf } from './shape.js';
import { Variable } from './variable.js';

/** Variables under their own names, or an object that names them. */
export type VariableChoice = readonly Variable[] | Readonly<Record<string, Variable>>;

export interface SaveOptions {
  /** Default: all variables of the graph. */
  readonly variables?: VariableChoice | undefined;
  /** What the file is to say besides; anything that JSON can hold. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** True: a file without variables may be written. */
  readonly allowEmpty?: boolean | undefined;
}

export interface RestoreOptions {
  /** Default: all variables of the graph. */
  readonly variables?: VariableChoice | undefined;
  /** True: variables that are not in the file keep what they have. */
  readonly partial?: boolean | undefined;
  /** True: a value of another shape fits when it has as many elements. */
  readonly reshape?: boolean | undefined;
  /** Whether random ops go on from where they were; default: when `variables` is not given. */
  readonly random?: boolean | undefined;
}

/** What a restore did. */
export interface Restored {
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The names, in the file, of what variables received. */
  readonly restored: readonly string[];
  /** Asked for, but not in the file. */
  readonly missing: readonly string[];
  /** In the file, but not asked for. */
  readonly unexpected: readonly string[];
}

/** Why a checkpoint does not fit the graph; nothing was changed. */
export class CheckpointError extends EngineError {
  readonly missing: readonly string[];
  readonly mismatched: readonly string[];
  readonly unexpected: readonly string[];

  constructor(code: ErrorCode, message: string, report: Omit<CheckpointReport, 'fitting'>) {
    super(code, message);
    this.missing = report.missing;
    this.mismatched = report.mismatched;
    this.unexpected = report.unexpected;
  }
}

interface CheckpointReport {
  readonly fitting: readonly Assignment[];
  readonly missing: readonly string[];
  readonly mismatched: readonly string[];
  readonly unexpected: readonly string[];
}

interface Assignment {
  readonly name: string;
  readonly variable: Variable;
  readonly shape: Shape;
  readonly value: NDArray;
}

type Named = readonly (readonly [name: string, variable: Variable])[];

/** The variables that are meant, by their names in the file. */
export function namedVariables(
  graph: Graph,
  choice: VariableChoice | undefined,
  allowEmpty: boolean,
): Named {
  const named =
    Array.isArray(choice) || choice === undefined
      ? (choice ?? graph.variables).map(
          (variable: Variable) => [nameOf(variable), variable] as const,
        )
      : Object.entries(choice);
  const names = new Map<Variable, string>();
  for (const [name, variable] of named) {
    if (!(variable instanceof Variable)) throw invalidArgument('variables', 'variables', variable);
    graph.checkOwn(variable.op);
    if (names.has(variable)) {
      const both = `${names.get(variable)} and ${name}`;
      const text = `The same saveable will be restored with two names: ${both}`;
      throw new EngineError('INVALID_ARGUMENT', text);
    }
    names.set(variable, name);
  }
  if (named.length > 0 || allowEmpty) return named;
  throw new EngineError('INVALID_ARGUMENT', `No variables to save: ${graph.label} has none`);
}

function nameOf(variable: unknown): string {
  if (variable instanceof Variable) return variable.name;
  throw invalidArgument('variables', 'variables', variable);
}

/** The variables must have dtypes that a file can hold. */
function checkStorable(named: Named): void {
  for (const [name, { dtype }] of named) {
    if (isNumeric(dtype) && dtype !== 'complex128') continue;
    const text = `variable '${name}': a checkpoint cannot hold dtype ${dtype}`;
    throw new EngineError('UNIMPLEMENTED', text);
  }
}

/** Variables and random ops as they are at the call, for a file. */
export function readState(
  session: SessionHandle,
  named: Named,
  metadata: Readonly<Record<string, unknown>>,
  async: true,
): Promise<Checkpoint>;
export function readState(
  session: SessionHandle,
  named: Named,
  metadata: Readonly<Record<string, unknown>>,
  async: false,
): Checkpoint;
export function readState(
  session: SessionHandle,
  named: Named,
  metadata: Readonly<Record<string, unknown>>,
  async: boolean,
): Promise<Checkpoint> | Checkpoint {
  checkStorable(named);
  const ids = named.map(([, { op }]) => op.id);
  const random = native.randomState(session);
  const make = (values: readonly VariableValue[]): Checkpoint => {
    return { tensors: tensorsOf(named, values), random, metadata };
  };
  if (async) return native.readVariables(session, ids, true).then(make);
  return make(native.readVariables(session, ids, false));
}

function tensorsOf(named: Named, values: readonly VariableValue[]): Checkpoint['tensors'] {
  const missing = named.filter((_, i) => values[i] === undefined).map(([name]) => `'${name}'`);
  if (missing.length > 0) {
    throw new EngineError(
      'FAILED_PRECONDITION',
      `Attempting to use uninitialized value: ${missing.join(', ')} cannot be saved before ` +
        'graph.initializer or session.initialize() has run',
    );
  }
  const tensors = named.map(([name, { dtype }], i) => {
    const [shape = [], memory = new ArrayBuffer(0)] = values[i] ?? [];
    if (!isNumeric(dtype)) throw invalidArgument('variables', 'numeric variables', name);
    return [name, new NDArray(viewOf(dtype, memory, 0, sizeOf(shape)), shape, dtype)] as const;
  });
  return Object.fromEntries(tensors);
}

/** Which values of the file go into which variables, after looking at all of them. */
export function matchState(
  named: Named,
  { tensors }: Checkpoint,
  { partial = false, reshape = false }: RestoreOptions,
): CheckpointReport {
  const fitting: Assignment[] = [];
  const missing: string[] = [];
  const mismatched: string[] = [];
  for (const [name, variable] of named) {
    const value = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    const shape = value && shapeFor(variable, value, reshape);
    if (value === undefined) missing.push(name);
    else if (shape === undefined) mismatched.push(differenceOf(name, variable, value));
    else fitting.push({ name, variable, shape, value });
  }
  const known = new Set(named.map(([name]) => name));
  const unexpected = Object.keys(tensors).filter((name) => !known.has(name));
  const report = { missing, mismatched, unexpected };
  if (missing.length > 0 && !partial) {
    throw new CheckpointError('NOT_FOUND', missingText(report), report);
  }
  if (mismatched.length > 0) {
    throw new CheckpointError('INVALID_ARGUMENT', mismatchText(mismatched), report);
  }
  return { fitting, ...report };
}

function shapeFor(variable: Variable, value: NDArray, reshape: boolean): Shape | undefined {
  if (value.dtype !== variable.dtype) return undefined;
  if (fitsStatic(value.shape, variable.shape)) return value.shape;
  const { shape } = variable;
  if (!reshape || shape === null || shape.includes(null)) return undefined;
  const known = shape.map(Number);
  return sizeOf(known) === value.size ? known : undefined;
}

function differenceOf(name: string, { dtype, shape }: Variable, value: NDArray): string {
  const own = `${dtype} ${formatShape(shape)}`;
  return `'${name}' is ${own}, but in the checkpoint ${value.dtype} ${formatShape(value.shape)}`;
}

function missingText({ missing, unexpected }: Omit<CheckpointReport, 'fitting'>): string {
  const [first, ...more] = missing;
  const also = more.length > 0 ? `, nor ${more.join(', ')}` : '';
  const others = unexpected.length > 0 ? ` It has besides: ${unexpected.join(', ')}.` : '';
  return (
    `Key ${first} not found in checkpoint${also}. This is most likely due to a Variable name or ` +
    `other graph key that is missing from the checkpoint.${others} Nothing was restored; ` +
    'restore(path, { partial: true }) takes what there is.'
  );
}

function mismatchText(mismatched: readonly string[]): string {
  return (
    'Assign requires shapes of both tensors to match. This is most likely due to a mismatch ' +
    'between the current graph and the graph from the checkpoint. ' +
    `${mismatched.join('; ')}. Nothing was restored.`
  );
}

/** Sets the variables, all or none, and then the random ops. */
export function writeState(
  session: SessionHandle,
  fitting: readonly Assignment[],
  random: readonly string[] | undefined,
  async: boolean,
): Promise<void> | undefined {
  const ids = fitting.map(({ variable }) => variable.op.id);
  const shapes = fitting.map(({ shape }) => shape);
  const bytes = fitting.map(({ value }) => bytesOf(value));
  const done = native.writeVariables(session, ids, shapes, bytes, async);
  const finish = (): void => {
    if (random) native.setRandomState(session, random);
  };
  if (done) return done.then(finish);
  finish();
  return undefined;
}

function bytesOf({ data, dtype, size }: NDArray): Uint8Array {
  if (!ArrayBuffer.isView(data)) throw invalidArgument('tensors', 'numbers', data);
  return new Uint8Array(data.buffer, data.byteOffset, size * elementSize(dtype));
}
