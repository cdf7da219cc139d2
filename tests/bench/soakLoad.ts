import { mergeSince } from '@rolloscope/contract/mergeSince';
import type { MetricsAnswer, RowsAnswer } from '@rolloscope/contract/types';
import type { StoreClient } from './StoreClient';

export const RUNS = 30;
export const METRICS = 50;
export const FOLLOWERS = 5;
/** Seconds between two versions of a run's table, and rollouts of one. */
const TABLE_EVERY = 10;
const ROLLOUTS = 16;
/** As the data source follows: milliseconds between two questions. */
const TICK = 2_000;
/** Questions after which a follower looks at pages, searches and exports, too; and after which it begins anew. */
const LOOK_EVERY = 15;
const BEGIN_EVERY = 150;

/** Milliseconds that calls took, since they were last taken. */
export interface Latencies {
  logs: number[];
  reads: number[];
}

const words = Array.from({ length: 4_096 }, (_, i) => `${((i * 48_271) % 2_147_483_647).toString(36)}ing`);

/** Text that compresses like prose: words of a small vocabulary, never the same twice. */
export function prose(seed: number, chars: number): string {
  let state = seed + 1;
  const text: string[] = [];
  for (let length = 0; length < chars; length += (text.at(-1)?.length ?? 0) + 1) {
    state = (state * 48_271) % 2_147_483_647;
    text.push(words[state % words.length] ?? '');
  }
  return text.join(' ').slice(0, chars);
}

const runName = (run: number) => `run-${run}`;
const SELECTION = { runs: { where: [] }, table: 'rollouts' };

/** Trainers and readers of one store until `isOver`; what it acknowledged is counted. */
export class SoakLoad {
  acknowledged = 0;
  rollouts = 0;
  failures: string[] = [];
  latencies: Latencies = { logs: [], reads: [] };

  constructor(
    private readonly client: StoreClient,
    private readonly isOver: () => boolean,
  ) {}

  /** What came in since the last time. */
  take(): Latencies {
    const taken = this.latencies;
    this.latencies = { logs: [], reads: [] };
    return taken;
  }

  async run(): Promise<void> {
    // All begin at once, and followers when there is something to see.
    const runs = Array.from({ length: RUNS }, (_, run) => run);
    await Promise.all(
      runs.map(async (run) => {
        await this.client.call('PUT', `/runs/${runName(run)}`, { project: 'soak' });
        await this.log(run, 0, true, performance.now());
      }),
    );
    await Promise.all([
      ...runs.map((run) => this.train(run)),
      ...Array.from({ length: FOLLOWERS }, (_, follower) => this.follow(follower)),
    ]);
  }

  /** A batch a second, each run at a moment of its own. */
  private async train(run: number): Promise<void> {
    const begin = performance.now() + (1_000 * run) / RUNS;
    for (let step = 1; !this.isOver(); step++) {
      const due = begin + 1_000 * step;
      await until(due);
      await this.log(run, step, (step + run) % TABLE_EVERY === 0, due);
    }
  }

  private async log(run: number, step: number, hasTable: boolean, due: number): Promise<void> {
    const metrics = Object.fromEntries(Array.from({ length: METRICS }, (_, i) => [`m/${i}`, Math.sin(step / 100 + i)]));
    const entry = { step, metrics, ...(hasTable && { tables: { rollouts: rolloutsOf(run, step) } }) };
    const stored = await this.timed('logs', due, () =>
      this.client.call('POST', `/runs/${runName(run)}/log`, { batchId: String(step), entries: [entry] }),
    );
    this.acknowledged += stored ? METRICS : 0;
    this.rollouts += stored && hasTable ? ROLLOUTS : 0;
  }

  /** A dashboard that is open: a chart and a table that go on, looked at, and at times opened anew. */
  private async follow(follower: number): Promise<void> {
    const own = Array.from({ length: RUNS / FOLLOWERS }, (_, i) => runName(i * FOLLOWERS + follower));
    const chart = { runs: own, metrics: ['m/1*'], maxPoints: 1_000 };
    const page = { runs: own, table: 'rollouts', limit: 500, preview: 1_000 };
    let known: MetricsAnswer | undefined;
    let rowsAsOf: string | undefined;
    for (let asked = 0; !this.isOver(); asked++) {
      await until(performance.now() + (asked === 0 ? (TICK * follower) / FOLLOWERS : TICK));
      if (asked % BEGIN_EVERY === 0) {
        [known, rowsAsOf] = [undefined, undefined];
      }
      known = await this.goOn(chart, known);
      if (rowsAsOf === undefined) {
        rowsAsOf = (await this.read<RowsAnswer>('/query/rows', page))?.asOf;
      } else {
        const fresh = await this.read<RowsAnswer>('/query/rows', { ...page, since: rowsAsOf, limit: 0 });
        const isNew = fresh !== undefined && (fresh.reset || fresh.total > 0);
        rowsAsOf = isNew ? (await this.read<RowsAnswer>('/query/rows', page))?.asOf : (fresh?.asOf ?? rowsAsOf);
      }
      if (asked % LOOK_EVERY === LOOK_EVERY - 1) {
        await this.look(own, asked);
      }
    }
    await this.compare(chart, known);
  }

  /** The chart with what came since; all of it where nothing is known, or the store says so. */
  private async goOn(chart: object, known: MetricsAnswer | undefined): Promise<MetricsAnswer | undefined> {
    if (known === undefined) {
      return this.read<MetricsAnswer>('/query/metrics', chart);
    }
    const fresh = await this.read<MetricsAnswer>('/query/metrics', { ...chart, since: known.asOf });
    return fresh?.reset ? this.goOn(chart, undefined) : fresh ? mergeSince(known, fresh, 'step') : known;
  }

  /** What a person asks now and then. */
  private async look(runs: string[], asked: number): Promise<void> {
    const selection = { runs, table: 'rollouts' };
    await this.read('/query/rows', { ...selection, limit: 25, orderBy: [{ column: 'reward', direction: 'desc' }] });
    await this.read('/query/rows', { ...selection, limit: 25, search: 'nothing of that kind' });
    await this.read('/query/distribution', { ...selection, column: 'reward' });
    await this.read('/query/metric-list', { runs });
    const steps = { from: Math.max(0, asked * (TICK / 1_000) - 60) };
    const ticket = await this.read<{ path: string }>('/export', { ...selection, steps, format: 'jsonl' });
    if (ticket) {
      await this.timed('reads', performance.now(), () => this.client.send('GET', ticket.path));
    }
  }

  /** What a follower put together is what a new reader gets. */
  private async compare(chart: object, known: MetricsAnswer | undefined): Promise<void> {
    if (!known) {
      return;
    }
    const whole = await this.read<MetricsAnswer>('/query/metrics', { ...chart, asOf: known.asOf });
    const [mine, theirs] = [known, whole].map((answer) =>
      (answer?.series ?? [])
        .map(({ run, metric, step, value }) => JSON.stringify([run, metric, step, value]))
        .sort()
        .join('\n'),
    );
    if (mine !== theirs) {
      this.failures.push('What a follower put together is not what a new reader gets.');
    }
  }

  private read<T>(path: string, body: object): Promise<T | undefined> {
    return this.timed('reads', performance.now(), () => this.client.call<T>('POST', path, body));
  }

  /** Counts from when the call was due, so that a stall counts for all who waited behind it. */
  private async timed<T>(kind: keyof Latencies, due: number, work: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await work();
      this.latencies[kind].push(performance.now() - due);
      return answer;
    } catch (error) {
      this.failures.push(String(error));
      return undefined;
    }
  }

  /** Points and rollouts that the store has, to be compared with what it acknowledged. */
  async stored(): Promise<{ points: number; rollouts: number }> {
    const { metrics } = await this.client.call<{ metrics: Array<{ points: number }> }>('POST', '/query/metric-list', {
      runs: { where: [{ column: 'project', op: 'eq', value: 'soak' }] },
    });
    const { total } = await this.client.call<RowsAnswer>('POST', '/query/rows', { ...SELECTION, limit: 0 });
    return { points: metrics.reduce((sum, { points }) => sum + points, 0), rollouts: total };
  }
}

const until = (time: number) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));

function rolloutsOf(run: number, step: number) {
  const rows = Array.from({ length: ROLLOUTS }, (_, i) => {
    const seed = (run * 1_000_003 + step * 101 + i) % 2_000_000_000;
    return [prose(seed % 997, 300), prose(seed, 1_700), Math.cos(seed)];
  });
  return { columns: ['prompt', 'response', 'reward'], rows };
}
