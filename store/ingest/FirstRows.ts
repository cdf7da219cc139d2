import type { Engine } from '../engine/Engine';

/** Contents remembered over all tables; the table not used for longest is read anew when it is needed again. */
const MAX_CONTENTS = 2_000_000;

/** By run and table: the first row of every prompt and response, so that duplicates are told when they are logged. */
export class FirstRows {
  private readonly tables = new Map<string, { run: string; rows: Map<string, number> }>();

  async of(engine: Engine, run: string, table: string): Promise<Map<string, number>> {
    const key = JSON.stringify([run, table]);
    const known = this.tables.get(key);
    const rows = known?.rows ?? (await engine.firstRows(run, table));
    this.tables.delete(key);
    this.tables.set(key, { run, rows });
    let contents = 0;
    for (const [other, table] of [...this.tables].reverse()) {
      contents += table.rows.size;
      if (contents > MAX_CONTENTS && other !== key) {
        this.tables.delete(other);
      }
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
