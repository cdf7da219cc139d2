import type { TableColumn } from './TableData';

export const stepColumn = (columns: readonly TableColumn[]) => columns.find(({ role }) => role === 'step');

/** Returns the column that says when a row was logged: of our store `time`, else the first column of times. */
export const timeColumn = (columns: readonly TableColumn[]) =>
  columns.find(({ name, type }) => name === 'time' && type === 'time') ?? columns.find(({ type }) => type === 'time');
