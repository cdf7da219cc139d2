/** Whether every quote of a record is closed: a line feed within quotes does not end it. */
export function isWholeRecord(text: string): boolean {
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    quotes++;
  }
  return quotes % 2 === 0;
}

/** The cells of one CSV record (RFC 4180: quotes are doubled within quotes). */
export function csvCells(record: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,"]*))(,|$)/gy;
  for (;;) {
    const found = pattern.exec(record);
    if (!found) {
      throw new Error('a quote stands in the middle of a cell.');
    }
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] !== ',') {
      return cells;
    }
  }
}

const WORDS = new Map<string, unknown>([
  ['', null],
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['nan', 'NaN'],
  ['NaN', 'NaN'],
  ['inf', 'Infinity'],
  ['Infinity', 'Infinity'],
  ['-inf', '-Infinity'],
  ['-Infinity', '-Infinity'],
]);
const NUMBER = /^-?(?:0|[1-9]\d{0,15})?(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** CSV has texts only: what is written as a number, a truth value or nothing becomes one. `007` stays a text. */
export function csvValue(cell: string): unknown {
  return WORDS.has(cell) ? WORDS.get(cell) : NUMBER.test(cell) && cell !== '-' ? Number(cell) : cell;
}
