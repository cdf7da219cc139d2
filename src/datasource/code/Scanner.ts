import { CodeError } from './CodeError';
import type { Offer } from './Offer';
import { KEYWORDS, STRING, VARIABLE, WORD } from './words';

/** Reads a code query from left to right, and notes what could have stood where, for completion. */
export class Scanner {
  private position = 0;
  readonly offers: Array<{ from: number; offer: Offer }> = [];

  constructor(readonly text: string) {}

  /** The place where the next token starts, in UTF-16 units of the text. */
  get at(): number {
    const space = /\s*/y;
    space.lastIndex = this.position;
    return this.position + (space.exec(this.text)?.[0].length ?? 0);
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** Says what could stand here. */
  offer(offer: Offer): void {
    this.offers.push({ from: this.at, offer });
  }

  peek(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, 'y');
    sticky.lastIndex = this.at;
    return sticky.exec(this.text)?.[0];
  }

  take(pattern: RegExp): string | undefined {
    const found = this.peek(pattern);
    if (found !== undefined) {
      this.position = this.at + found.length;
    }
    return found;
  }

  /** A symbol such as `(` or `==`; `=` is not the beginning of `==`. */
  takeSymbol(symbol: string): boolean {
    const pattern = symbol.replace(/[.[\]()+*?^$|{}]/g, '\\$&');
    return this.take(new RegExp(symbol === '=' ? '=(?!=)' : pattern)) !== undefined;
  }

  takeWord(word: string): boolean {
    return this.take(new RegExp(`${word}(?![\\w])`)) !== undefined;
  }

  need(symbol: string, where: string): void {
    if (!this.takeSymbol(symbol)) {
      throw this.failure(`A ${symbol} is missing ${where}.`);
    }
  }

  /** A quoted text, or a variable, which stands for a text. */
  takeText(): string | undefined {
    const from = this.at;
    if (this.peek(/["']/)) {
      const quoted = this.take(STRING);
      if (quoted === undefined) {
        throw new CodeError(`This text has no closing ${this.text[from]}.`, from, this.text.length);
      }
      return unquote(quoted, from);
    }
    return this.take(VARIABLE);
  }

  needText(what: string): string {
    const found = this.takeText();
    if (found === undefined) {
      throw this.failure(`${what} is missing: write it in quotes, or as a $variable.`);
    }
    return found;
  }

  /** A column or key: bare, where it is a plain word; else quoted. */
  takeColumn(): string | undefined {
    const word = this.peek(WORD);
    if (word !== undefined && !KEYWORDS.has(word)) {
      return this.take(WORD);
    }
    return this.takeText();
  }

  takeNumber(): number | undefined {
    const found = this.take(/-?\d+(\.\d+)?([eE][+-]?\d+)?(?![\w])/);
    return found === undefined ? undefined : Number(found);
  }

  needCount(what: string): number {
    const from = this.at;
    const found = this.takeNumber();
    if (found === undefined || !Number.isSafeInteger(found) || found < 1) {
      throw new CodeError(`${what} takes a whole number above 0.`, from, Math.max(this.position, from + 1));
    }
    return found;
  }

  /** Items up to a closing symbol, with commas between; a last comma is allowed. */
  list<T>(close: string, where: string, item: () => T): T[] {
    const items: T[] = [];
    while (!this.takeSymbol(close)) {
      items.push(item());
      if (!this.takeSymbol(',')) {
        this.need(close, where);
        break;
      }
    }
    return items;
  }

  /** An error at the token that was read last. */
  failureBefore(message: string): CodeError {
    const before = this.text.slice(0, this.position).replace(/\)?\s*$/, '');
    return new CodeError(message, before.search(/[^\s(,]*$/), before.length);
  }

  /** An error at the next token. */
  failure(message: string): CodeError {
    const from = this.at;
    const token = this.peek(WORD) ?? this.peek(/["'][^"']*["']?/) ?? this.text[from] ?? '';
    return new CodeError(message, from, from + Math.max(1, token.length));
  }
}

function unquote(quoted: string, from: number): string {
  const inner = quoted.slice(1, -1);
  const json = quoted.startsWith('"') ? inner : inner.replace(/\\'|"/g, (found) => (found === '"' ? '\\"' : "'"));
  try {
    return JSON.parse(`"${json.replace(/[\n\r\t]/g, (space) => JSON.stringify(space).slice(1, -1))}"`) as string;
  } catch {
    throw new CodeError(
      'This text has a \\ that means nothing: write \\\\ for the character.',
      from,
      from + quoted.length,
    );
  }
}
