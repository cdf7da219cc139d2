import type { Narrowing, TableColumn } from '../data/TableData';
import type { ViewSearch, ViewState } from './ViewState';

/**
 * Returns what a view narrows the rows of a table by. A condition or an order on a column that this table does not have
 * says nothing about it: it waits for the table that it was made for.
 */
export function narrowingOf(
  view: Pick<ViewState, 'orderBy' | 'filter' | 'search' | 'lens'>,
  columns: readonly TableColumn[],
): Narrowing {
  const has = (name: string) => columns.some((column) => column.name === name);
  return {
    orderBy: view.orderBy.filter(({ column }) => has(column)),
    filter: view.filter.filter(({ column }) => has(column)),
    ...(view.search && { search: searchOf(view.search, has) }),
    ...(view.lens && { lens: view.lens }),
  };
}

function searchOf({ columns = [], ...search }: ViewSearch, has: (name: string) => boolean): ViewSearch {
  const known = columns.filter(has);
  return known.length > 0 ? { ...search, columns: known } : search;
}

/** Says whether a view leaves rows out, which the viewer may want to see again. */
export function isNarrowed({ filter = [], search, lens }: Narrowing): boolean {
  return filter.length > 0 || search !== undefined || (lens !== undefined && lens !== 'newest');
}
