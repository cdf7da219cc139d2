import type { ColumnType, Role } from '@rolloscope/contract/types';

/** A column of one run's table. */
export interface TableColumn {
  name: string;
  type: ColumnType;
  origin: 'logged' | 'derived';
  role?: Role;
}
