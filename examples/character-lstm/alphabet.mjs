/** The characters of a text as numbers, and back. */
export function alphabetOf(text) {
  const characters = [...new Set(text)].sort();
  const numbers = new Map(characters.map((character, i) => [character, i]));
  return {
    size: characters.length,
    encode: (part) => Int32Array.from(part, (character) => numbers.get(character)),
    decode: (ids) => Array.from(ids, (id) => characters[id]).join(''),
  };
}
