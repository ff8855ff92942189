// Turns rows of figures into one table and says which bounds hold.
import { median } from './measure.mjs';

const us = (value) =>
  value === undefined
    ? ''
    : value >= 1e5
      ? `${(value / 1e3).toFixed(0)} ms`
      : value >= 1e3
        ? `${(value / 1e3).toFixed(2)} ms`
        : `${value.toFixed(value < 10 ? 2 : 1)} us`;
const pair = (figure) => (figure === undefined ? '' : `${us(figure.min)} / ${us(figure.median)}`);

// The cores of a virtual machine may come and go between two batches: a batch counts when the peaks
// right before and right after the call differ by at most this much.
const kSettled = 0.05;

// The share of the peak reached: the best batch against the best, and the median of the shares that
// settled batches reach of the mean of the peaks around them.
function shareOfPeak({ figures, work }) {
  const gflops = (micros) => work / micros / 1e3;
  const { peak, after, ours } = figures;
  const shares = [];
  ours.batches.forEach((micros, i) => {
    const [first, last] = [peak.batches[i], after.batches[i]];
    if (Math.abs(first - last) > kSettled * Math.max(first, last)) return;
    shares.push((2 * gflops(micros)) / (first + last));
  });
  return {
    best: gflops(ours.min) / Math.max(...peak.batches, ...after.batches),
    median: median(shares),
    settled: `${shares.length} of ${ours.batches.length} batches settled`,
  };
}

export function judge(row) {
  const judged = { ...row };
  if (row.ours && row.ort) {
    judged.ratio = { min: row.ours.min / row.ort.min, median: row.ours.median / row.ort.median };
  }
  if (row.ours && row.tfjs) {
    judged.ratio = { min: row.ours.min / row.tfjs.min, median: row.ours.median / row.tfjs.median };
  }
  if (row.ofOrt) judged.holds = judged.ratio.median <= row.ofOrt.atMost;
  if (row.ofPeak) {
    judged.share = shareOfPeak(row.ofPeak);
    judged.peak = row.ofPeak.figures.peak;
    judged.holds = judged.share.median >= row.ofPeak.atLeast;
  }
  return judged;
}

export function geometricMeans(rows) {
  const groups = Map.groupBy ? Map.groupBy(rows, (row) => row.mean) : new Map();
  if (!Map.groupBy)
    for (const row of rows) groups.set(row.mean, [...(groups.get(row.mean) ?? []), row]);
  groups.delete(undefined);
  return [...groups].map(([name, members]) => ({
    row: `geometric mean of ORT/ours, ${name}`,
    speedup: Math.exp(
      members.reduce((sum, { ratio }) => sum - Math.log(ratio.median), 0) / members.length,
    ),
    atLeast: 1.25,
  }));
}

const cellsOf = (row) => {
  if (row.missing)
    return [row.row, '', '', '', '', `not there: ${row.missing.split('\n').slice(0, 2).join(' ')}`];
  if (row.speedup)
    return [
      row.row,
      '',
      '',
      row.speedup.toFixed(2),
      `>= ${row.atLeast}`,
      row.speedup >= row.atLeast ? 'holds' : 'MISSED',
    ];
  const ratio = row.ratio ? `${row.ratio.min.toFixed(3)} / ${row.ratio.median.toFixed(3)}` : '';
  const share = row.share
    ? `, ${(100 * row.share.best).toFixed(0)} / ${(100 * row.share.median).toFixed(0)} % of peak`
    : '';
  const bound = row.ofOrt
    ? `<= ${+row.ofOrt.atMost.toFixed(3)}`
    : row.ofPeak
      ? `>= ${100 * row.ofPeak.atLeast} %`
      : '';
  const verdict = row.holds === undefined ? '' : row.holds ? 'holds' : 'MISSED';
  return [
    row.row,
    pair(row.ours),
    pair(row.ort ?? row.tfjs),
    ratio + share,
    bound,
    [verdict, row.share?.settled, row.note].filter(Boolean).join(', '),
  ];
};

export function table(rows) {
  const head = ['row', 'ours min / median', 'other min / median', 'ours/other', 'bound', ''];
  const lines = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, i) => Math.max(...lines.map((cells) => cells[i].length)));
  return lines
    .map((cells) =>
      cells
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
