import { endOfString, parseExactJson } from '@rolloscope/contract/exactJson';
import { type Dialect, PLAIN } from './parseInTurns';

/** The words that Python's `json` writes for numbers that JSON has no word for. */
const NON_FINITE = /-?Infinity|NaN/y;

/**
 * A JSON text as Python's `json.dumps` writes it, where bare `NaN`, `Infinity` and `-Infinity` may stand: they become
 * the strings that the contract has for them; integers beyond 2^53 are texts of their digits. Throws a `SyntaxError` for anything else that is not JSON.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch (cause) {
    if (!hasNonFinite(text)) {
      throw cause;
    }
  }
  return parseExactJson(replaceNonFinite(text, (found) => `"${found}"`));
}

/** The same, for what is parsed in turns. */
export const PYTHON: Dialect = {
  parse: parsePythonJson,
  masked: (text) =>
    hasNonFinite(text) ? replaceNonFinite(text, (found) => `"${'_'.repeat(found.length - 2)}"`) : PLAIN.masked(text),
};

const hasNonFinite = (text: string) => text.includes('NaN') || text.includes('Infinity');

/** Goes from string to string: a pattern over whole strings would overflow the stack on a long one. */
function replaceNonFinite(text: string, by: (found: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === 'N' || character === 'I' || character === '-') {
      NON_FINITE.lastIndex = at;
      const [found] = NON_FINITE.exec(text) ?? [];
      if (found) {
        parts.push(text.slice(from, at), by(found));
        from = at + found.length;
        at = from - 1;
      }
    }
  }
  return parts.join('') + text.slice(from);
}
