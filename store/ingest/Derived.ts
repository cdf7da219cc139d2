import type { ColumnType } from '@rolloscope/contract/types';

/** A column that is computed of others: its cells, a row each. */
export interface Derived {
  name: string;
  type: ColumnType;
  values: unknown[];
}
