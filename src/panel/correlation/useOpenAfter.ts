import { useEffect, useRef } from 'react';

/**
 * Opens a row once another step shows: choosing a step closes what was open, and, where the dashboard's variable holds
 * the choice, the rows of the step come only after a query.
 */
export function useOpenAfter(subject: string, open: (rowId: string) => void): (rowId: string | undefined) => void {
  const waiting = useRef<{ subject: string; rowId: string } | undefined>(undefined);
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    if (waiting.current && waiting.current.subject !== subject) {
      const { rowId } = waiting.current;
      waiting.current = undefined;
      // It opens after the panel has settled on the new table, which closes what was open.
      queueMicrotask(() => latest.current(rowId));
    }
  }, [subject]);
  return (rowId) => {
    waiting.current = rowId === undefined ? undefined : { subject, rowId };
  };
}
