/** Each symbol with what may stand for it; other words stand for themselves. */
const rules = {
  sentence: ['one does .', 'many do .'],
  one: ['the person', 'the kind person', 'the person who does'],
  many: ['the people', 'the kind people', 'the people who do'],
  does: ['sleeps', 'verb-s somebody', 'verb-s somebody and does'],
  do: ['sleep', 'verb somebody', 'verb somebody and do'],
  somebody: ['one', 'many'],
  person: ['cat', 'dog', 'child', 'poet'],
  people: ['cats', 'dogs', 'children', 'poets'],
  kind: ['old', 'quiet', 'clever'],
  verb: ['sees', 'hears', 'likes'].map((word) => word.slice(0, -1)),
  'verb-s': ['sees', 'hears', 'likes'],
};

/** The words of a random sentence; `integer(n)` gives a number below n. */
export function randomSentence(integer, symbol = 'sentence') {
  const choices = rules[symbol];
  if (!choices) return [symbol];
  const words = choices[integer(choices.length)].split(' ');
  return words.flatMap((word) => randomSentence(integer, word));
}

/** The places where a symbol that begins at a place of the words may end. */
function* endsOf(symbols, words, at) {
  const [first, ...rest] = symbols;
  if (first === undefined) yield at;
  else if (!rules[first]) {
    if (words[at] === first) yield* endsOf(rest, words, at + 1);
  } else {
    for (const choice of rules[first]) {
      for (const end of endsOf(choice.split(' '), words, at)) yield* endsOf(rest, words, end);
    }
  }
}

export function isSentence(words) {
  return [...endsOf(['sentence'], words, 0)].includes(words.length);
}
