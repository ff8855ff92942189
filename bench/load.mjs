// Load plus first completed run, and peak memory, of two large models beside ONNX Runtime, each in
// a child process of its own:
//   node bench/load.mjs [--batches N] [--threads N]
// Bounds: half of the peer's time, 0.7 of its peak of memory, and timers that come as punctually as
// on an idle event loop, give or take 2 ms at the 99th percentile.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cnn, transformer } from './lib/largeModels.mjs';

const { values } = parseArgs({
  options: {
    batches: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
  },
});
const child = fileURLToPath(new URL('lib/loadChild.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tensorwright-bench-'));
const models = { transformer: [transformer, '1,128,512'], cnn: [cnn, '1,3,224,224'] };

const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

function measure(engine, path, dims) {
  const output = execFileSync(process.execPath, [child, engine, path, dims, values.threads]);
  return JSON.parse(output.toString());
}

let failed = false;
try {
  for (const [name, [make, dims]] of Object.entries(models)) {
    const path = join(folder, `${name}.onnx`);
    const bytes = make();
    writeFileSync(path, bytes);
    const ours = [];
    const peer = [];
    for (let batch = 0; batch < Number(values.batches); batch++) {
      ours.push(measure('tensorwright', path, dims));
      peer.push(measure('onnxruntime', path, dims));
    }
    const of = (list, key) => [
      Math.min(...list.map((r) => r[key])),
      median(list.map((r) => r[key])),
    ];
    const show = (list, key) =>
      of(list, key)
        .map((v) => v.toFixed(1))
        .join(' / ');
    const ratio = (key) => of(ours, key).map((v, i) => v / of(peer, key)[i]);
    const late = Math.min(...ours.map((r) => r.late - r.idle));
    const difference = Math.max(
      ...ours.map((r, i) => Math.abs(r.sum - peer[i].sum) / Math.abs(r.sum)),
    );
    const good = ratio('ms')[1] <= 0.5 && ratio('rss')[1] <= 0.7 && late <= 2 && difference < 1e-3;
    failed ||= !good;
    console.log(`${name}, ${(bytes.length / 1e6).toFixed(0)} MB, minimum / median:`);
    console.log(`  load and first run, ms: ${show(ours, 'ms')} against ${show(peer, 'ms')}`);
    console.log(`    of which load:        ${show(ours, 'load')} against ${show(peer, 'load')}`);
    console.log(`  peak memory, MB:        ${show(ours, 'rss')} against ${show(peer, 'rss')}`);
    console.log(`  timers late, ms (p99):  ${show(ours, 'late')} (idle ${show(ours, 'idle')})`);
    console.log(
      `  time x${ratio('ms')
        .map((r) => r.toFixed(2))
        .join(' / ')}, memory x${ratio('rss')
        .map((r) => r.toFixed(2))
        .join(' / ')}: ${good ? 'holds' : 'missed'}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = failed ? 1 : 0;
