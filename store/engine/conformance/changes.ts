import type { Change, Engine, PointsChange, RowsChange, RunRecord } from '../Engine';

export const createRun = (id: string, partial: Partial<RunRecord> = {}): RunRecord => ({
  id,
  project: 'p',
  name: id,
  state: 'running',
  tags: [],
  config: {},
  createdAt: 1,
  updatedAt: 2,
  attempts: [{ n: 1, startedAt: 1, fromStep: 0 }],
  archived: false,
  ...partial,
});

export const createPoints = (run: string, steps: number[], partial: Partial<PointsChange> = {}): PointsChange => ({
  kind: 'points',
  run,
  attempt: 1,
  metrics: steps.map(() => 'loss'),
  steps,
  times: steps.map((step) => 1_000 + step),
  values: steps.map((step) => step / 2),
  ...partial,
});

/** Rows that have no numbers yet: `commitTo` reserves them. */
export type CreatedRows = Omit<RowsChange, 'firstRow'> & { firstRow?: number };

export const createRows = (run: string, texts: (string | null)[], partial: Partial<RowsChange> = {}): CreatedRows => ({
  kind: 'rows',
  run,
  attempt: 1,
  table: 't',
  entryStep: 1,
  columns: [{ name: 'text', type: 'string', origin: 'logged' }],
  steps: texts.map(() => 1),
  times: texts.map(() => 1_000),
  cells: [texts],
  ...partial,
});

/** Commits as the writer does, with numbers reserved for the rows that have none. */
export async function commitTo(engine: Engine, changes: ReadonlyArray<Change | CreatedRows>): Promise<number> {
  const numbered: Change[] = [];
  for (const change of changes) {
    numbered.push(
      change.kind === 'rows'
        ? { ...change, firstRow: change.firstRow ?? (await engine.reserveRows(change.times.length)) }
        : change,
    );
  }
  return engine.commit(numbered);
}
