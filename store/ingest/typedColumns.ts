import { mediaOf } from '@rolloscope/contract';
import type { ColumnType } from '@rolloscope/contract/types';
import type { TableColumn } from '../engine/TableColumn';
import type { Steps } from '../Turn';
import { assignRoles, inferType, kindsOf, piecesOf, roleOf } from './inferColumn';
import type { LoggedRole, PreparedTable } from './prepareLog';

/**
 * The logged columns in their types and roles, and the cells in them. One that holds numbers and other things is there
 * once for each type; its role has the first of them.
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
  for (const [i, { name, type, role: given, own, kinds }] of typed.entries()) {
    const role = roles[i] ?? (given === undefined && type === 'json' && isOfMedia(own) ? 'media' : undefined);
    const pieces = yield* piecesOf(own, type, kinds, role ?? roleOf(name, given, known.get(name)));
    for (const [n, piece] of pieces.entries()) {
      all.columns.push({ name, type: piece.type, origin: 'logged', ...(role && n === 0 && { role }) });
      all.cells.push(piece.cells);
    }
  }
  return all;
}

/** Tells whether a column has media, one at least and nothing else. It is over at the first cell that is none. */
const isOfMedia = (cells: readonly unknown[]) => {
  const first = cells.find((cell) => cell !== null && cell !== undefined);
  return (
    first !== undefined && cells.every((cell) => cell === null || cell === undefined || mediaOf(cell) !== undefined)
  );
};
