import { useEffect, useState } from 'react';
import { faultText } from '../../data/faultText';
import { SingleRow } from '../../data/SingleRow';
import type { Page, TableData } from '../../data/TableData';
import type { OpenRow } from '../../table/ViewState';

export interface ShownRow {
  page: Page;
  /** The row's number, counted within `page`. */
  row: number;
  /** False where the row was found by its id alone: it is not on the page of the table. */
  isOnPage: boolean;
}

/** Finds the open row in a page: it is where the view says, unless another row stands there by now. */
function rowOnPage(page: Page, { row, rowId }: OpenRow): number | undefined {
  const at = row - page.offset;
  if (at >= 0 && at < page.count && (rowId === undefined || page.rowId(at) === rowId)) {
    return at;
  }
  for (let other = 0; rowId !== undefined && other < page.count; other++) {
    if (page.rowId(other) === rowId) {
      return other;
    }
  }
  return undefined;
}

/** The open row: on the page, or fetched by its id, as where a link names a row that has moved. */
export function useOpenRow(
  data: TableData,
  page: Page | undefined,
  open: OpenRow | undefined,
): { shown: ShownRow | undefined; fault: string | undefined } {
  const row = page && open ? rowOnPage(page, open) : undefined;
  const rowId = page && row === undefined ? open?.rowId : undefined;
  const [found, setFound] = useState<{ rowId: string; page?: Page; fault?: string }>();

  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is the same in every state of the table
  useEffect(() => {
    if (rowId === undefined) {
      return undefined;
    }
    const abort = new AbortController();
    data.loadRowById(rowId, abort.signal).then(
      (cells) =>
        !abort.signal.aborted &&
        setFound({ rowId, page: new SingleRow(rowId, cells, open?.row ?? 0, page?.total ?? 0) }),
      (error: unknown) => !abort.signal.aborted && setFound({ rowId, fault: faultText(error) }),
    );
    return () => abort.abort();
  }, [rowId, data.key]);

  if (page && row !== undefined) {
    return { shown: { page, row, isOnPage: true }, fault: undefined };
  }
  const here = found && found.rowId === rowId ? found : undefined;
  return {
    shown: here?.page && { page: here.page, row: 0, isOnPage: false },
    fault: here?.fault,
  };
}
