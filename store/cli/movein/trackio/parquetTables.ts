import { existsSync } from 'node:fs';
import { type ParquetFile, ParquetProcess } from '../../import/ParquetProcess';
import type { TrackioRow, TrackioTables } from './TrackioTables';

/**
 * Columns of a table by themselves, and the JSON that trackio spread over all others when it exported it. A key that a row
 * does not have is null there, as everywhere in such a file.
 */
const SPREAD: Readonly<Record<string, { into: string; own: readonly string[] }>> = {
  metrics: { into: 'metrics', own: ['id', 'run_id', 'timestamp', 'run_name', 'step', 'log_id', 'space_id'] },
  system_metrics: { into: 'metrics', own: ['id', 'run_id', 'timestamp', 'run_name', 'log_id', 'space_id'] },
  configs: { into: 'config', own: ['id', 'run_id', 'run_name', 'created_at'] },
};

/** The tables of a project that trackio exported, a parquet file each. */
export class ParquetTables implements TrackioTables {
  private readonly process = new ParquetProcess();

  /** `files` by table; they need not all be there. */
  constructor(private readonly files: Readonly<Record<string, string>>) {}

  has(table: string): boolean {
    const file = this.files[table];
    return file !== undefined && existsSync(file);
  }

  async print(table: string): Promise<string> {
    return (await this.open(table)).print;
  }

  /** A row's number is its place in the file: an export is written whole each time. */
  async *rows(table: string, after: number): AsyncGenerator<TrackioRow> {
    const { rows } = await this.open(table);
    const spread = SPREAD[table];
    let rowid = after;
    for await (const text of rows(after)) {
      const row = JSON.parse(text) as TrackioRow;
      rowid++;
      yield { ...(spread === undefined ? row : gathered(row, spread)), rowid };
    }
  }

  private async open(table: string): Promise<ParquetFile> {
    const file = this.files[table] ?? '';
    return this.process.open(file).catch((cause: unknown) => {
      throw new Error(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
    });
  }

  close(): void {
    this.process.close();
  }
}

function gathered(row: TrackioRow, { into, own }: { into: string; own: readonly string[] }): TrackioRow {
  const cells = Object.entries(row);
  const rest = cells.filter(([name, value]) => !own.includes(name) && value !== null);
  return {
    ...Object.fromEntries(cells.filter(([name]) => own.includes(name))),
    [into]: JSON.stringify(Object.fromEntries(rest)),
  };
}
