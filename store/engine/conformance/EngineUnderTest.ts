import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OrderBy } from '@rolloscope/contract/types';
import type { Change, Commits, Engine } from '../Engine';
import type { RowQuery, RunScope, SeriesData, SeriesQuery } from '../EngineReads';
import { type CreatedRows, commitTo } from './changes';

/** Nobody else writes. */
export const ALONE: Commits = { isIdle: true, between: (work) => work() };

/** Opens the store in a folder, and creates it where there is none. */
export type OpenEngine = (folder: string) => Promise<Engine>;

/** An engine over a folder of its own for each test, and what tests ask of it again and again. */
export class EngineUnderTest {
  private folder = '';
  private opened: Engine | undefined;

  constructor(readonly open: OpenEngine) {}

  get engine(): Engine {
    if (!this.opened) {
      throw new Error('No engine is open.');
    }
    return this.opened;
  }

  async begin(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'rolloscope-engine-'));
    this.opened = await this.open(this.folder);
  }

  async reopen(): Promise<void> {
    await this.engine.close();
    this.opened = await this.open(this.folder);
  }

  async end(): Promise<void> {
    await this.engine.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  commit(changes: ReadonlyArray<Change | CreatedRows>): Promise<number> {
    return commitTo(this.engine, changes);
  }

  /** Reads all rows of a run's table as of now, narrowed by what is given. */
  async query(run: string | RunScope[], narrowed: Partial<RowQuery> = {}): Promise<RowQuery> {
    const scopes = typeof run === 'string' ? [{ run }] : run;
    return { scopes, table: 't', latest: false, position: await this.engine.position(), ...narrowed };
  }

  /** The texts of the rows that a query selects, in order. */
  async texts(run: string | RunScope[], narrowed: Partial<RowQuery> = {}, orderBy: OrderBy = []): Promise<unknown[]> {
    const query = await this.query(run, narrowed);
    const page = await this.engine.rows(query, { columns: ['text'], orderBy, offset: 0, limit: 10_000 });
    return page.rows.map(([text]) => text);
  }

  /** Series of the metric `loss` as of now, narrowed by what is given. */
  async series(run: string | RunScope[], asked: Partial<SeriesQuery> = {}): Promise<SeriesData[]> {
    const { series } = await this.engine.series({
      scopes: typeof run === 'string' ? [{ run }] : run,
      metrics: ['loss'],
      x: 'step',
      maxPoints: 10_000,
      reduce: 'none',
      everyAttempt: false,
      position: await this.engine.position(),
      ...asked,
    });
    return series;
  }

  /** The steps of the first of them. */
  async steps(run: string | RunScope[], asked: Partial<SeriesQuery> = {}): Promise<(number | null)[]> {
    return (await this.series(run, asked))[0]?.step ?? [];
  }
}
