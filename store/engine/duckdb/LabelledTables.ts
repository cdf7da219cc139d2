/** The labels of a run's table, as far as they are known. */
interface Labelled {
  /** Changes of labels, ever. */
  changes: number;
  /** The position of the last one. */
  position: number;
}

/** The tables of runs in which people labelled rollouts, by keys: most have none, and pay for nothing. */
export class LabelledTables {
  private readonly byRun = new Map<number, Map<number, Labelled>>();

  note(run: number, table: number, position: number, changes: number): void {
    const tables = this.byRun.get(run) ?? new Map<number, Labelled>();
    this.byRun.set(run, tables);
    const known = tables.get(table)?.changes ?? 0;
    tables.set(table, { changes: known + changes, position });
  }

  forget(run: number): void {
    this.byRun.delete(run);
  }

  has(run: number, table: number): boolean {
    return this.byRun.get(run)?.has(table) ?? false;
  }

  /** Returns the position of the last change; 0 for none. */
  changedAt(run: number, table: number): number {
    return this.byRun.get(run)?.get(table)?.position ?? 0;
  }

  /** Counts the changes of a run, ever. */
  count(run: number): number {
    return [...(this.byRun.get(run)?.values() ?? [])].reduce((sum, { changes }) => sum + changes, 0);
  }
}
