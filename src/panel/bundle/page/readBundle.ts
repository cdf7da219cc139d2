import { FieldType } from '@grafana/data';
import { ROW_ID_FIELD } from '@rolloscope/contract/frames';
import { FrameRows } from '../../data/frame/FrameRows';
import type { TableColumn } from '../../data/TableData';
import { BUNDLE_ELEMENT, type Bundle } from '../Bundle';

/** Reads what the file holds; throws where there is no JSON in it. */
export const bundleOf = (page: Document): Bundle =>
  JSON.parse(page.getElementById(BUNDLE_ELEMENT)?.textContent ?? '') as Bundle;

/** The name of a row within its file: its place, so that nothing of the store's own ids is in there. */
export const idOf = (row: number) => String(row);

/** The rollouts of a file as a table, which the reader and the group read as they do any other. */
export function tableOf(bundle: Bundle): FrameRows {
  const { title, rows, odd, cut, hasWholeGroups } = bundle;
  const columns: TableColumn[] = bundle.columns.map((column, i) => ({
    ...column,
    field: {
      name: column.name,
      type: column.type === 'number' || column.type === 'time' ? FieldType[column.type] : FieldType.other,
      config: {},
      values: rows.map((cells) => cells[i] ?? null),
    },
  }));
  for (const [row, column, value] of odd) {
    const values = columns[column]?.field.values;
    if (values) {
      values[row] = Number(value);
    }
  }
  const ids = { name: ROW_ID_FIELD, type: FieldType.string, config: {}, values: rows.map((_, row) => idOf(row)) };
  const frame = { fields: [ids, ...columns.map(({ field }) => field)], length: rows.length };
  const lengths = new Map<string, Map<string, number>>();
  for (const [row, column, length] of cut) {
    const name = columns[column]?.name ?? '';
    lengths.set(idOf(row), (lengths.get(idOf(row)) ?? new Map<string, number>()).set(name, length));
  }
  return new FrameRows(frame, title, title, columns, { cut: lengths, excerpt: hasWholeGroups ? 'groups' : 'rows' });
}
