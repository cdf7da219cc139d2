import type { Parameters } from '../Parameters';
import type { SelectedColumn } from './columnSql';
import type { TableView } from './TableView';

/** A selection of rows as SQL: `FROM ${from} WHERE ${where}`, with the values that it names. */
export interface SelectedRows {
  view: TableView;
  columns: SelectedColumn[];
  /** Lines of `rows`, and `runId` beside them. */
  from: string;
  where: string;
  parameters: Parameters;
  /** The order of a lens, which counts where none is asked for. */
  order?: OrderTerm[];
}

/** One term of an order: a value, and how it goes. */
export interface OrderTerm {
  sql: string;
  how: string;
}
