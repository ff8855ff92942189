import * as tw from 'tensorwright';

const { nn } = tw;

/** Attention and two dense layers, each added to what comes in. */
function block(x, width, heads) {
  const seen = nn.layerNorm(x);
  const mixed = x.add(nn.multiHeadAttention(seen, seen, { heads, causal: true }));
  const hidden = nn.dense(nn.layerNorm(mixed), 4 * width, { activation: tw.gelu });
  return mixed.add(nn.dense(hidden, width));
}

/** From words [batch, n] to logits [batch, n, size] of the words that follow. */
function predict(ids, { size, context, width, heads, layers }) {
  return nn.variableScope('model', { reuse: 'auto' }, () => {
    let x = nn.embedding(ids, size, width);
    x = nn.positionalEncoding(x, { kind: 'learned', maxLength: context });
    for (let i = 0; i < layers; i++) x = block(x, width, heads);
    return nn.dense(nn.layerNorm(x), size);
  });
}

/** A transformer that predicts the next word from those before: its loss, and how it goes on. */
export function languageModel(options) {
  const { size, context } = options;
  // Each window has one word more than the model sees: the last one is only predicted.
  const window = tw.placeholder('int32', [null, context + 1], { name: 'window' });
  const seen = tw.slice(window, [0, 0], [-1, context]);
  const next = tw.slice(window, [0, 1], [-1, context]);
  const loss = nn.losses.sparseSoftmaxCrossEntropy(next, predict(seen, options));

  const begun = tw.placeholder('int32', [1, null], { name: 'begun' });
  const logits = tw.reshape(predict(begun, options), [-1, size]);
  return { loss, likely: logits.argMax(-1), drawn: tw.multinomial(logits, 1) };
}
