import type { DataFrame } from '@grafana/data';
import { ROW_ID_FIELD, type RowSource, type RowsFrameMeta } from '@rolloscope/contract/frames';
import { formatCount } from '../text/formatCount';
import { apartColumns, describeColumns, type GivenRoles } from './describeColumns';
import { cutCells } from './frame/FramePage';
import { FrameRows } from './frame/FrameRows';
import { StoreRows, wholeRow } from './store/StoreRows';
import type { TableData } from './TableData';

/** Rows that the store gives where a request names no number. */
const DEFAULT_LIMIT = 100;

/** Returns what our data source says about a frame of rows; undefined for any other frame. */
export function rowsMeta(frame: DataFrame): RowsFrameMeta | undefined {
  const meta: Partial<RowsFrameMeta> | undefined = frame.meta?.custom?.rolloscope;
  const isOurs =
    typeof meta?.uid === 'string' &&
    typeof meta.request === 'object' &&
    typeof meta.asOf === 'string' &&
    typeof meta.total === 'number' &&
    Array.isArray(meta.columns) &&
    Array.isArray(meta.cut);
  return isOurs ? (meta as RowsFrameMeta) : undefined;
}

/** False once a transformation has changed what the data source answered: the store cannot page that. */
function isAsAnswered(frame: DataFrame, meta: RowsFrameMeta): boolean {
  const names = [...meta.columns.map(({ name }) => name), ROW_ID_FIELD];
  const { offset = 0, limit = DEFAULT_LIMIT } = meta.request;
  return (
    frame.fields.length === names.length &&
    frame.fields.every(({ name }, i) => name === names[i]) &&
    frame.length === Math.min(limit, Math.max(0, meta.total - offset))
  );
}

/**
 * The table of a frame: paged by the store where its data source answers, else the frame's own rows, which says so
 * where there are more in the store. `source` is null where no data source instance answers.
 */
export function readTable(frame: DataFrame, source: RowSource | null, roles: GivenRoles = {}): TableData {
  const meta = rowsMeta(frame);
  const columns = describeColumns(frame, meta, roles);
  const label = meta?.label ?? frame.name ?? frame.refId ?? '';
  const names = columns.map(({ name }) => name);
  if (!meta) {
    return new FrameRows(frame, JSON.stringify([frame.refId, label, names]), label, columns);
  }
  const { runs, table, version, steps, filter, search } = meta.request;
  const key = JSON.stringify([frame.refId, meta.uid, runs, table, version, steps, filter, search]);
  const isWhole = isAsAnswered(frame, meta);
  if (source && isWhole) {
    // The store refuses columns that it does not know: an option may outlive what it was made for.
    const known = Object.entries(roles).filter(([name]) => meta.columns.some((column) => column.name === name));
    return new StoreRows(frame, meta, source, key, label, columns, Object.fromEntries(known));
  }
  const part = frame.length < meta.total ? `${formatCount(frame.length)} of ${formatCount(meta.total)} rows` : '';
  const why = source ? 'after transformations' : 'the store cannot be reached from here';
  const notice = [meta.notice, part && `${part}: ${why}`].filter(Boolean).join(' · ');
  return new FrameRows(frame, key, label, columns, {
    notice,
    apart: apartColumns(meta),
    cut: cutCells(meta.cut),
    loadWhole: source ? (rowId, signal) => wholeRow(source, rowId, signal) : undefined,
  });
}
