import { group, nn, placeholder, variable, zeros } from 'tensorwright';

/** From characters [1, n] and a state to logits [1, n, size] and the state behind them. */
function predict(ids, size, units, initialState) {
  return nn.variableScope('model', { reuse: 'auto' }, () => {
    const x = nn.embedding(ids, size, 32);
    const { outputs, state } = nn.lstm(x, units, { initialState });
    return { logits: nn.dense(outputs, size), state };
  });
}

/**
 * The loss of predicting each next character of a piece of text. The state that the model reads a
 * piece with is kept in variables, so that the next piece goes on where this one ends: call
 * `restart` before the text begins anew, and run `carry` with each piece.
 */
export function readingModel(size, units) {
  const ids = placeholder('int32', [1, null], { name: 'ids' });
  const next = placeholder('int32', [1, null], { name: 'next' });
  const kept = ['h', 'c'].map((name) =>
    variable(zeros([1, units]), { name: `kept_${name}`, trainable: false }),
  );
  const [h, c] = kept.map((part) => part.read());
  const { logits, state } = predict(ids, size, units, { h, c });
  return {
    loss: nn.losses.sparseSoftmaxCrossEntropy(next, logits),
    carry: group([kept[0].assign(state.h), kept[1].assign(state.c)]),
    restart: kept.map((part) => part.initializer),
  };
}

/** One character and a state in, the likeliest next character and the state behind it out. */
export function writingModel(size, units) {
  const [id, h, c] = [
    placeholder('int32', [1, 1]),
    placeholder('float32', [1, units]),
    placeholder('float32', [1, units]),
  ];
  const { logits, state } = predict(id, size, units, { h, c });
  return {
    feeds: [id, h, c],
    fetches: [logits.argMax(-1, { outputType: 'int32' }), state.h, state.c],
  };
}
