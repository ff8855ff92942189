import { EngineError } from './errors.js';

const part = /^(job:[A-Za-z][\w-]*|replica:\d+|task:\d+|(device:)?[A-Za-z_]+:(\d+|\*)|cpu|gpu)$/i;

/**
 * The device string itself: "", "cpu:0", "/device:CPU:0", "/job:worker/replica:0/task:1/cpu:*".
 * Anything else is an error.
 */
export function checkDevice(device: string): string {
  if (device === '') return device;
  const parts = device.startsWith('/') ? device.slice(1).split('/') : [device];
  const kinds = parts.map((p) => /^(job|replica|task)?/i.exec(p)![0].toLowerCase());
  const known = parts.every((p) => part.test(p)) && new Set(kinds).size === kinds.length;
  if (known) return device;
  throw new EngineError(
    'INVALID_ARGUMENT',
    `Malformed device specification '${device}'. Expected a form such as "cpu:0", ` +
      '"/device:CPU:0" or "/job:name/replica:0/task:0/device:CPU:0"',
  );
}
