import { SAMPLED_BY, SAMPLED_FROM } from '@rolloscope/contract/names';
import type { TableColumn } from '../data/TableData';
import { labelColumns } from './labelCell';
import { flagColumns } from './rowFlags';

/** Columns that say what a table is a sample of, of those that it has. */
function sampleColumns(columns: readonly TableColumn[]): string[] {
  return [SAMPLED_FROM, SAMPLED_BY].filter((name) => columns.some((column) => column.name === name));
}

/** Columns that a page is read with: those that show, and those that flags, badges, steps and times are told from. */
export function neededColumns(
  columns: readonly TableColumn[],
  shown: readonly string[],
  time: string | undefined,
): string[] {
  const places = columns.filter(({ name, role }) => name === time || name === 'run' || role === 'step');
  return [
    ...new Set([
      ...shown,
      ...labelColumns(columns, shown),
      ...flagColumns(columns),
      ...sampleColumns(columns),
      ...places.map(({ name }) => name),
    ]),
  ];
}
