import { LIMITS } from '@rolloscope/contract';
import type { TableColumn } from '../engine/Engine';
import { assignRoles, convert, inferType, roleOf, splitOdd } from './inferColumn';
import type { PreparedTable } from './prepareLog';

/**
 * The logged columns in their types and roles, and the cells in them. Cells of a column of numbers that are none, such as
 * the `timeout` of a reward function, are kept in a column of texts beside it.
 */
export function typedColumns(
  { columns, cells }: Pick<PreparedTable, 'columns' | 'cells'>,
  known: ReadonlyMap<string, TableColumn>,
): { columns: TableColumn[]; cells: unknown[][] } {
  const typed = columns.map(({ name, role }, i) => {
    const column = known.get(name);
    const type = inferType(
      cells[i] ?? [],
      column?.origin === 'logged' ? column.type : undefined,
      roleOf(name, role, column),
    );
    return { name, type, ...(role && { role }) };
  });
  const roles = assignRoles(typed, known);
  const all: { columns: TableColumn[]; cells: unknown[][] } = { columns: [], cells: [] };
  typed.forEach(({ name, type }, i) => {
    const role = roles[i];
    all.columns.push({ name, type, origin: 'logged', ...(role && { role }) });
    all.cells.push(convert(cells[i] ?? [], type));
  });
  const taken = new Set(columns.map(({ name }) => name));
  typed.forEach(({ name, type }, i) => {
    const odd = splitOdd(cells[i] ?? [], type);
    if (odd) {
      const beside = nameBeside(name, taken);
      taken.add(beside);
      all.columns.push({ name: beside, type: 'string', origin: 'logged' });
      all.cells.push(odd);
    }
  });
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
