import { useEffect, useState } from 'react';
import type { Page, TableData, WholeRow } from '../data/TableData';
import { faultText } from '../view/faultText';

export interface OpenRow {
  rowId: string;
  cells?: WholeRow;
  fault?: string;
}

/** A row with its full text: fetched where the page has previews only. A refresh does not fetch it again. */
export function useWholeRow(data: TableData, page: Page, row: number): OpenRow & { retry: () => void } {
  const rowId = page.rowId(row);
  const [open, setOpen] = useState<OpenRow>({ rowId });
  const [attempt, setAttempt] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is the same in every state of the table
  useEffect(() => {
    const abort = new AbortController();
    setOpen({ rowId });
    data.loadRow(page, row, abort.signal).then(
      (cells) => !abort.signal.aborted && setOpen({ rowId, cells }),
      (error: unknown) => !abort.signal.aborted && setOpen({ rowId, fault: faultText(error) }),
    );
    return () => abort.abort();
  }, [rowId, data.key, attempt]);

  return { ...(open.rowId === rowId ? open : { rowId }), retry: () => setAttempt((times) => times + 1) };
}
