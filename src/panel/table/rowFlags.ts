import { FAILED, FAILURE, SUSPICIONS_COLUMN } from '@rolloscope/contract/names';
import { cellTruth } from '../data/cellValues';
import type { Page, TableColumn } from '../data/TableData';

/** A small sign beside a row's number. */
export interface RowFlag {
  sign: string;
  means: string;
}

const TRUNCATED: RowFlag = { sign: '✂', means: 'Truncated: the response was cut short' };
const UNCLOSED: RowFlag = { sign: '✂', means: 'The thinking part never closes: the response was probably cut short' };
const NO_SPREAD: RowFlag = {
  sign: '=',
  means: 'Zero spread: all rollouts of this prompt at this step have the same reward, so they teach nothing',
};

const FLAGGED: ReadonlySet<string> = new Set(['thinkClosed', FAILED, FAILURE, SUSPICIONS_COLUMN]);

const failedFlag = (failure: unknown): RowFlag => ({
  sign: '!',
  means: `Failed (${typeof failure === 'string' ? failure : 'error'}): something around the policy gave way, by what the trainer logged of it`,
});

const signsFlag = (signs: string): RowFlag => ({
  sign: '?',
  means: `Worth a look (${signs}): a sign that the response is after the reward, which is no proof`,
});

/** Columns that flags are read from, of those that a table has. */
export function flagColumns(columns: readonly TableColumn[]): string[] {
  return columns.filter(({ name, role }) => role === 'truncated' || FLAGGED.has(name)).map(({ name }) => name);
}

/** Returns signs of what is to be known of a row before it is read. */
export function rowFlags(page: Page, row: number, columns: readonly TableColumn[]): RowFlag[] {
  const truncated = columns.find(({ role }) => role === 'truncated');
  const value = truncated && page.cell(row, truncated.name);
  const isTruncated = cellTruth(value) === true;
  const isUnclosed = columns.some(({ name }) => name === 'thinkClosed') && page.cell(row, 'thinkClosed') === false;
  const isDerived = (wanted: string) => columns.some(({ name, isDerived }) => name === wanted && isDerived);
  const hasFailed = isDerived(FAILED) && page.cell(row, FAILED) === true;
  const signs = isDerived(SUSPICIONS_COLUMN) ? page.cell(row, SUSPICIONS_COLUMN) : null;
  return [
    ...(hasFailed ? [failedFlag(page.cell(row, FAILURE))] : []),
    ...(typeof signs === 'string' && signs !== '' ? [signsFlag(signs)] : []),
    ...(isTruncated ? [TRUNCATED] : isUnclosed ? [UNCLOSED] : []),
    ...(page.groupSpread?.(row) === 0 ? [NO_SPREAD] : []),
  ];
}
