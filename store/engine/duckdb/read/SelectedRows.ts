import type { DuckDBValue } from '@duckdb/node-api';
import type { TableLayout } from '../Layout';
import type { SelectedColumn } from './columnSql';

/** A selection of rows as SQL: `FROM ${from} WHERE ${where}`, with its bound values. */
export interface SelectedRows {
  table: TableLayout;
  columns: SelectedColumn[];
  from: string;
  where: string;
  values: DuckDBValue[];
  /** `run_id` is among the columns of `from`. */
  hasRunId: boolean;
  /** A relation with `run_id` beside the run's key; joined only where a condition or an order asks for it. */
  withRunId(from: string): string;
  /** A relation with what people said of its rows, where somebody labelled one of the runs' rows (`joinedColumns`). */
  joinLabels?(from: string): string;
  /** `from` has that, and `columns` are of it. */
  isJoined?: boolean;
  /** The order of a lens, which counts where none is asked for. */
  order?: OrderTerm[];
}

/** One term of an order: a value, and how it goes. */
export interface OrderTerm {
  sql: string;
  how: string;
}
