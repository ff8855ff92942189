import { EngineError } from '../errors.js';

/** A Python literal: tuples and lists as arrays, dicts as maps. */
export type Literal = string | number | boolean | null | Literal[] | Map<string, Literal>;

const token =
  /\s*(?:([[\](){},:])|(-?\d+)L?|[ub]?'((?:[^'\\]|\\.)*)'|[ub]?"((?:[^"\\]|\\.)*)"|(True|False|None))/y;

const words: Readonly<Record<string, Literal>> = { True: true, False: false, None: null };
const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

interface Tokens {
  readonly text: string;
  at: number;
  depth: number;
}

interface Mark {
  readonly mark: string;
}

function next(tokens: Tokens): Literal | Mark {
  token.lastIndex = tokens.at;
  const match = token.exec(tokens.text);
  if (match === null) throw malformed(tokens);
  tokens.at = token.lastIndex;
  const [, mark, number, single, double, word] = match;
  if (mark !== undefined) return { mark };
  if (number !== undefined) return Number(number);
  if (word !== undefined) return words[word]!;
  return (single ?? double ?? '').replace(/\\(.)/g, '$1');
}

function malformed(tokens: Tokens): EngineError {
  const found = tokens.text.slice(tokens.at, tokens.at + 20).trim();
  return new EngineError(
    'INVALID_ARGUMENT',
    `Expected a Python literal in the header at character ${tokens.at} but received '${found}'`,
  );
}

function isMark(item: Literal | Mark): item is Mark {
  return typeof item === 'object' && item !== null && 'mark' in item;
}

function literal(tokens: Tokens, item: Literal | Mark): Literal {
  if (!isMark(item)) return item;
  const close = closing[item.mark];
  if (close === undefined || tokens.depth >= 16) throw malformed(tokens);
  tokens.depth++;
  const result = item.mark === '{' ? dict(tokens) : sequence(tokens, close);
  tokens.depth--;
  return result;
}

function sequence(tokens: Tokens, close: string): Literal[] {
  const items: Literal[] = [];
  for (;;) {
    const item = next(tokens);
    if (isMark(item) && item.mark === close) return items;
    items.push(literal(tokens, item));
    if (ends(tokens, close)) return items;
  }
}

function dict(tokens: Tokens): Map<string, Literal> {
  const entries = new Map<string, Literal>();
  for (;;) {
    const key = next(tokens);
    if (isMark(key) && key.mark === '}') return entries;
    const colon = next(tokens);
    if (typeof key !== 'string' || !isMark(colon) || colon.mark !== ':') throw malformed(tokens);
    entries.set(key, literal(tokens, next(tokens)));
    if (ends(tokens, '}')) return entries;
  }
}

/** Reads what stands after an item: a comma, or the closing bracket. */
function ends(tokens: Tokens, close: string): boolean {
  const mark = next(tokens);
  if (isMark(mark) && mark.mark === close) return true;
  if (isMark(mark) && mark.mark === ',') return false;
  throw malformed(tokens);
}

export function parseLiteral(text: string): Literal {
  const tokens: Tokens = { text, at: 0, depth: 0 };
  const result = literal(tokens, next(tokens));
  if (text.slice(tokens.at).trim() !== '') throw malformed(tokens);
  return result;
}
