/** One sequence: logits [steps][classes] that are to be read as the labels. */
export interface CtcExample {
  readonly logits: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly blank: number;
}

/** What an alignment, a class at each step, reads as: repeats merged, then blanks dropped. */
function reading(alignment: readonly number[], blank: number): number[] {
  return alignment.filter((k, t) => k !== alignment[t - 1] && k !== blank);
}

function softmax(row: readonly number[]): number[] {
  const top = Math.max(...row);
  const all = row.map((v) => Math.exp(v - top));
  const total = all.reduce((a, b) => a + b, 0);
  return all.map((v) => v / total);
}

/** The loss and its gradient by going through all alignments there are. */
export function ctcLoss({ logits, labels, blank }: CtcExample) {
  const p = logits.map(softmax);
  const [steps, classes] = [p.length, p[0]?.length ?? 0];
  const shares = p.map((row) => row.map(() => 0));
  let total = 0;
  const alignment = new Array<number>(steps).fill(0);
  for (let code = 0; code < classes ** steps; code++) {
    let probability = 1;
    for (let t = 0, rest = code; t < steps; t++, rest = Math.floor(rest / classes)) {
      alignment[t] = rest % classes;
      probability *= p[t]![alignment[t]!]!;
    }
    if (reading(alignment, blank).join() !== labels.join()) continue;
    total += probability;
    for (let t = 0; t < steps; t++) shares[t]![alignment[t]!]! += probability;
  }
  const gradient = p.map((row, t) =>
    row.map((v, k) => (total === 0 ? 0 : v - shares[t]![k]! / total)),
  );
  return { loss: -Math.log(total), gradient };
}
