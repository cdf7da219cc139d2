import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../../UsageError';
import { ParquetTables } from './parquetTables';
import { SqliteCopy } from './readSqlite';
import type { TrackioTables } from './TrackioTables';

export interface TrackioProject {
  name: string;
  /** The file that is told of. */
  file: string;
  open(): Promise<TrackioTables>;
}

/** Endings of the tables' files beside `PROJECT.parquet`, which has the metrics. Those of artifacts are not read. */
const SIDECARS: Readonly<Record<string, string>> = {
  system_metrics: '_system',
  configs: '_configs',
  traces: '_traces',
};
const ARTIFACTS =
  /_(artifacts|artifact_versions|artifact_aliases|artifact_manifest_entries|run_artifact_links|external_run_artifact_links)$/;

/**
 * The projects of a folder of trackio's: a SQLite file each, or what it exported to parquet, as in the data set of a Space
 * (`PROJECT.parquet`) or for a static Space (`metrics.parquet` and `aux/`). What is there in both is read from SQLite,
 * which the export was made of.
 */
export function findProjects(place: string): TrackioProject[] {
  if (!existsSync(place)) {
    throw new UsageError(`There is no file or folder ${place}.`, 'import');
  }
  const path = resolve(place);
  if (!statSync(path).isDirectory()) {
    return [path.endsWith('.parquet') ? exported(path) : inSqlite(path)];
  }
  const names = readdirSync(path).sort();
  const databases = names.filter((name) => name.endsWith('.db'));
  const exports = names.filter(
    (name) =>
      name.endsWith('.parquet') &&
      !isSidecar(basename(name, '.parquet')) &&
      !names.includes(name.replace(/\.parquet$/, '.db')),
  );
  const found = [
    ...databases.map((name) => inSqlite(join(path, name))),
    ...exports.map((name) => exported(join(path, name))),
  ];
  if (found.length === 0) {
    throw new UsageError(
      `${place} has no PROJECT.db and no PROJECT.parquet; trackio keeps them in TRACKIO_DIR, else in ~/.cache/huggingface/trackio.`,
      'import',
    );
  }
  return found;
}

const isSidecar = (base: string) =>
  ARTIFACTS.test(base) || Object.values(SIDECARS).some((ending) => base.endsWith(ending));

const inSqlite = (file: string): TrackioProject => ({
  name: basename(file, '.db'),
  file,
  open: () => SqliteCopy.open(file),
});

function exported(file: string): TrackioProject {
  const folder = dirname(file);
  const base = basename(file, '.parquet');
  const aside = join(folder, 'aux');
  const isStatic = base === 'metrics' && existsSync(join(folder, 'runs.json'));
  const sidecars = Object.entries(SIDECARS).map(([table, ending]) => [
    table,
    isStatic ? join(aside, `${table}.parquet`) : join(folder, `${base}${ending}.parquet`),
  ]);
  const files: Record<string, string> = { metrics: file, ...Object.fromEntries(sidecars) };
  return { name: isStatic ? basename(folder) : base, file, open: async () => new ParquetTables(files) };
}
