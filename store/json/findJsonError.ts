import { JsonFault } from './bounds';

/** The place where a text stops being JSON: a 1-based line and column, and what stood there. */
interface JsonError {
  line: number;
  column: number;
  problem: string;
}

const TOKEN = /[ \t\r\n]+|[{}[\]:,]|(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

type Expecting = 'value' | 'value or ]' | 'name or }' | 'name' | ':' | ', or }' | ', or ]' | 'the end';

/**
 * Finds the first fault of a text that `JSON.parse` refused, whose messages have a position only in some versions of
 * Node. A stack of its own, so that deep nesting is no danger.
 */
export function findJsonError(text: string): JsonError {
  const { at, problem } = findJsonFault(text);
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - (before.lastIndexOf('\n') + 1) + 1, problem };
}

/** The same, with the fault's place as the number of UTF-16 units before it. */
export function findJsonFault(text: string): JsonFault {
  const open: string[] = [];
  let expecting: Expecting = 'value';
  const afterValue = (): Expecting => (open.length === 0 ? 'the end' : open.at(-1) === '{' ? ', or }' : ', or ]');
  let at = 0;
  while (at < text.length) {
    const token = tokenAt(text, at);
    if (token === undefined) {
      return new JsonFault(at, problemAt(text, at));
    }
    const next: Expecting | undefined = /^\s/.test(token) ? expecting : step(token, expecting, open, afterValue);
    if (next === undefined) {
      return new JsonFault(at, `expected ${wording(expecting)}, found ${token.slice(0, 20)}`);
    }
    expecting = next;
    at += token.length;
  }
  return new JsonFault(text.length, `ends too early: expected ${wording(expecting)}`);
}

function tokenAt(text: string, at: number): string | undefined {
  if (text[at] !== '"') {
    TOKEN.lastIndex = at;
    return TOKEN.exec(text)?.[0];
  }
  // The end is looked for by hand: a pattern that repeats alternatives runs out of stack in a string of megabytes.
  for (let end = at + 1; end < text.length; end++) {
    const char = text.charCodeAt(end);
    if (char === 0x22) {
      return text.slice(at, end + 1);
    }
    if (char === 0x5c) {
      ESCAPE.lastIndex = end;
      if (!ESCAPE.test(text)) {
        return undefined;
      }
      end = ESCAPE.lastIndex - 1;
    } else if (char < 0x20) {
      return undefined;
    }
  }
  return undefined;
}

function step(token: string, expecting: Expecting, open: string[], afterValue: () => Expecting): Expecting | undefined {
  switch (token) {
    case '{':
    case '[':
      if (!expecting.startsWith('value')) {
        return undefined;
      }
      open.push(token);
      return token === '{' ? 'name or }' : 'value or ]';
    case '}':
    case ']':
      if (!expecting.endsWith(token)) {
        return undefined;
      }
      open.pop();
      return afterValue();
    case ':':
      return expecting === ':' ? 'value' : undefined;
    case ',':
      return expecting.startsWith(',') ? (expecting === ', or }' ? 'name' : 'value') : undefined;
    default:
      if (expecting.startsWith('name')) {
        return token.startsWith('"') ? ':' : undefined;
      }
      return expecting.startsWith('value') ? afterValue() : undefined;
  }
}

function wording(expecting: Expecting): string {
  return expecting.startsWith('name')
    ? expecting.replace('name', 'a name in double quotes')
    : expecting.replace('value', 'a value');
}

function problemAt(text: string, at: number): string {
  const rest = text.slice(at, at + 20);
  if (rest.startsWith('"')) {
    return 'a string is not closed, or holds a line break or a bad escape';
  }
  const word = /^[\w.+-]+/.exec(rest)?.[0] ?? String.fromCodePoint(rest.codePointAt(0) ?? 0);
  const hint = /^[+-]?(NaN|Inf)/i.test(word)
    ? '; non-finite numbers are the strings "NaN", "Infinity", "-Infinity"'
    : '';
  return `${JSON.stringify(word)} is not JSON${hint}`;
}
