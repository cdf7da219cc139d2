import { StoreError } from '../../StoreError';

/** Characters of a filter, or of what to order by. */
const MOST_CHARS = 10_000;

const TOKEN =
  /\s*(?:(?<text>'[^']*'|"[^"]*")|(?<name>`[^`]*`)|(?<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(?![\w./-])|(?<sign><=|>=|!=|[=<>(),])|(?<word>[\w./-]+))\s*/iy;

export interface Token {
  /** `name` is one in backticks. */
  kind: 'text' | 'name' | 'number' | 'sign' | 'word';
  /** The text without its quotes. */
  text: string;
}

/** The words of one of MLflow's searches, read one after the other. */
export class Tokens {
  private at = 0;

  constructor(
    private readonly source: string,
    /** The words that say what may be written, for a message. */
    private readonly grammar: string,
  ) {
    if (source.length > MOST_CHARS) {
      throw new StoreError('invalid_request', `A search may have ${MOST_CHARS} characters.`);
    }
    this.at = source.length - source.trimStart().length;
  }

  get isAtEnd(): boolean {
    return this.at >= this.source.length;
  }

  /** The next one, if it is of these kinds. */
  take(...kinds: Token['kind'][]): Token | undefined {
    const [token, end] = this.look();
    if (!token || !kinds.includes(token.kind)) {
      return undefined;
    }
    this.at = end;
    return token;
  }

  /** Takes the next one if it is this word or sign, words in any case, and says whether it was. */
  takes(expected: string): boolean {
    const [token, end] = this.look();
    const isIt = (token?.kind === 'word' || token?.kind === 'sign') && token.text.toLowerCase() === expected;
    this.at = isIt ? end : this.at;
    return isIt;
  }

  /** Throws `invalid_request`. */
  refuse(): never {
    const rest = this.source.slice(this.at, this.at + 100);
    const where = rest === '' ? 'at its end' : `at ${JSON.stringify(rest)}`;
    throw new StoreError(
      'invalid_request',
      `${JSON.stringify(this.source.slice(0, 200))} is not understood ${where}. ${this.grammar}`,
    );
  }

  private look(): [token: Token | undefined, end: number] {
    TOKEN.lastIndex = this.at;
    const groups = TOKEN.exec(this.source)?.groups ?? {};
    const found = Object.entries(groups).find(([, text]) => text !== undefined);
    if (!found) {
      return [undefined, this.at];
    }
    const [kind, text] = found as [Token['kind'], string];
    const isQuoted = kind === 'text' || kind === 'name';
    return [{ kind, text: isQuoted ? text.slice(1, -1) : text }, TOKEN.lastIndex];
  }
}
