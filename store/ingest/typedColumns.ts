import { LIMITS } from '@rolloscope/contract';
import type { ColumnType } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/Engine';
import type { Steps } from '../Turn';
import { assignRoles, convert, inferType, kindsOf, roleOf, splitOdd } from './inferColumn';
import type { LoggedRole, PreparedTable } from './prepareLog';

/**
 * The logged columns in their types and roles, and the cells in them. Cells of a column of numbers that are none, such as
 * the `timeout` of a reward function, are kept in a column of texts beside it.
 */
export function* typedColumns(
  { columns, cells }: Pick<PreparedTable, 'columns' | 'cells'>,
  known: ReadonlyMap<string, TableColumn>,
): Steps<{ columns: TableColumn[]; cells: unknown[][] }> {
  const typed: Array<LoggedRole & { type: ColumnType; own: readonly unknown[]; kinds: number }> = [];
  for (const [i, { name, role }] of columns.entries()) {
    const own = cells[i] ?? [];
    const kinds = yield* kindsOf(own);
    const column = known.get(name);
    const before = column?.origin === 'logged' ? column.type : undefined;
    const type = inferType(kinds, before, roleOf(name, role, column));
    typed.push({ name, type, ...(role !== undefined && { role }), own, kinds });
  }
  const roles = assignRoles(typed, known);
  const all: { columns: TableColumn[]; cells: unknown[][] } = { columns: [], cells: [] };
  for (const [i, { name, type, own, kinds }] of typed.entries()) {
    const role = roles[i];
    all.columns.push({ name, type, origin: 'logged', ...(role && { role }) });
    all.cells.push(yield* convert(own, type, kinds));
  }
  const taken = new Set(columns.map(({ name }) => name));
  for (const { name, type, own, kinds } of typed) {
    const odd = yield* splitOdd(own, type, kinds);
    if (odd) {
      const beside = nameBeside(name, taken);
      taken.add(beside);
      all.columns.push({ name: beside, type: 'string', origin: 'logged' });
      all.cells.push(odd);
    }
  }
  return all;
}

/** `reward_text`, or with a number where that is taken; never longer than a name may be. */
function nameBeside(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? '_text' : `_text${number}`;
    const beside = `${[...name].slice(0, LIMITS.nameChars - end.length).join('')}${end}`;
    if (!taken.has(beside)) {
      return beside;
    }
  }
}
