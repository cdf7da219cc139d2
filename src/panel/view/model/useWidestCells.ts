import { useMemo, useRef } from 'react';
import type { Page, TableColumn, TableData } from '../../data/TableData';
import { TEXT_ROLES } from '../../table/columnWidths';
import { formatCell } from '../../table/formatCell';

/** Rows of the frame that are looked at: a page or two. */
const MOST_ROWS = 200;
const PLAIN = { limit: 120, timeZone: 'browser' };

/**
 * Characters of the longest cell in each column, numbers as they show with their units and decimals, over what was seen of
 * the table: a column never narrows while one turns the pages. Prompts and responses share what is left, whatever they
 * hold.
 */
export function useWidestCells(
  table: TableData,
  columns: readonly TableColumn[],
  page: Page | undefined,
): Readonly<Record<string, number>> {
  const seen = useRef({ key: '', widest: new Map<string, number>() });
  if (seen.current.key !== table.key) {
    seen.current = { key: table.key, widest: new Map() };
  }
  return useMemo(() => {
    const { widest } = seen.current;
    for (const column of columns) {
      if (!TEXT_ROLES.has(column.role)) {
        const values = [
          ...Array.from({ length: Math.min(MOST_ROWS, column.field.values.length) }, (_, i) => column.field.values[i]),
          ...Array.from({ length: page?.count ?? 0 }, (_, row) => page?.cell(row, column.name)),
        ];
        const longest = values.reduce<number>(
          (most, value) => Math.max(most, formatCell(column, value, PLAIN).text.length),
          0,
        );
        widest.set(column.name, Math.max(longest, widest.get(column.name) ?? 0));
      }
    }
    return Object.fromEntries(widest);
  }, [columns, page]);
}
