import Papa from 'papaparse';
import { hasDecimalCommas } from './csvValue';

/** The dialect of a CSV file. Texts here have one character a byte, so that places in them are the file's own. */
export interface CsvDialect {
  delimiter: string;
  newline: '\n' | '\r';
  /** Within a cell a quote is written as `\"`, and a backslash as `\\`. */
  hasBackslashes: boolean;
}

export interface CsvHead extends CsvDialect {
  /** The names of the columns, as they are. */
  header: string[];
  /** Numbers have commas for points: always where `;` is between cells, else where those of the first records say so. */
  hasCommas: boolean;
  /** Places in the text where the header begins and ends. */
  from: number;
  to: number;
}

/** A record as it stands in the file. */
export interface CsvRow {
  cells: string[];
  /** The place in the text where it ends. */
  end: number;
}

const DELIMITERS = [',', ';', '\t', '|'];
/** Records that tell the delimiter. */
const LOOKED_AT = 20;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
/** The first line that Excel writes to name the delimiter. */
const NAMED = /^sep=(.)\r?\n/;
/** A cell in quotes with a quote inside that is escaped so: by the rules the cell would be over there. */
const BACKSLASHED = /(?:^|[,;\t|\n])"[^"\n]*\\"[\w.]/m;
/** Characters for what stands in a cell as it is while it is parsed: no byte is such a one. */
const NO_QUOTE = '\u0104';
const [BACKSLASH, QUOTE, NOTHING] = ['\u0100', '\u0101', '\u0102'];

/** Reads what the beginning of a file tells. Undefined where it has no text, and while its first record may go on. */
export function readCsvHead(text: string, isWhole: boolean): CsvHead | undefined {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  const named = NAMED.exec(text.slice(mark, mark + 10));
  const from = mark + (named?.[0].length ?? 0);
  const rest = text.slice(from);
  if (rest === '') {
    return undefined;
  }
  const newline = !rest.includes('\n') && rest.includes('\r') ? '\r' : '\n';
  const hasBackslashes = BACKSLASHED.test(rest);
  const common = { newline, hasBackslashes } as const;
  const delimiter = named?.[1] ?? delimiterOf(rest, common, isWhole);
  const dialect = { ...common, delimiter };
  const { rows, open } = parseCsv(rest, dialect, isWhole, 1);
  const [first] = open === undefined ? rows : parseCsv(rest, dialect, isWhole, 1, false).rows;
  const cells = () => parseCsv(rest, dialect, isWhole, LOOKED_AT).rows.flatMap((row) => row.cells);
  const hasCommas = delimiter === ';' || (delimiter !== ',' && hasDecimalCommas(cells()));
  return first && { ...dialect, hasCommas, header: first.cells, from, to: from + first.end };
}

/** The one by which most records have as many cells as the first, and that makes most of them. */
function delimiterOf(text: string, common: Omit<CsvDialect, 'delimiter'>, isWhole: boolean): string {
  const scored = DELIMITERS.map((delimiter) => {
    const { rows, open } = parseCsv(text, { ...common, delimiter }, isWhole, LOOKED_AT);
    const width = rows[0]?.cells.length ?? 0;
    const written = rows.filter(({ cells }) => cells.length > 1 || cells[0]?.trim() !== '');
    const alike = written.filter(({ cells }) => cells.length === width).length;
    return { delimiter, width, share: alike / Math.max(1, written.length + (open === undefined ? 0 : 1)) };
  });
  const [best] = scored.filter(({ width }) => width > 1).toSorted((a, b) => b.share - a.share || b.width - a.width);
  return best?.delimiter ?? ',';
}

/**
 * The records of a text: quotes open a cell where it begins, close it where a delimiter or the line's end follows, and
 * are text everywhere else. The last record is given only where `isLast`; `open` is where it begins if its quotes do not
 * close. `quotes: false` takes every quote for text.
 */
export function parseCsv(
  text: string,
  { delimiter, newline, hasBackslashes }: CsvDialect,
  isLast: boolean,
  most = Number.POSITIVE_INFINITY,
  quotes = true,
): { rows: CsvRow[]; open?: number } {
  const rows: CsvRow[] = [];
  let start = 0;
  let open: number | undefined;
  const escaped =
    hasBackslashes && text.includes('\\')
      ? text.replace(/\\[\\"]/g, (found) => (found === '\\"' ? QUOTE : BACKSLASH) + NOTHING)
      : text;
  const parser = new Papa.Parser({
    delimiter,
    newline,
    quoteChar: quotes ? '"' : NO_QUOTE,
    step: ({ data, errors, meta }: Papa.ParseStepResult<string[][]>) => {
      const cells = data[0] ?? [];
      if (errors.some(({ code }) => code === 'MissingQuotes')) {
        open = start;
        return;
      }
      const end = meta.cursor;
      rows.push({ cells: plainCells(cells, escaped.slice(start, end), delimiter, escaped !== text), end });
      start = end;
      if (rows.length >= most) {
        parser.abort();
      }
    },
  });
  parser.parse(escaped, 0, !isLast);
  return { rows, ...(open !== undefined && { open }) };
}

/** Cells without the carriage return of a line's end, and with what was escaped. */
function plainCells(cells: string[], raw: string, delimiter: string, isEscaped: boolean): string[] {
  const last = cells.at(-1);
  if (last?.endsWith('\r')) {
    // In a cell in quotes it is the text's own.
    const written = raw.endsWith('\n') ? raw.slice(0, -1) : raw;
    const before = written.at(-last.length - 1);
    if (written.endsWith(last) && (before === undefined || before === delimiter)) {
      cells[cells.length - 1] = last.slice(0, -1);
    }
  }
  return isEscaped
    ? cells.map((cell) => cell.replaceAll(NOTHING, '').replaceAll(QUOTE, '"').replaceAll(BACKSLASH, '\\'))
    : cells;
}
