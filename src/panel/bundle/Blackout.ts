import { compilePattern, type Hits } from '../text/compileSearch';

/** The mark in the place of a word. It tells nothing, not even the length. */
export const MARK = '█████';
/** Most words and patterns of a list. */
const MOST = 200;

interface Finder {
  isPattern: boolean;
  /** UTF-16 units of a word, 0 for a pattern: longer words go first, so that no part of one stays. */
  length: number;
  find: (text: string) => Hits;
  times: number;
}

/**
 * Blacks out words and patterns wherever they stand: in texts, in JSON within texts, in names of fields, in numbers, and
 * across the pieces of a list, such as tokens. Words are found whatever their case, their Unicode form, the blanks
 * within them, and as an address, HTML or JSON would write them.
 */
export class Blackout {
  private readonly inOrder: readonly Finder[];

  private constructor(private readonly finders: readonly Finder[]) {
    this.inOrder = [...finders].sort((a, b) => b.length - a.length);
  }

  /** A word a line, or a pattern of RE2 as `/…/`. Rejects where a pattern is not valid, and says which. */
  static async of(list: string): Promise<Blackout> {
    const lines = list
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.replaceAll('█', '') !== '');
    if (lines.length > MOST) {
      throw new Error(`${lines.length} words and patterns: a list may have ${MOST}.`);
    }
    return new Blackout(await Promise.all(lines.map(finderOf)));
  }

  /** The number of times that each was found, in the order of the list. */
  get times(): ReadonlyArray<{ isPattern: boolean; times: number }> {
    return this.finders.map(({ isPattern, times }) => ({ isPattern, times }));
  }

  get isEmpty(): boolean {
    return this.finders.length === 0;
  }

  text(text: string): string {
    return this.inOrder.reduce((left, finder) => covered(left, this.count(finder, finder.find(left))), text);
  }

  /** The same of any JSON: what a blacked-out number was becomes a text. */
  value(value: unknown): unknown {
    if (this.isEmpty) {
      return value;
    }
    if (typeof value === 'string') {
      return this.json(value) ?? this.text(value);
    }
    if (typeof value === 'number') {
      const text = String(value);
      const left = this.text(text);
      return left === text ? value : left;
    }
    if (Array.isArray(value)) {
      return this.list(value);
    }
    return typeof value === 'object' && value !== null ? this.object(value) : value;
  }

  private count(finder: Finder, hits: Hits): Hits {
    finder.times += hits.length;
    return hits;
  }

  /** A text that is JSON: its escapes may hide a word. Undefined where it is none, or nothing is in there. */
  private json(text: string): string | undefined {
    if (!/^\s*[[{"]/.test(text)) {
      return undefined;
    }
    const before = this.finders.map(({ times }) => times);
    try {
      const parsed: unknown = JSON.parse(text);
      const left = JSON.stringify(this.value(parsed));
      if (this.finders.some(({ times }, i) => times !== before[i])) {
        return this.text(left);
      }
    } catch {
      // A text like any other.
    }
    return undefined;
  }

  private object(value: object): Record<string, unknown> {
    const left: Record<string, unknown> = {};
    for (const [key, one] of Object.entries(value)) {
      let name = this.text(key);
      while (Object.hasOwn(left, name)) {
        name += '█';
      }
      Object.defineProperty(left, name, {
        value: this.value(one),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return left;
  }

  private list(values: readonly unknown[]): unknown[] {
    const left = values.map((value) => this.value(value));
    const pieces = this.acrossPieces(left);
    if (pieces) {
      return pieces;
    }
    // Entries such as `{text, logprob}`, each with a piece.
    const names = new Set(left.flatMap((one) => (isRecord(one) ? Object.keys(one) : [])));
    for (const name of names) {
      const texts = left.map((one) => (isRecord(one) && Object.hasOwn(one, name) ? one[name] : null));
      this.acrossPieces(texts)?.forEach((text, i) => {
        const one = left[i];
        if (isRecord(one) && text !== texts[i]) {
          one[name] = text;
        }
      });
    }
    return left;
  }

  /** A word can begin in one piece of a text and end in another. Undefined where none does, or these are no pieces. */
  private acrossPieces(pieces: readonly unknown[]): unknown[] | undefined {
    const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : ''));
    if (texts.filter((text) => text !== '').length < 2) {
      return undefined;
    }
    const whole = texts.join('');
    const hits = this.inOrder.flatMap((finder) => this.count(finder, finder.find(whole)));
    if (hits.length === 0) {
      return undefined;
    }
    let from = 0;
    return pieces.map((piece, i) => {
      const to = from + (texts[i]?.length ?? 0);
      const within = hits
        .filter(([start, end]) => start < to && end > from)
        .map(([start, end]): [number, number] => [Math.max(start, from) - from, Math.min(end, to) - from])
        .sort((a, b) => a[0] - b[0]);
      from = to;
      return typeof piece === 'string' ? covered(piece, within) : piece;
    });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Hits may overlap: what any of them covers is gone. */
function covered(text: string, hits: Hits): string {
  let left = '';
  let at = 0;
  for (const [from, to] of hits) {
    if (to > at) {
      left += from >= at ? text.slice(at, from) + MARK : '';
      at = to;
    }
  }
  return left + text.slice(at);
}

async function finderOf(line: string): Promise<Finder> {
  const [, pattern] = /^\/(.+)\/$/.exec(line) ?? [];
  if (pattern !== undefined) {
    const matcher = await compilePattern(pattern, false);
    return { isPattern: true, length: 0, times: 0, find: (text) => matcher.hits(text, Number.POSITIVE_INFINITY) };
  }
  const word = new RegExp(formsOf(line).map(literally).join('|'), 'giu');
  return {
    isPattern: false,
    length: line.length,
    times: 0,
    find: (text) => Array.from(text.matchAll(word), ({ index, 0: hit }) => [index, index + hit.length]),
  };
}

/** A word as texts, addresses, HTML and JSON write it, the longest form first. */
function formsOf(word: string): string[] {
  const forms = [word, word.normalize('NFC'), word.normalize('NFD')].flatMap((form) => [
    form,
    inAddress(form),
    inAddress(form).replaceAll('%20', '+'),
    inAddress(inAddress(form)),
    form.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    JSON.stringify(form).slice(1, -1),
  ]);
  return [...new Set(forms)].sort((a, b) => b.length - a.length);
}

/** Half a surrogate pair has no such form. */
const inAddress = (text: string) => encodeURIComponent(text.replace(/\p{Cs}/gu, ''));

/** Writes a pattern that takes any blank, or several, where the word has one. */
const literally = (form: string) => form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+');
