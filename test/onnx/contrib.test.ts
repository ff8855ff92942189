import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ndarray } from '../../lib/ndArray.js';
import { loadSync } from '../../lib/onnx/index.js';
import { Session } from '../../lib/session.js';
import { type ContribCase, contribModel, valuesOf } from './contribModel.js';
import { modelFile } from './write.js';

// Operators of com.microsoft, compared with what onnxruntime-node gave (bench/record-contrib.mjs):
// floats within 1e-4, bytes within one quantum.

const cases: readonly ContribCase[] = JSON.parse(
  readFileSync(join(__dirname, 'contrib.json'), 'utf8'),
);

function outputsOf(each: ContribCase) {
  const model = loadSync(modelFile(contribModel(each)));
  using session = new Session(model.graph, { threads: 1 });
  const feeds = new Map(
    each.inputs.flatMap((input, i) => {
      const fed = model.inputs[`i${i}`];
      if (!input || !fed) return [];
      return [
        [fed, ndarray(valuesOf(input, i), { dtype: input.dtype, shape: input.shape })] as const,
      ];
    }),
  );
  const names = each.outputs.filter((name) => name !== '');
  return session.runSync(
    names.map((name) => model.outputs[name]!),
    { feeds },
  );
}

describe.each(cases.map((each, i) => [`${each.op} ${each.title ?? ''}#${i}`, each] as const))(
  '%s',
  (_, each) => {
    test('gives what the peer gave', () => {
      const outputs = outputsOf(each);
      expect(each.expected).toHaveLength(each.compared ?? outputs.length);
      for (const [i, { shape, data }] of (each.expected ?? []).entries()) {
        const output = outputs[i]!;
        expect(output.shape).toEqual(shape);
        const most = output.dtype === 'float32' ? 1e-4 : 1;
        const got = Array.from(output.data as ArrayLike<number>, Number);
        const off = data.map(
          (value, k) => Math.abs(value - got[k]!) / (most === 1 ? 1 : Math.max(1, Math.abs(value))),
        );
        expect(Math.max(...off)).toBeLessThanOrEqual(most);
      }
    });
  },
);
