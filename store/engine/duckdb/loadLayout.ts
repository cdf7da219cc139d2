import type { ColumnType, Role } from '@rolloscope/contract/types';
import type { Database } from './Database';
import { Layout } from './Layout';

/** Reads the names, tables and columns of the database into memory. */
export async function loadLayout(database: Database): Promise<Layout> {
  const layout = new Layout();
  const dictionaries = [
    [layout.runs, 'SELECT run, id FROM runs'],
    [layout.metrics, 'SELECT metric, name FROM metrics'],
    [layout.tableNames, 'SELECT tbl, name FROM tables'],
  ] as const;
  for (const [dictionary, sql] of dictionaries) {
    const rows = await database.lookUp(sql);
    const names = rows.at<string>(1);
    rows.at<number>(0).forEach((key, i) => {
      dictionary.load(key, names[i] ?? '');
    });
  }
  layout.rolled.push(...(await database.lookUp('SELECT position::DOUBLE FROM rolled ORDER BY 1')).at<number>(0));

  const tables = await database.lookUp('SELECT tbl FROM tables ORDER BY tbl');
  for (const key of tables.at<number>(0)) {
    layout.addTable(key);
  }
  const places = await database.lookUp(
    'SELECT tbl, name, type, physical FROM places ORDER BY tbl, substr(physical, 2)::INTEGER',
  );
  places.at<number>(0).forEach((key, i) => {
    const table = layout.tables.get(key);
    if (table) {
      const name = places.at<string>(1)[i] ?? '';
      layout.addPlace(table, name, places.at<ColumnType>(2)[i] ?? 'json', places.at<string>(3)[i] ?? '');
    }
  });
  const columns = await database.lookUp(
    'SELECT tbl, run, name, type, origin, role, physical FROM columns ORDER BY tbl, run, ordinal',
  );
  columns.at<number>(0).forEach((key, i) => {
    const table = layout.tables.get(key);
    const run = columns.at<number>(1)[i] ?? 0;
    const role = columns.at<Role | null>(5)[i];
    const ofRun = table?.byRun.get(run) ?? [];
    table?.byRun.set(run, ofRun);
    layout.columnCount++;
    ofRun.push({
      name: columns.at<string>(2)[i] ?? '',
      type: columns.at<ColumnType>(3)[i] ?? 'json',
      origin: columns.at<'logged' | 'derived'>(4)[i] ?? 'logged',
      ...(role && { role }),
      physical: columns.at<string>(6)[i] ?? '',
    });
  });
  const labels = await database.lookUp(
    'SELECT run, tbl, count(*)::DOUBLE, max(position)::DOUBLE FROM labels GROUP BY run, tbl',
  );
  labels.at<number>(0).forEach((run, i) => {
    layout.labels.note(run, labels.at<number>(1)[i] ?? 0, labels.at<number>(3)[i] ?? 0, labels.at<number>(2)[i] ?? 0);
  });
  return layout;
}
