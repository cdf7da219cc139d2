import type { Scanner } from './Scanner';

/** A value as JSON writes it, or a variable. */
export function parseValue(scanner: Scanner): unknown {
  const text = scanner.takeText();
  if (text !== undefined) {
    return text;
  }
  const number = scanner.takeNumber();
  if (number !== undefined) {
    return number;
  }
  for (const [word, value] of [
    ['true', true],
    ['false', false],
    ['null', null],
  ] as const) {
    if (scanner.takeWord(word)) {
      return value;
    }
  }
  if (scanner.takeSymbol('[')) {
    return scanner.list(']', 'after the list', () => parseValue(scanner));
  }
  if (scanner.takeSymbol('{')) {
    const entries = scanner.list('}', 'after the object', () => {
      const key = scanner.needText('A key');
      scanner.need(':', 'after the key');
      return [key, parseValue(scanner)] as const;
    });
    return Object.fromEntries(entries);
  }
  throw scanner.failure('A value is missing: a "text", a number, true, false, null, a [list] or a $variable.');
}

/** A value as `parseValue` reads it back. */
export function writeValue(value: unknown, quote: (text: string) => string): string {
  if (typeof value === 'string') {
    return quote(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((one) => writeValue(one, quote)).join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, one]) => `${quote(key)}: ${writeValue(one, quote)}`);
    return `{${entries.join(', ')}}`;
  }
  return typeof value === 'number' ? writeNumber(value) : String(value);
}

/** A small one as people write learning rates: `1e-6`, which is the same number. */
function writeNumber(value: number): string {
  const short = value.toExponential();
  return Object.is(value, -0) ? '-0' : value !== 0 && Math.abs(value) < 1e-3 ? short : String(value);
}
