// Tells three kinds of iris apart by the sizes of their leaves, in cm: the flowers that Edgar
// Anderson measured and R. A. Fisher published in 1936.
import { readFileSync } from 'node:fs';
import { Graph, ndarray, nn, placeholder, Session, tanh, train } from 'tensorwright';

const names = ['setosa', 'versicolor', 'virginica'];
const lines = readFileSync(new URL('iris.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const flowers = lines.slice(1).map((line) => line.split(','));

// Every fifth flower is kept for the test.
function part(isTest) {
  const rows = flowers.filter((_, i) => (i % 5 === 0) === isTest);
  return {
    leaves: ndarray(
      rows.map((row) => row.slice(0, 4).map(Number)),
      { dtype: 'float32' },
    ),
    kinds: ndarray(
      rows.map((row) => names.indexOf(row[4])),
      { dtype: 'int32' },
    ),
  };
}
const [trainSet, testSet] = [part(false), part(true)];

const graph = new Graph({ seed: 1 });
const { loss, step, accuracy, confusion } = graph.asDefault(() => {
  const leaves = placeholder('float32', [null, 4], { name: 'leaves' });
  const kinds = placeholder('int32', [null], { name: 'kinds' });
  const logits = nn.dense(nn.dense(leaves, 16, { activation: tanh }), 3);
  const loss = nn.losses.sparseSoftmaxCrossEntropy(kinds, logits);
  const seen = logits.argMax(-1, { outputType: 'int32' });
  return {
    loss,
    step: train.adam(0.01).minimize(loss),
    accuracy: nn.metrics.accuracy(kinds, seen),
    confusion: nn.metrics.confusionMatrix(kinds, seen, 3),
  };
});

const session = new Session(graph);
await session.initialize();
await train.fit({
  session,
  step: { step, loss },
  data: train.data(trainSet).shuffle({ seed: 1 }).batch(16),
  epochs: 60,
  validate: { data: [testSet], metrics: { accuracy }, every: 10 },
  callbacks: [
    ({ epoch, metrics, validation }) => {
      if (!validation) return;
      const right = (100 * validation.accuracy).toFixed(1);
      console.log(`epoch ${epoch + 1}: loss ${metrics.loss.toFixed(3)}, test ${right} % right`);
    },
  ],
});

await session.run(confusion.reset);
await session.run(confusion.update, { feeds: testSet });
const counts = await session.run(confusion.value);
console.log('\nkinds (down) as they were seen (across)');
for (const [i, row] of counts.toArray().entries()) {
  console.log(names[i].padEnd(12), row.map((n) => String(n).padStart(4)).join(''));
}
await session.close();
