import { DERIVED_COLUMNS, ROW_COLUMNS } from '@rolloscope/contract/names';
import type { TableInfo } from '@rolloscope/contract/types';
import type { Choice } from './Choice';

const ALWAYS: readonly string[] = [...ROW_COLUMNS, ...DERIVED_COLUMNS];

/** The columns of a table (of the first, when left out): logged ones with their type, then those that every row has. */
export function columnChoices(tables: readonly TableInfo[], table?: string): Choice[] {
  const columns = (table ? tables.find(({ name }) => name === table) : tables[0])?.columns ?? [];
  const logged = columns.filter(({ name }) => !ALWAYS.includes(name));
  return [...logged.map(({ name, type }) => ({ value: name, about: type })), ...ALWAYS.map((value) => ({ value }))];
}
