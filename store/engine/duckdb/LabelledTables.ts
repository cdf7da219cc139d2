/** What is known of the labels of a run's table. */
interface Labelled {
  /** Changes of labels, ever. */
  changes: number;
  /** Of the last one. */
  position: number;
}

/** Which tables of which runs people labelled rollouts of: most have none, and pay for nothing. By keys. */
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

  /** Position of the last change; 0 for none. */
  changedAt(run: number, table: number): number {
    return this.byRun.get(run)?.get(table)?.position ?? 0;
  }

  /** Changes of a run, ever. */
  count(run: number): number {
    return [...(this.byRun.get(run)?.values() ?? [])].reduce((sum, { changes }) => sum + changes, 0);
  }
}
