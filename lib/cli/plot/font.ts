/** Letters of 5 by 7 dots: seven rows, each a digit in base 32 whose bits are the dots. */
const glyphs: Readonly<Record<string, string>> = {
  ...{ ' ': '0000000', '.': '00000cc', ',': '0000c48', '-': '000v000', '+': '044v440' },
  ...{ '/': '01248g0', _: '000000v', ':': '0cc0cc0', '(': '2488842', ')': '8422248' },
  ...{ '%': 'op248j3', '=': '00v0v00', '[': 'e88888e', ']': 'e22222e', '*': '04lel40' },
  ...{ 0: 'ehjlphe', 1: '4c4444e', 2: 'eh1248v', 3: 'v2421he', 4: '26aiv22' },
  ...{ 5: 'vgu11he', 6: '68guhhe', 7: 'v124888', 8: 'ehhehhe', 9: 'ehhf12c' },
  ...{ A: 'ehhvhhh', B: 'uhhuhhu', C: 'ehggghe', D: 'sihhhis', E: 'vgguggv', F: 'vgguggg' },
  ...{ G: 'ehgnhhf', H: 'hhhvhhh', I: 'e44444e', J: '72222ic', K: 'hikokih', L: 'ggggggv' },
  ...{ M: 'hrllhhh', N: 'hhpljhh', O: 'ehhhhhe', P: 'uhhuggg', Q: 'ehhhlid', R: 'uhhukih' },
  ...{ S: 'fgge11u', T: 'v444444', U: 'hhhhhhe', V: 'hhhhha4', W: 'hhhllla', X: 'hha4ahh' },
  ...{ Y: 'hhha444', Z: 'v1248gv', a: '00e1fhf', b: 'ggmphhu', c: '00egghe', d: '11djhhf' },
  ...{ e: '00ehvge', f: '698s888', g: '0fhhf1e', h: 'ggmphhh', i: '40c444e', j: '20622ic' },
  ...{ k: 'ggikoki', l: 'c44444e', m: '00qllhh', n: '00mphhh', o: '00ehhhe', p: '00uhugg' },
  ...{ q: '00djf11', r: '00mpggg', s: '00ege1u', t: '88s8896', u: '00hhhjd', v: '00hhha4' },
  ...{ w: '00hhlla', x: '00ha4ah', y: '00hhf1e', z: '00v248v' },
};
const kUnknown = 'vhhhhhv';

export const kGlyphWidth = 6;
export const kGlyphHeight = 7;

/** The dots of a text, as columns and rows. */
export function* dotsOf(text: string): Generator<readonly [x: number, y: number]> {
  for (const [i, letter] of [...text].entries()) {
    const rows = Object.hasOwn(glyphs, letter) ? glyphs[letter]! : kUnknown;
    for (const [y, digit] of [...rows].entries()) {
      const bits = Number.parseInt(digit, 32);
      for (let x = 0; x < 5; x++) if (bits & (16 >> x)) yield [i * kGlyphWidth + x, y];
    }
  }
}
