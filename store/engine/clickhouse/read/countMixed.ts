import { grouped } from '../../../grouped';
import { isNumeric } from '../../columnRule';
import { Parameters } from '../Parameters';
import type { Server } from '../Server';
import { heldNumberSql, isText, placeOf, type RunColumn } from './columnSql';
import { deadSql, type Scoping } from './scopeSql';

const LARGE = '-?[1-9][0-9]{15,}';

/**
 * Columns of runs, with what each holds that a run has in several types, numbers among them: of how many cells it is
 * numbers, and of how many something else. That tells as what it is read. Others are not counted.
 */
export async function countMixed(
  server: Server,
  { runs, dead, from }: Scoping & { from: string },
  byRun: ReadonlyMap<string, readonly RunColumn[]>,
): Promise<Map<string, readonly RunColumn[]>> {
  const counted = new Map(byRun);
  const mixed = new Map([...byRun].map(([run, columns]) => [run, mixedColumns(columns)]));
  const asked = [...mixed].filter(([, columns]) => columns.length > 0);
  if (asked.length === 0) {
    return counted;
  }
  const places = new Map(asked.flatMap(([, columns]) => columns).map((column) => [placeId(column), column]));
  const parameters = new Parameters();
  const counts = [...places.values()].flatMap((column) => countsSql(column, parameters));
  const keys = asked.map(([run]) => runs.get(run));
  const found = await server.read(
    `SELECT run, ${counts.join(', ')} FROM ${from} WHERE ${[`run IN (${keys.join(', ')})`, ...deadSql(dead)].join(' AND ')}
     GROUP BY run`,
    parameters,
  );
  const ids = [...places.keys()];
  for (const [run] of asked) {
    const line = found.at<number>(0).indexOf(runs.get(run) ?? -1);
    const own = new Set(mixed.get(run)?.map(placeId));
    counted.set(
      run,
      (byRun.get(run) ?? []).map((column) => {
        const first = 1 + 3 * ids.indexOf(placeId(column));
        const at = (n: number) => found.at<number>(first + n)[line] ?? 0;
        return own.has(placeId(column)) ? { ...column, kept: { numbers: at(0), others: at(1), large: at(2) } } : column;
      }),
    );
  }
  return counted;
}

const placeId = ({ name, type }: RunColumn) => `${type} ${name}`;

function mixedColumns(columns: readonly RunColumn[]): RunColumn[] {
  const byName = grouped(columns, ({ name }) => name);
  const isMixed = (same: readonly RunColumn[]) =>
    same.some(({ type }) => isNumeric(type)) && same.some(({ type }) => isText(type));
  return [...byName.values()].filter(isMixed).flat();
}

/** SQL of a column's numbers, its other cells, and of these the large integers. */
function countsSql(column: RunColumn, parameters: Parameters): [string, string, string] {
  const place = placeOf(column, parameters);
  if (!isText(column.type)) {
    return [`count(${place.sql})`, '0', '0'];
  }
  // A longer text is no number, and is not looked at.
  const isShort = `ifNull(${place.chars} <= 40, 0)`;
  const numbers = `countIf(${isShort} AND (${heldNumberSql(place)}) IS NOT NULL)`;
  const large = `countIf(${isShort} AND match(${place.sql}, '\\\\A"?${LARGE}"?\\\\z'))`;
  return [numbers, `count(${place.chars}) - ${numbers}`, large];
}
