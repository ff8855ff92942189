import type { DType } from '../dtype.js';
import { fill, shape as shapeOf } from '../generated/array.js';
import type { Graph } from '../graph.js';
import { variable } from '../makeVariable.js';
import { ndarray } from '../ndArray.js';
import type { Tensor } from '../tensor.js';
import type { Variable } from '../variable.js';

/** The variables that an optimizer keeps for each variable that it moves. */
export class Slots {
  readonly #byVariable = new Map<Variable, Map<string, Variable>>();

  get(of: Variable, name: string): Variable | undefined {
    return this.#byVariable.get(of)?.get(name);
  }

  all(): Variable[] {
    return [...this.#byVariable.values()].flatMap((slots) => [...slots.values()]);
  }

  /** The slot `variable/prefix/name`, made when it is asked for first. */
  ensure(of: Variable, prefix: string, name: string, initial: number): Variable {
    const slots = this.#byVariable.get(of) ?? new Map<string, Variable>();
    this.#byVariable.set(of, slots);
    const known = slots.get(name);
    if (known) return known;
    const slot = outside(of.graph, () =>
      variable(initialValue(of, initial), {
        name: `${of.name}/${prefix}/${name}`,
        shape: of.shape,
        trainable: false,
      }),
    );
    slots.set(name, slot);
    return slot;
  }
}

/** Calls fn outside of all branches, loops, scopes and control dependencies. */
export function outside<R>(graph: Graph, fn: () => R): R {
  return graph.asDefault(() => graph.nameScope(null, () => graph.controlDependencies(null, fn)));
}

/** Slots of half types are float32, so that small changes are not lost. */
export function slotDType(dtype: DType): 'float32' | 'float64' {
  return dtype === 'float64' ? 'float64' : 'float32';
}

function initialValue(of: Variable, value: number): Tensor {
  const dtype = slotDType(of.dtype);
  const scalar = ndarray(value, { dtype });
  const dims = of.shape;
  if (dims?.every((dim): dim is number => dim !== null)) {
    return fill(BigInt64Array.from(dims, BigInt), scalar);
  }
  return fill(shapeOf(of.initialValue), scalar);
}
