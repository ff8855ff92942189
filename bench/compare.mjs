// Compares two result files of run.mjs row by row: node bench/compare.mjs before.json after.json
import { readFileSync } from 'node:fs';

const [before, after] = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')));
if (after === undefined) {
  console.error('two result files are needed: node bench/compare.mjs before.json after.json');
  process.exit(1);
}
for (const { machine, date } of [before, after]) {
  console.log(`${date}  ${machine.cpu}, ${machine.cores} cores, node ${machine.node}`);
}
const old = new Map(before.rows.map((row) => [row.row, row]));
const width = Math.max(...after.rows.map(({ row }) => row.length));
const change = (a, b) =>
  `${a.toFixed(2).padStart(12)} -> ${b.toFixed(2).padStart(12)} us  x${(b / a).toFixed(2)}`;
for (const row of after.rows) {
  const was = old.get(row.row);
  if (!row.ours || !was?.ours) continue;
  console.log(
    `${row.row.padEnd(width)}  min ${change(was.ours.min, row.ours.min)}   median ${change(was.ours.median, row.ours.median)}`,
  );
}
