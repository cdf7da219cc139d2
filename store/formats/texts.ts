import { LIMITS } from '@rolloscope/contract';
import type { LoggedTable } from '@rolloscope/contract/types';

/** The table for texts and lists that were logged among the numbers. */
const TABLE = 'texts';
/** Characters of a text among the numbers. */
const LONGEST = 1_000_000;

/** Reads what a record has besides numbers (`others` of its scalars): texts by name, and names of what does not fit. */
export function readTexts(others: Record<string, unknown>): { texts: Record<string, string>; oversized: string[] } {
  const texts: [string, string][] = [];
  const oversized: string[] = [];
  for (const [name, value] of Object.entries(others)) {
    // A client's object may lack the field that its text would be in.
    if (value === null || value === undefined) {
      continue;
    }
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (name !== '' && name.length <= LIMITS.nameChars && text.length <= LONGEST) {
      texts.push([name, text]);
    } else {
      oversized.push(name.slice(0, 200));
    }
  }
  return { texts: Object.fromEntries(texts), oversized };
}

/** The table that texts are logged to, a row a text. */
export function textsTable(texts: readonly (readonly [string, string])[]): Record<string, LoggedTable> {
  return { [TABLE]: { columns: ['name', 'value'], rows: texts.map(([name, value]) => [name, value]) } };
}
