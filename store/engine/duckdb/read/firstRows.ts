import type { DuckDBConnection } from '@duckdb/node-api';
import type { Layout, PlacedColumn } from '../Layout';
import { query } from '../query';
import { textSql } from '../textSql';

/**
 * Finds the first row of each of some contents, by run, in one statement, which walks over the hashes of those runs; a
 * list of them in memory would take a gigabyte for ten million rows, and seconds to load.
 */
export async function readFirstRows(
  connection: DuckDBConnection,
  layout: Layout,
  name: string,
  contents: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Map<string, Map<string, number>>> {
  const found = new Map<string, Map<string, number>>();
  const table = layout.table(name);
  const walks = table ? walksOf(layout, table.byRun, contents) : [];
  if (!table || walks.length === 0) {
    return found;
  }
  const parts = walks.map(({ prompt, response, keys, lines }) => {
    // The contents come from one text: as many constants would take longer to parse than the rows to read. It stands in
    // the statement, since one with values goes to the database and back three times, and a commit waits for it.
    const wanted = `SELECT split_part(line, ' ', 1)::INTEGER AS run, split_part(line, ' ', 2) AS prompt,
                           split_part(line, ' ', 3) AS response
                    FROM (SELECT unnest(string_split(${textSql(lines.join(','))}, ',')) AS line)`;
    return `SELECT wanted.run, wanted.prompt || ' ' || wanted.response, min(logged.row)::DOUBLE
            FROM rows_${table.key} logged JOIN (${wanted}) wanted
              ON logged.${response} = wanted.response AND coalesce(${prompt}, '') = wanted.prompt
                AND logged.run = wanted.run
            WHERE logged.run IN (${keys.join(', ')}) GROUP BY ALL`;
  });
  const rows = await query(connection, parts.join(' UNION ALL '));
  const content = rows.at<string>(1);
  const first = rows.at<number>(2);
  rows.at<number>(0).forEach((key, i) => {
    const run = layout.runs.nameOf(key);
    const ofRun = found.get(run) ?? new Map<string, number>();
    found.set(run, ofRun);
    ofRun.set(content[i] ?? '', first[i] ?? 0);
  });
  return found;
}

/** Statements that read what `readFirstRows` walks over, one a table, and tell next to nothing of it. */
export function contentsSql(layout: Layout, runs: readonly string[]): string[] {
  return [...layout.tables.values()].flatMap(({ key, byRun }) => {
    const keys = runs.flatMap((run) => layout.runs.find(run) ?? []).filter((run) => byRun.has(run));
    const columns = new Set(keys.flatMap((run) => hashesOf(byRun.get(run) ?? [])));
    const newest = [...columns].map((column) => `max(${column})`).join(', ');
    return newest === '' ? [] : [`SELECT ${newest} FROM rows_${key} WHERE run IN (${keys.join(', ')})`];
  });
}

const hashesOf = (columns: readonly PlacedColumn[]) =>
  columns.flatMap(({ name, origin, physical }) => (origin === 'derived' && HASHES.has(name) ? physical : []));

const HASHES = new Set(['promptHash', 'responseHash']);

/** Runs whose hashes are in the same columns, with what is looked for: `run prompt response`, a line each. */
interface Walk {
  /** SQL of the column; `NULL` where the runs have none. */
  prompt: string;
  response: string;
  keys: number[];
  lines: string[];
}

function walksOf(
  layout: Layout,
  byRun: ReadonlyMap<number, readonly PlacedColumn[]>,
  contents: ReadonlyMap<string, ReadonlySet<string>>,
): Walk[] {
  const walks = new Map<string, Walk>();
  for (const [id, wanted] of contents) {
    const key = layout.runs.find(id);
    const columns = (key !== undefined && byRun.get(key)) || [];
    const derived = (name: string) =>
      columns.find((column) => column.name === name && column.origin === 'derived')?.physical;
    const [prompt, response] = [derived('promptHash'), derived('responseHash')];
    if (key === undefined || response === undefined || wanted.size === 0) {
      continue;
    }
    const walk = walks.get(`${prompt} ${response}`) ?? {
      prompt: prompt ? `logged.${prompt}` : 'NULL',
      response,
      keys: [],
      lines: [],
    };
    walks.set(`${prompt} ${response}`, walk);
    walk.keys.push(key);
    for (const content of wanted) {
      walk.lines.push(`${key} ${content}`);
    }
  }
  return [...walks.values()];
}
