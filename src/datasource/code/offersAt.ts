import type { RunChoice } from '../query';
import { CodeError } from './CodeError';
import type { Offer } from './Offer';
import { type CodeContext, Parsed } from './parseCode';
import { Scanner } from './Scanner';

/** The place of the cursor, and what could stand there. */
export interface CursorPlace {
  offers: Offer[];
  /** The part of the text that an accepted word replaces, in UTF-16 units. */
  from: number;
  to: number;
  /** The part of it that was typed so far, without its quote. */
  typed: string;
  /** The runs, and the table, that the text names before the cursor; undefined where it names none. */
  runs: RunChoice | undefined;
  table: string | undefined;
}

/** A word, a quoted text or a symbol that is being written. */
const UNFINISHED = /^(?:|"[^"]*|'[^']*|[\w@./:-]*|\$\{?\w*|[=!<>]+)$/;

/** Reads the text up to the cursor, as far as it goes, and says what could come there. */
export function offersAt(text: string, cursor: number, context: CodeContext): CursorPlace {
  const before = text.slice(0, cursor);
  const parsed = new Parsed(new Scanner(before), context);
  try {
    parsed.read();
  } catch (error) {
    if (!(error instanceof CodeError)) {
      throw error;
    }
  }
  const open = parsed.scanner.offers.filter(({ from }) => UNFINISHED.test(before.slice(from)));
  const places = open.map((offer) => offer.from);
  // Right behind a word one still writes that word, also where it could stand as it is.
  const begun = /[\w=!<>]$/.test(before) ? places.filter((place) => place < cursor) : [];
  const from = Math.max(-1, ...(begun.length > 0 ? begun : places));
  const written = before.slice(from);
  const isQuoted = /^["']/.test(written);
  const rest = (isQuoted ? /^[^"'\n]*["']?/ : /^[\w@]*/).exec(text.slice(cursor))?.[0] ?? '';
  return {
    offers: open.filter((offer) => offer.from === from).map(({ offer }) => offer),
    from: from < 0 ? cursor : from,
    to: cursor + rest.length,
    typed: from < 0 ? '' : written.replace(/^["']/, ''),
    runs: parsed.runs,
    table: parsed.keys?.[0],
  };
}
