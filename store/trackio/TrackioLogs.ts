import type { EventsPost, LogEntry, LogRequest } from '@rolloscope/contract/types';
import { LRUCache } from 'lru-cache';
import type { Access } from '../Access';
import { isEvalLine } from '../formats/evalCompletions';
import { LeftOut } from '../formats/LeftOut';
import { joinHints, type RewardHints, rewardHints } from '../formats/rewardFunctions';
import { scalars } from '../formats/scalars';
import type { RunIndex } from '../runs/RunIndex';
import { rewardHintsOf } from '../runs/rewardHintsOf';
import { StoreError } from '../StoreError';
import type { LogExtras, Writing } from '../services';
import { inTurns, type Steps, Turn } from '../Turn';
import { readAlert } from './readAlert';
import { readConfig } from './readConfig';
import { type Entry, readEntry, readRunKey } from './readEntry';
import { readValues } from './readValues';
import type { RunKey, TrackioRuns } from './TrackioRuns';
import { type NewestCompletions, withoutRepeats } from './withoutRepeats';

/** Calls that wait to be written at one time, of one request; more come after them. */
const AT_ONCE = 500;
/** Runs of which is remembered what was told; of others it is told again, which changes nothing. */
const MOST_TOLD = 5_000;

type Values = Record<string, unknown>;
type Newest = { isEval: boolean } & NewestCompletions;
type TrackioExtras = LogExtras & { leftOut: LeftOut };

/**
 * Takes what trackio clients log. Each call of a trainer is a batch of its own, under trackio's id of it, so that what is
 * sent again is stored once, however it is cut into requests.
 */
export class TrackioLogs {
  /** By run, kinds of things left out that were told already. */
  private readonly told = new LRUCache<string, Set<string>>({ max: MOST_TOLD, memoMethod: () => new Set() });
  /** By run, whether its newest call with metrics was one of an eval, and its newest completions. */
  private readonly newest = new LRUCache<string, Newest>({ max: MOST_TOLD, memoMethod: () => ({ isEval: false }) });

  constructor(
    private readonly runIndex: RunIndex,
    private readonly writing: Writing,
    private readonly runs: TrackioRuns,
  ) {}

  async logs(list: readonly Values[], access: Access): Promise<void> {
    const runs = await inTurns(byRun(list, readEntry));
    const { newest: all } = this;
    await this.store(runs, access, function* (entry, leftOut, hints) {
      const newest = all.memo(JSON.stringify(entry.run));
      newest.isEval = isEvalLine(Object.keys(entry.values)) ?? newest.isEval;
      const values = yield* withoutRepeats(entry, newest);
      return yield* readValues(values, entry.step, leftOut, hints, newest.isEval);
    });
  }

  /** Points of machines have a time and no step. */
  async systemLogs(list: readonly Values[], access: Access): Promise<void> {
    const runs = await inTurns(byRun(list, readEntry));
    // biome-ignore lint/correctness/useYield: short enough for one step.
    await this.store(runs, access, function* ({ values }, leftOut) {
      const { metrics, others } = scalars({ system: values });
      for (const name of Object.keys(others)) {
        leftOut.add('system metrics that are no numbers', name.slice(0, 200));
      }
      return [{ metrics }];
    });
  }

  async alerts(list: readonly Values[], access: Access): Promise<void> {
    const read = (alert: Values) => ({ run: readRunKey(alert), event: readAlert(alert) });
    for (const [run, own] of await inTurns(byRun(list, read))) {
      const id = await this.runs.open(run, {}, access);
      await this.writing.logEvents(id, { events: own.map(({ event }) => event) }, access);
    }
  }

  /** Files that were saved, of no run by name: told at the project's newest run. False where there is none. */
  async savedFiles(project: string, name: string, access: Access): Promise<boolean> {
    const newest = this.runs.in(project, access).sort((a, b) => b.record.updatedAt - a.record.updatedAt)[0]?.record.id;
    if (newest !== undefined) {
      await this.leaveOut(newest, 'saved files', name, access);
    }
    return newest !== undefined;
  }

  async artifact(run: RunKey, name: string, access: Access): Promise<void> {
    await this.leaveOut(await this.runs.open(run, {}, access), 'artifacts', name, access);
  }

  private async leaveOut(run: string, kind: string, name: string, access: Access): Promise<void> {
    const leftOut = this.leftOutOf(run);
    leftOut.add(kind, name.slice(0, 1_000));
    await this.tell(run, leftOut, access);
  }

  private async store(
    runs: ReadonlyArray<[RunKey, Entry[]]>,
    access: Access,
    read: (entry: Entry, leftOut: LeftOut, hints: RewardHints) => Steps<LogEntry[]>,
  ): Promise<void> {
    for (const [run, own] of runs) {
      const config = own.find((entry) => entry.config)?.config;
      const first = own[0]?.time;
      const put = { ...(first !== undefined && { startedAt: first }), ...(config && readConfig(config)) };
      const id = await this.runs.open(run, put, access);
      const leftOut = this.leftOutOf(id);
      const ahead = rewardHints(await namesOf(own));
      const hints = joinHints(rewardHintsOf(this.runIndex.get(id)), ahead);
      for (let from = 0; from < own.length; from += AT_ONCE) {
        const calls: Array<() => Promise<unknown>> = [];
        for (const entry of own.slice(from, from + AT_ONCE)) {
          const { time, logId: batchId } = entry;
          const logged = await inTurns(read(entry, leftOut, hints));
          const entries = time === undefined ? logged : logged.map((one) => ({ ...one, time }));
          const request = { entries, ...(batchId !== undefined && { batchId }) };
          // What is replayed comes after newer steps, which does not make it an attempt.
          const extras = { leftOut, ...(time !== undefined && { maxAttempts: 1 }) };
          calls.push(() => this.logOrLeave(id, request, access, extras));
        }
        await Promise.all(calls.map((call) => call()));
      }
      await this.tell(id, leftOut, access);
    }
  }

  /**
   * One call of a trainer. What the store will never take must not come again and again: a client keeps what was refused,
   * with all that comes after it, and sends it with every call.
   */
  private async logOrLeave(run: string, request: LogRequest, access: Access, extras: TrackioExtras): Promise<void> {
    try {
      await this.writing.log(run, request, access, extras);
    } catch (cause) {
      if (!(cause instanceof StoreError && cause.status === 400)) {
        throw cause;
      }
      const step = request.entries.find((entry) => entry.step !== undefined)?.step;
      extras.leftOut.add(`a call, since ${cause.message}`, step === undefined ? 'a call' : `step ${step}`);
    }
  }

  private leftOutOf(run: string): LeftOut {
    // A run that was deleted and made again is another one.
    const key = `${this.runIndex.get(run)?.record.key} ${run}`;
    return new LeftOut(this.told.memo(key));
  }

  private async tell(run: string, leftOut: LeftOut, access: Access): Promise<void> {
    const events: EventsPost['events'] = leftOut.events();
    if (events.length > 0) {
      await this.writing.logEvents(run, { events }, access);
      leftOut.settle();
    }
  }
}

/** Of all that is logged: of many calls, mostly the same ones. */
async function namesOf(entries: readonly Entry[]): Promise<Set<string>> {
  const names = new Set<string>();
  await new Turn().all(entries, ({ values }) => {
    for (const name of Object.keys(values)) {
      names.add(name);
    }
  });
  return names;
}

/** What is read from each of a list, by run, in the order of first coming. */
function* byRun<T extends { run: RunKey }>(
  list: readonly Values[],
  read: (values: Values) => T,
): Steps<Array<[RunKey, T[]]>> {
  const runs = new Map<string, [RunKey, T[]]>();
  for (const values of list) {
    const entry = read(values);
    const { project, name, id } = entry.run;
    const key = JSON.stringify([project, name, id]);
    const known = runs.get(key) ?? [entry.run, []];
    known[1].push(entry);
    runs.set(key, known);
    yield;
  }
  return [...runs.values()];
}
