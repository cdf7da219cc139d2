import { createHash } from 'node:crypto';
import type { LogEntry, MetricValue, RunPut } from '@rolloscope/contract/types';
import { byStep } from '../../../formats/byStep';
import { LeftOut } from '../../../formats/LeftOut';
import { nameOf } from '../../../formats/nameOf';
import type { LoggedTableState } from '../../../formats/readTableFile';
import { NoTable, readTableArtifact, tablePlace } from '../../../mlflow/readTableArtifact';
import { describedBy, mergeTags, paramConfig, RUN_ID, tagFields } from '../../../mlflow/runFields';
import { StoreError } from '../../../StoreError';
import { inTurns } from '../../../Turn';
import { Refused } from '../../StoreClient';
import { tell } from '../../say';
import type { Move } from '../Move';
import { TooMuch } from '../Remote';
import type { MlflowPoint, MlflowRun, MlflowServer } from './MlflowServer';

/** A record of how far a run came. */
export interface Moved {
  /** Its id in the store. */
  id: string;
  /** Points that were taken, by metric; MLflow tells them in the order of their times. */
  points: Record<string, number>;
  /** Points by metric when the batch under way is taken: the same one is made again where it is not known to be. */
  intent?: Record<string, number>;
  /** Tables that were taken, by path: how their files begin. */
  tables: Record<string, LoggedTableState>;
  /** Tells the run as it was when it was taken to its end. */
  sign?: string;
}

/** Points of one log call. */
const BATCH = 5_000;
/** Characters of rows in one log call. */
const BATCH_CHARS = 8 * 2 ** 20;
/** The beginning of metrics that MLflow records of the machine by itself. */
const SYSTEM = /^system\//;
const ENDED: Readonly<Record<string, string>> = { FINISHED: 'finished', FAILED: 'failed', KILLED: 'failed' };

/** Takes one run: what it is, its points, its tables, and how it ended. */
export class RunMove {
  private moved: Moved | undefined;
  private entries: LogEntry[] = [];
  private readonly ahead: Record<string, number> = {};
  private readonly tally = { points: 0, rows: 0 };

  constructor(
    private readonly server: MlflowServer,
    private readonly run: MlflowRun,
    private readonly move: Move,
    private readonly report: (moved: Moved) => void,
    before: Moved | undefined,
  ) {
    this.moved = before;
  }

  async take(project: string, sign: string): Promise<{ id: string; points: number; rows: number }> {
    const id = await this.open(project);
    this.moved ??= { id, points: {}, tables: {} };
    const { intent } = this.moved;
    if (intent) {
      await this.points((metric) => intent[metric]);
      await this.flush();
    }
    await this.points(() => Number.POSITIVE_INFINITY);
    await this.flush();
    await this.tables();
    const ended = ENDED[this.run.info.status];
    if (ended !== undefined) {
      await this.move.api.send('POST', `${pathOf(id)}/finish`, { state: ended });
    }
    this.save({ sign });
    return { id, ...this.tally };
  }

  private save(change: Partial<Moved>): void {
    this.moved = { ...(this.moved as Moved), ...change };
    this.report(this.moved);
  }

  /** Makes the run under its name where that is free, else beside the project, else beside the run's own id. */
  private async open(project: string): Promise<string> {
    const { info, data } = this.run;
    const tags = new Map((data.tags ?? []).map(({ key, value }) => [key, value]));
    const left = new LeftOut(new Set());
    const fields = tagFields(mergeTags({}, tags, left));
    const params = new Map((data.params ?? []).map(({ key, value }) => [key, value]));
    const described = describedBy(tags);
    const name = nameOf(info.run_name) ?? described.name ?? info.run_id;
    const put: RunPut = {
      project,
      ...described,
      name,
      tags: fields.tags,
      config: { [RUN_ID]: info.run_id, ...fields.config, ...paramConfig(params) },
      ...(info.start_time !== undefined && { startedAt: Number(info.start_time) }),
    };
    const id = this.moved?.id ?? (await this.freeId([name, `${project}/${name}`, `${name}-${info.run_id}`]));
    await this.move.api.send('PUT', `${pathOf(id)}?beyond=leave`, put);
    return id;
  }

  private async freeId(ids: readonly string[]): Promise<string> {
    for (const id of ids) {
      const known = await this.move.api.send('GET', pathOf(id)).catch((cause: unknown) => {
        if (cause instanceof Refused && cause.status === 404) {
          return undefined;
        }
        throw cause;
      });
      const config = (known as { config?: Record<string, unknown> } | undefined)?.config;
      if (known === undefined || config?.[RUN_ID] === this.run.info.run_id) {
        return id;
      }
    }
    return this.run.info.run_id;
  }

  /** Points behind those that were taken, of each metric up to a count. */
  private async points(upTo: (metric: string) => number | undefined): Promise<void> {
    const wanted = (this.run.data.metrics ?? []).filter(
      ({ key }) => this.move.flags.has('system') || !SYSTEM.test(key),
    );
    for (const { key } of wanted) {
      const most = upTo(key) ?? 0;
      const taken = this.moved?.points[key] ?? 0;
      let at = 0;
      for await (const page of most > taken ? this.server.history(this.run.info.run_id, key) : []) {
        for (const point of page) {
          if (at >= taken && at < most) {
            this.entries.push(entryOf(key, point));
            this.ahead[key] = at + 1;
          }
          at++;
          if (most === Number.POSITIVE_INFINITY && this.entries.length >= BATCH) {
            await this.flush();
          }
        }
      }
    }
  }

  /** Logs what was read as one batch, which is noted before. */
  private async flush(): Promise<void> {
    if (this.entries.length === 0) {
      return;
    }
    const [entries, ahead] = [this.entries.splice(0), { ...this.ahead }];
    const { id, points } = this.moved as Moved;
    this.save({ intent: ahead });
    await this.log(id, entries, `${this.run.info.run_id} ${digest(JSON.stringify([points, ahead]))}`);
    for (const key of Object.keys(this.ahead)) {
      delete this.ahead[key];
    }
    const { intent: _, ...rest } = this.moved as Moved;
    this.moved = { ...rest, points: { ...points, ...ahead } };
    this.report(this.moved);
    this.tally.points += entries.length;
  }

  private async tables(): Promise<void> {
    const { run_id: run, end_time: end } = this.run.info;
    for (const path of await this.server.jsonFiles(run)) {
      const place = tablePlace(path);
      const text = place && (await this.server.file(run, path).catch(tooMuch));
      if (place === undefined || text === undefined) {
        continue;
      }
      const { id, tables } = this.moved as Moved;
      const bytes = Buffer.from(text);
      const known = tables[path];
      const read = await readTableArtifact(bytes, known).catch((cause: unknown) => {
        if (!(cause instanceof NoTable)) {
          tell(
            `${this.run.info.run_name}: ${path} is left out: ${cause instanceof StoreError ? cause.message : String(cause)}`,
          );
        }
        return undefined;
      });
      if (read === undefined || read.table.rows.length === 0 || known?.bytes === bytes.length) {
        continue;
      }
      const entries = await inTurns(byStep(place.name, read.table, place.step));
      const times = end === undefined ? {} : { time: Number(end) };
      for (const [i, part] of parts(entries).entries()) {
        await this.log(
          id,
          part.map((entry) => ({ ...entry, ...times })),
          `${run} ${digest(`${path} ${bytes.length} ${i}`)}`,
        );
      }
      this.tally.rows += read.table.rows.length;
      this.save({ tables: { ...tables, [path]: read.state ?? ({ bytes: bytes.length } as LoggedTableState) } });
    }
  }

  private async log(id: string, entries: readonly LogEntry[], batchId: string): Promise<void> {
    await this.move.api.send('POST', `${pathOf(id)}/log?beyond=leave`, { batchId, entries });
  }
}

const pathOf = (id: string) => `/runs/${encodeURIComponent(id)}`;
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24);

/** An artifact that its server fails at is one that is not there. */
function tooMuch(cause: unknown): undefined {
  if (!(cause instanceof TooMuch)) {
    throw cause;
  }
}

function entryOf(metric: string, { value, timestamp, step }: MlflowPoint): LogEntry {
  const number = Number(value);
  const told: MetricValue = Number.isFinite(number) ? number : (String(number) as MetricValue);
  const at = Number(step ?? 0);
  return {
    ...(Number.isSafeInteger(at) && { step: at }),
    ...(Number(timestamp) >= 0 && { time: Number(timestamp) }),
    metrics: { [metric]: told },
  };
}

/** Entries of tables in portions that a log call takes; a large one is cut between rows. */
function parts(entries: readonly LogEntry[]): LogEntry[][] {
  const found: LogEntry[][] = [[]];
  let chars = 0;
  for (const entry of entries) {
    for (const [name, { columns, rows }] of Object.entries(entry.tables ?? {})) {
      let kept: unknown[][] = [];
      for (const row of rows) {
        const own = JSON.stringify(row).length;
        if (chars + own > BATCH_CHARS && chars > 0) {
          found.at(-1)?.push({ ...entry, tables: { [name]: { columns, rows: kept } } });
          found.push([]);
          [kept, chars] = [[], 0];
        }
        kept.push(row);
        chars += own;
      }
      found.at(-1)?.push({ ...entry, tables: { [name]: { columns, rows: kept } } });
    }
  }
  return found.map((part) =>
    part.filter(({ tables = {} }) => Object.values(tables).some(({ rows }) => rows.length > 0)),
  );
}
