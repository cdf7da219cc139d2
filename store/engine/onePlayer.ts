import { isForMany } from '@rolloscope/contract';
import type { Role } from '@rolloscope/contract/types';

/**
 * Leaves a role to one of the columns of a table: where runs, or calls, gave it to several, the column of its name has it,
 * else the first. The others stay without one; roles that are for many stay as they are.
 */
export function onePlayer<Column extends { name: string; role?: Role }>(columns: readonly Column[]): Column[] {
  const players = new Map<Role, Column>();
  for (const column of columns) {
    const { role, name } = column;
    if (role && !isForMany(role) && (!players.has(role) || name === role)) {
      players.set(role, column);
    }
  }
  return columns.map((column) => {
    const { role, ...rest } = column;
    const isPlayed = !role || isForMany(role) || players.get(role) === column;
    return isPlayed ? column : (rest as Column);
  });
}
