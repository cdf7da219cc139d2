import { useEffect, useRef, useState } from 'react';
import { faultText } from '../../data/faultText';
import type { Page, TableData, WholeRow } from '../../data/TableData';

export interface OpenRow {
  rowId: string;
  cells?: WholeRow;
  fault?: string;
}

/** Rows that stay at hand: those read last, and the next one. */
const MOST_KEPT = 6;

/**
 * A row with its full text: fetched where the page has previews only. A refresh does not fetch it again, and the next
 * row of the page is fetched ahead, so that stepping through rows waits for nothing.
 */
export function useWholeRow(data: TableData, page: Page, row: number): OpenRow & { retry: () => void } {
  const rowId = page.rowId(row);
  const [open, setOpen] = useState<OpenRow>({ rowId });
  const [attempt, setAttempt] = useState(0);
  const kept = useRef(new Map<string, Promise<WholeRow>>());

  // biome-ignore lint/correctness/useExhaustiveDependencies: the row is the same in every state of the table
  useEffect(() => {
    let isWanted = true;
    const load = (at: number): Promise<WholeRow> => {
      const id = `${data.key} ${page.rowId(at)}`;
      const known = kept.current.get(id);
      // A fetch is never cancelled: whoever steps back wants the row after all.
      const loading = known ?? data.loadRow(page, at, new AbortController().signal);
      kept.current.delete(id);
      kept.current.set(id, loading);
      for (const old of [...kept.current.keys()].slice(0, -MOST_KEPT)) {
        kept.current.delete(old);
      }
      loading.catch(() => kept.current.delete(id));
      return loading;
    };
    setOpen({ rowId });
    load(row).then(
      (cells) => {
        if (isWanted) {
          setOpen({ rowId, cells });
          if (row + 1 < page.count) {
            // What fails here is asked for again when it is read.
            load(row + 1).catch(() => undefined);
          }
        }
      },
      (error: unknown) => isWanted && setOpen({ rowId, fault: faultText(error) }),
    );
    return () => {
      isWanted = false;
    };
  }, [rowId, data.key, attempt]);

  return { ...(open.rowId === rowId ? open : { rowId }), retry: () => setAttempt((times) => times + 1) };
}
