import { useMemo } from 'react';
import { shortNames } from '../../../shared/shortNames';
import type { Page, TableColumn } from '../../data/TableData';
import { charactersIn, TEXT_ROLES } from '../../table/columnWidths';
import type { ColumnPlaces } from './useColumnPlaces';

/** A text that is longer is read from its beginning, and no name. */
const LONGEST_NAME = 256;

/** The text that a cell shows of a name that is longer than the cell, by column and name. */
export type ShortNames = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The names on a page, such as those of runs, that would look alike where a cell cuts them off. */
export function useShortNames(
  page: Page,
  columns: readonly TableColumn[],
  places: ColumnPlaces,
  lines: number,
): ShortNames {
  return useMemo(() => {
    const short = new Map<string, ReadonlyMap<string, string>>();
    for (const [i, { name, type, role }] of columns.entries()) {
      if (type === 'string' && !TEXT_ROLES.has(role)) {
        const room = lines * charactersIn(places.widths[i] ?? 0);
        const cells = Array.from({ length: page.count }, (_, row) => page.cell(row, name));
        const names = [...new Set(cells)].filter((cell) => typeof cell === 'string' && cell.length <= LONGEST_NAME);
        if (names.some((one) => (one as string).length > room)) {
          const cut = shortNames(names as string[], room);
          short.set(name, new Map(names.map((one, at) => [one as string, cut[at] as string])));
        }
      }
    }
    return short;
  }, [page, columns, places, lines]);
}
