import { EVAL_TABLE } from '@rolloscope/contract';
import type { Engine } from '../engine/Engine';
import type { GroupData } from '../engine/EngineReads';
import type { TableColumn } from '../engine/TableColumn';
import type { PairedError } from './Eval';
import { pairedError } from './standardError';

/** Columns that tell the task of a row, as trainers write them. */
const TASK_COLUMNS = ['task', 'data_source', 'dataset', 'source', 'eval_name', 'env_name'];
/** The most that the mean of a table may differ from the eval that it is said to hold. */
const TOLERANCE = 1e-4;
/** Results of whole evals remembered, and prompts of all of them. */
const REMEMBERED = 64;
const MOST_PROMPTS = 1_000_000;
/** Tables of all runs that are known to hold evals; those of the run that is known for longest go first. */
const MOST_TABLES = 20_000;

/** Results by prompt: the mean of its samples. */
export type Results = ReadonlyMap<string, number>;

export interface EvalPlace {
  run: string;
  task: string;
  step: number;
  value: number;
}

/** Reads each prompt's results of an eval from the table that was logged with it. */
export class EvalTables {
  private readonly tables = new Map<string, Map<string, readonly TableColumn[]>>();
  private readonly known = new Map<string, Results>();

  private count = 0;
  /** Prompts of all results that are remembered. */
  private prompts = 0;

  constructor(
    private readonly engine: Engine,
    private readonly mostTables: number = MOST_TABLES,
    private readonly mostPrompts: number = MOST_PROMPTS,
  ) {}

  /** Tables, and prompts of results, that are remembered. */
  get size(): { tables: number; prompts: number } {
    return { tables: this.count, prompts: this.prompts };
  }

  /** A run has rows in a table. */
  observe(run: string, table: string, columns: readonly TableColumn[]): void {
    if (EVAL_TABLE.test(table) && columns.some(({ name }) => name === 'promptHash') && resultColumn(columns)) {
      const tables = this.tables.get(run) ?? new Map<string, readonly TableColumn[]>();
      this.count += tables.has(table) ? 0 : 1;
      this.tables.set(run, tables.set(table, columns));
      for (const [oldest] of this.tables) {
        if (this.count <= this.mostTables || oldest === run) {
          break;
        }
        this.forget(oldest);
      }
    }
  }

  forget(run: string): void {
    this.count -= this.tables.get(run)?.size ?? 0;
    this.tables.delete(run);
  }

  /**
   * The results of an eval, as they were at a commit; undefined without a table whose mean is the eval's value. So a
   * table that is a sample of the eval counts for nothing.
   */
  async results(place: EvalPlace, position: number): Promise<Results | undefined> {
    const key = JSON.stringify([place, position]);
    const known = this.known.get(key);
    if (known) {
      return known;
    }
    for (const [table, columns] of this.tables.get(place.run) ?? []) {
      const groups = await this.read(place, table, columns, position);
      // A prompt without any finite result is neither right nor wrong.
      const rated = groups.flatMap(({ key: prompt, n, mean: one }) => (one === null ? [] : [{ prompt, n, mean: one }]));
      const rows = rated.reduce((sum, { n }) => sum + n, 0);
      const ofRows = rated.reduce((sum, { n, mean: ofPrompt }) => sum + n * ofPrompt, 0) / rows;
      if (rows > 0 && Math.abs(ofRows - place.value) <= TOLERANCE) {
        const results = new Map(rated.map(({ prompt, mean: ofPrompt }) => [prompt, ofPrompt]));
        this.remember(key, results);
        return results;
      }
    }
    return undefined;
  }

  private remember(key: string, results: Results): void {
    this.prompts += results.size - (this.known.get(key)?.size ?? 0);
    this.known.set(key, results);
    for (const [oldest, { size }] of this.known) {
      if ((this.known.size <= REMEMBERED && this.prompts <= this.mostPrompts) || oldest === key) {
        break;
      }
      this.known.delete(oldest);
      this.prompts -= size;
    }
  }

  private async read(
    { run, task, step }: EvalPlace,
    table: string,
    columns: readonly TableColumn[],
    position: number,
  ): Promise<GroupData[]> {
    const query = { scopes: [{ run }], table, latest: false, steps: { from: step, to: step }, position };
    const reward = resultColumn(columns) ?? '';
    const taskColumn = columns.find(({ name }) => TASK_COLUMNS.includes(name.toLowerCase()))?.name;
    const filter = taskColumn && [{ column: taskColumn, op: 'eq' as const, value: task }];
    const ofTask = filter ? await this.engine.groups({ ...query, filter }, { reward }) : [];
    return ofTask.length > 0 ? ofTask : this.engine.groups(query, { reward });
  }

  /** The paired error between evals of before, averaged by prompt, and one of now. */
  async paired(before: readonly EvalPlace[], now: EvalPlace, position: number): Promise<PairedError | undefined> {
    const ofNow = await this.results(now, position);
    const earlier = ofNow && (await Promise.all(before.map((place) => this.results(place, position))));
    if (!ofNow || !earlier?.every((one) => one !== undefined)) {
      return undefined;
    }
    const common = [...ofNow.keys()].filter((prompt) => earlier.every((results) => results.has(prompt)));
    const averaged = new Map(
      common.map((prompt) => [prompt, mean(earlier.map((results) => results.get(prompt) ?? 0))] as const),
    );
    // Evals over other prompts cannot be paired.
    return common.length < ofNow.size / 2 ? undefined : pairedError(averaged, ofNow);
  }
}

const resultColumn = (columns: readonly TableColumn[]): string | undefined =>
  (columns.find(({ role }) => role === 'correct') ?? columns.find(({ role }) => role === 'reward'))?.name;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
