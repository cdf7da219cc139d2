import { SingleRow } from '../data/SingleRow';
import type { Narrowing, Page, TableColumn, TableData } from '../data/TableData';
import { loadGroup } from '../group/loadGroup';
import type { Side } from '../group/readSamples';
import type { ReadRow } from '../reader/row/readRow';
import type { BundleAsk } from './BundleAsk';

/** A row of the table, wherever it stands. */
export interface RowPlace {
  page: Page;
  row: number;
}

export interface FoundRows {
  rows: readonly RowPlace[];
  /** True where every group is whole with them. */
  hasWholeGroups: boolean;
  /** The row that is open at first, by its id. */
  opened: { rowId: string; hasGroup: boolean; compared?: readonly [first: string, second: string] };
}

/** Rows that can be saved together. */
export interface BundleScope {
  label: string;
  /** The number of rows; undefined where only looking tells. Nothing is loaded of more than a file may have. */
  rows: number | undefined;
  find: (signal: AbortSignal) => Promise<FoundRows>;
}

const placesOf = (page: Page): RowPlace[] => Array.from({ length: page.count }, (_, row) => ({ page, row }));

const alone = (rows: readonly RowPlace[]): FoundRows => {
  const [first] = rows;
  return {
    rows,
    hasWholeGroups: false,
    opened: { rowId: first ? first.page.rowId(first.row) : '', hasGroup: false },
  };
};

/** Returns the scopes that may be meant, the likeliest first. */
export function scopesOf({ data, subject, source }: BundleAsk): BundleScope[] {
  switch (subject.of) {
    case 'table':
      return tableScopes(data, subject.page, source.narrowing);
    case 'row':
      return rowScopes(data, subject.row, subject.hasGroup);
    case 'group':
      return groupScopes(subject.page, subject.pair, subject.reading);
  }
}

/** The rows of the page that shows, and all that the narrowing leaves. */
function tableScopes(data: TableData, page: Page, narrowing: Narrowing): BundleScope[] {
  const columns = data.columns.map(({ name }) => name).slice(0, 1);
  const all: BundleScope = {
    label: 'All that filter, search and lens leave',
    rows: page.total,
    find: async (signal) =>
      alone(placesOf(await data.loadPage({ ...narrowing, offset: 0, limit: page.total, columns }, signal))),
  };
  const shown: BundleScope = { label: 'This page', rows: page.count, find: async () => alone(placesOf(page)) };
  return page.count < page.total ? [shown, all] : [{ ...shown, label: 'All rows' }];
}

/** The row that is read, and its group, which is offered first where it shows. */
function rowScopes(data: TableData, { rowId, cells, columns }: ReadRow, isGroup: boolean): BundleScope[] {
  const one: BundleScope = {
    label: 'This rollout',
    rows: 1,
    find: async () => alone([{ page: new SingleRow(rowId, cells, 0, 1), row: 0 }]),
  };
  const group: BundleScope = {
    label: 'Its group: all rollouts of the prompt at this step',
    rows: undefined,
    find: async (signal) => {
      const found = await loadGroup(data, columns, cells, signal);
      return found ? groupRows(found.page, found.total, rowId) : one.find(signal);
    },
  };
  return isGroup ? [group, one] : [one, group];
}

/** A group with what is compared in it, or the two that are compared alone. */
function groupScopes(page: Page, pair: { first?: Side; second?: Side }, reading: string): BundleScope[] {
  const { first, second } = pair;
  const compared = first && second ? ([first.rowId, second.rowId] as const) : undefined;
  const others = [first, second].filter((side) => side !== undefined);
  const isIn = (rowId: string) => placesOf(page).some(({ row }) => page.rowId(row) === rowId);
  const group: BundleScope = {
    label: 'The group, with the comparison',
    rows: page.count + others.filter(({ rowId }) => !isIn(rowId)).length,
    find: async () => {
      const { rows, ...found } = groupRows(page, page.total, isIn(reading) ? reading : page.rowId(0));
      const more = others.filter(({ rowId }) => !isIn(rowId));
      return {
        rows: [...rows, ...more.map((side) => ({ page: side.page, row: side.row }))],
        hasWholeGroups: found.hasWholeGroups && more.length === 0,
        opened: { ...found.opened, ...(compared && { compared }) },
      };
    },
  };
  const two: BundleScope = {
    label: 'Only the two that are compared',
    rows: others.length,
    find: async () => ({
      ...alone(others.map((side) => ({ page: side.page, row: side.row }))),
      opened: { rowId: first?.rowId ?? '', hasGroup: true, ...(compared && { compared }) },
    }),
  };
  return compared ? [group, two] : [group];
}

function groupRows(page: Page, total: number, rowId: string): FoundRows {
  return { rows: placesOf(page), hasWholeGroups: page.count === total, opened: { rowId, hasGroup: true } };
}

/** Returns the columns of whole rows: all that a file may say of a table. */
export const wholeColumns = (data: TableData): readonly TableColumn[] => [...data.columns, ...(data.apart ?? [])];
