/** Spreadsheets take a cell that begins like this for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const NON_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csvField(cell: unknown): string {
  if (cell === null || cell === undefined) {
    return '';
  }
  if (typeof cell === 'number') {
    return Object.is(cell, -0) ? '-0' : String(cell);
  }
  if (typeof cell !== 'string') {
    return quote(typeof cell === 'object' ? JSON.stringify(cell) : String(cell));
  }
  const isFormula = FORMULA.test(cell) && !PLAIN_NUMBER.test(cell) && !NON_FINITE.has(cell);
  return quote(isFormula ? `'${cell}` : cell);
}

/**
 * One record of RFC 4180 with its line end, as the store writes them: null is an empty field, objects are JSON, and
 * text that a spreadsheet would run as a formula gets an apostrophe in front. Numbers stay numbers, to the last digit.
 */
export function csvRecord(cells: readonly unknown[]): string {
  return `${cells.map(csvField).join(',')}\r\n`;
}
