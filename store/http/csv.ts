/** Spreadsheets take a cell that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NON_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * One record of RFC 4180, with its line end. Null is an empty field; JSON values are written as JSON. Text that a
 * spreadsheet would run as a formula gets an apostrophe in front; numbers, also those logged as text, stay as they are.
 */
export function csvRecord(cells: readonly unknown[]): string {
  return `${cells.map(csvField).join(',')}\r\n`;
}

function csvField(cell: unknown): string {
  if (cell === null || cell === undefined) {
    return '';
  }
  if (typeof cell === 'number') {
    return Object.is(cell, -0) ? '-0' : String(cell);
  }
  if (typeof cell !== 'string') {
    return quoted(typeof cell === 'object' ? JSON.stringify(cell) : String(cell));
  }
  const isFormula = FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) && !NON_FINITE.has(cell);
  return quoted(isFormula ? `'${cell}` : cell);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
