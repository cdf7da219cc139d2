import type { Engine } from '../engine/Engine';

/** Tables whose contents are remembered; the one not used for longest is read anew when it is needed again. */
const MAX_TABLES = 200;

/** By run and table: the first row of every prompt and response, so that duplicates are told when they are logged. */
export class FirstRows {
  private readonly tables = new Map<string, { run: string; rows: Map<string, number> }>();

  async of(engine: Engine, run: string, table: string): Promise<Map<string, number>> {
    const key = JSON.stringify([run, table]);
    const known = this.tables.get(key);
    const rows = known?.rows ?? (await engine.firstRows(run, table));
    this.tables.delete(key);
    this.tables.set(key, { run, rows });
    const [oldest] = this.tables.keys();
    if (this.tables.size > MAX_TABLES && oldest !== undefined) {
      this.tables.delete(oldest);
    }
    return rows;
  }

  forget(run: string): void {
    for (const [key, table] of this.tables) {
      if (table.run === run) {
        this.tables.delete(key);
      }
    }
  }
}
