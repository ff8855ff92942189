import { EngineError } from './errors.js';

/** The fields of a device string, each as it is written in the canonical form. */
interface Fields {
  job?: string;
  replica?: string;
  task?: string;
  device?: string;
}

const cluster = /^(job|replica|task):([A-Za-z][\w-]*|\d+)$/i;
const device = /^(?:device:)?([A-Za-z_]\w*)(?::(\d+|\*))?$/i;

/**
 * The canonical form of a device string: "/device:CPU:0" for "cpu:0",
 * "/job:worker/task:1/device:CPU:*" for "/job:worker/task:1/cpu:*", "" for "". Anything else is an
 * error.
 */
export function checkDevice(given: string): string {
  return formatDevice(parse(given));
}

/** The device of an inner scope inside an outer one: the fields of the inner one win. */
export function mergeDevices(outer: string, inner: string): string {
  if (outer === '' || inner === '') return checkDevice(outer || inner);
  return formatDevice({ ...parse(outer), ...parse(inner) });
}

function parse(given: string): Fields {
  const fields: Fields = {};
  if (given === '') return fields;
  for (const part of (given.startsWith('/') ? given.slice(1) : given).split('/')) {
    const [key, value] = fieldOf(part, given);
    if (fields[key] !== undefined) throw malformed(given);
    fields[key] = value;
  }
  return fields;
}

function fieldOf(part: string, given: string): [keyof Fields, string] {
  const [, kind, name] = cluster.exec(part) ?? [];
  if (kind !== undefined && name !== undefined) {
    const key = kind.toLowerCase();
    const isNumber = /^\d+$/.test(name);
    if (key === 'job' && !isNumber) return ['job', name];
    if (key === 'replica' && isNumber) return ['replica', String(Number(name))];
    if (key === 'task' && isNumber) return ['task', String(Number(name))];
    throw malformed(given);
  }
  const [, type, index] = device.exec(part) ?? [];
  const isLong = part.toLowerCase().startsWith('device:');
  if (type === undefined || /^(job|replica|task|device)$/i.test(type)) throw malformed(given);
  const known = /^(cpu|gpu)$/i.test(type);
  if (!known && !isLong && (index === undefined || given.startsWith('/'))) throw malformed(given);
  return ['device', `${known ? type.toUpperCase() : type}:${index ?? '*'}`];
}

function formatDevice(fields: Fields): string {
  const keys = ['job', 'replica', 'task', 'device'] as const;
  return keys.map((key) => (fields[key] === undefined ? '' : `/${key}:${fields[key]}`)).join('');
}

function malformed(given: string): EngineError {
  return new EngineError(
    'INVALID_ARGUMENT',
    `Malformed device specification '${given}'. Expected a form such as "cpu:0", ` +
      '"/device:CPU:0" or "/job:name/replica:0/task:0/device:CPU:0"',
  );
}
