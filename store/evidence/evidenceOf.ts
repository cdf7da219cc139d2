import { SUSPICION_RULES, SUSPICIONS, SUSPICIONS_COLUMN } from '@rolloscope/contract';
import type { Evidence } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/TableColumn';
import { spokenText } from '../formats/conversation';
import { LENGTH_SAYS } from './lengthDrift';
import { signsOf } from './signsOf';

/** Characters of a span that are quoted. */
const QUOTED = 300;

/**
 * The signs of a row, each with the text that it rests on; undefined where the row's were never looked for. What its
 * length says of it is known from the others that it was logged with, so that is as the column has it.
 */
export function evidenceOf(
  columns: readonly TableColumn[],
  cells: Readonly<Record<string, unknown>>,
): Evidence | undefined {
  const column = columns.find(({ name }) => name === SUSPICIONS_COLUMN);
  const told = cells[SUSPICIONS_COLUMN];
  const textOf = (role: TableColumn['role']) => {
    const cell = cells[columns.find((one) => one.role === role)?.name ?? ''] ?? null;
    return cell === null ? null : (spokenText(cell) ?? (typeof cell === 'string' ? cell : JSON.stringify(cell)));
  };
  const response = textOf('response');
  if (column?.origin !== 'derived' || typeof told !== 'string' || response === null) {
    return undefined;
  }
  const signs = signsOf(response, textOf('prompt')).map(({ start, end, ...sign }) => ({
    ...sign,
    start,
    end,
    text: response.slice(start, Math.min(end, start + QUOTED)),
  }));
  const length = { sign: 'length' as const, says: LENGTH_SAYS, start: 0, end: response.length, text: '' };
  const all = told.split(', ').includes('length') ? [...signs, length] : signs;
  return {
    rules: SUSPICION_RULES,
    signs: all.sort((a, b) => SUSPICIONS.indexOf(a.sign) - SUSPICIONS.indexOf(b.sign)),
  };
}
