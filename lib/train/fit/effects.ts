import { isEffect } from '../../graphdef/opFacts.js';
import { Initializer } from '../../initializer.js';
import { Operation } from '../../operation.js';
import type { Tensor } from '../../tensor.js';
import type { Variable } from '../../variable.js';

type Fetch = Tensor | Variable | Operation | Initializer;

function mayChange({ type, inputs }: Operation): boolean {
  return type === 'JsFunction' || (isEffect(type) && inputs.some((x) => x.dtype === 'resource'));
}

/** Whether anything may change when these are computed: an operation among them, or before them. */
export function haveEffects(fetches: Iterable<Fetch>): boolean {
  const seen = new Set<Operation>();
  const waiting: Operation[] = [];
  for (const fetch of fetches) {
    if (fetch instanceof Operation || fetch instanceof Initializer) return true;
    waiting.push('value' in fetch ? fetch.value.op : fetch.op);
  }
  for (let op = waiting.pop(); op; op = waiting.pop()) {
    if (seen.has(op)) continue;
    seen.add(op);
    if (mayChange(op)) return true;
    waiting.push(...op.inputs.map((input) => input.op), ...op.controlInputs);
  }
  return false;
}
