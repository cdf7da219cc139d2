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
  known: readonly TableColumn[],
): { columns: TableColumn[]; cells: unknown[][] } {
  const typed = columns.map(({ name, role }, i) => {
    const type = inferType(
      cells[i] ?? [],
      known.find((column) => column.name === name && column.origin === 'logged')?.type,
      roleOf(name, role, known),
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
  typed.forEach(({ name, type }, i) => {
    const odd = splitOdd(cells[i] ?? [], type);
    if (odd) {
      let beside = textName(name);
      while (typed.some((column) => column.name === beside)) {
        beside = textName(beside);
      }
      all.columns.push({ name: beside, type: 'string', origin: 'logged' });
      all.cells.push(odd);
    }
  });
  return all;
}

const textName = (name: string) => `${[...name].slice(0, LIMITS.nameChars - 5).join('')}_text`;
