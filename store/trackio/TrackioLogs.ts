import type { LogEntry, LogRequest } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { isEvalLine } from '../formats/evalCompletions';
import type { LeftOut } from '../formats/LeftOut';
import { joinHints, type RewardHints, rewardHints } from '../formats/rewardFunctions';
import { scalars } from '../formats/scalars';
import type { RunIndex } from '../runs/RunIndex';
import { rewardHintsOf } from '../runs/rewardHintsOf';
import { StoreError } from '../StoreError';
import type { LogExtras, Writing } from '../services';
import { inTurns, type Steps, Turn } from '../Turn';
import type { RunKey } from './RunKey';
import { readAlert } from './readAlert';
import { readConfig } from './readConfig';
import { type Entry, readEntry, readRunKey } from './readEntry';
import { readValues } from './readValues';
import type { TrackioRuns } from './TrackioRuns';
import type { TrackioSession } from './TrackioSession';
import { withoutRepeats } from './withoutRepeats';

/** Calls that wait to be written at one time, of one request; more come after them. */
const AT_ONCE = 500;

type Values = Record<string, unknown>;
type TrackioExtras = LogExtras & { leftOut: LeftOut };

/**
 * Takes what trackio clients log. Each call of a trainer is a batch of its own, under trackio's id of it, so that what is
 * sent again is stored once, however it is cut into requests.
 */
export class TrackioLogs {
  constructor(
    private readonly runIndex: RunIndex,
    private readonly writing: Writing,
    private readonly runs: TrackioRuns,
  ) {}

  async logs(list: readonly Values[], access: Access): Promise<void> {
    const runs = await inTurns(byRun(list, readEntry));
    await this.store(runs, access, function* (entry, session, leftOut, hints) {
      session.isEval = isEvalLine(Object.keys(entry.values)) ?? session.isEval;
      const values = yield* withoutRepeats(entry, session.newest);
      return yield* readValues(values, entry.step, leftOut, hints, session.isEval);
    });
  }

  /** Points of machines have a time and no step. */
  async systemLogs(list: readonly Values[], access: Access): Promise<void> {
    const runs = await inTurns(byRun(list, readEntry));
    // biome-ignore lint/correctness/useYield: short enough for one step.
    await this.store(runs, access, function* ({ values }, _session, leftOut) {
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
      const { id } = await this.runs.take(run, {}, access);
      await this.writing.logEvents(id, { events: own.map(({ event }) => event) }, access);
    }
  }

  /** Files that were saved, of no run by name: told at the project's newest run. False where there is none. */
  async savedFiles(project: string, name: string, access: Access): Promise<boolean> {
    const [newest] = this.runs.in(project, access).sort((a, b) => b.record.updatedAt - a.record.updatedAt);
    if (newest !== undefined) {
      await this.leaveOut(await this.runs.open(newest), 'saved files', name, access);
    }
    return newest !== undefined;
  }

  async artifact(run: RunKey, name: string, access: Access): Promise<void> {
    await this.leaveOut(await this.runs.take(run, {}, access), 'artifacts', name, access);
  }

  private async leaveOut(session: TrackioSession, kind: string, name: string, access: Access): Promise<void> {
    const leftOut = session.leavesOut();
    leftOut.add(kind, name.slice(0, 1_000));
    await session.tell(this.writing, access, leftOut);
  }

  private async store(
    runs: ReadonlyArray<[RunKey, Entry[]]>,
    access: Access,
    read: (entry: Entry, session: TrackioSession, leftOut: LeftOut, hints: RewardHints) => Steps<LogEntry[]>,
  ): Promise<void> {
    for (const [run, own] of runs) {
      const config = own.find((entry) => entry.config)?.config;
      const first = own[0]?.time;
      const put = { ...(first !== undefined && { startedAt: first }), ...(config && readConfig(config)) };
      const session = await this.runs.take(run, put, access);
      const { id } = session;
      const leftOut = session.leavesOut();
      const ahead = rewardHints(await namesOf(own));
      const hints = joinHints(rewardHintsOf(this.runIndex.get(id)), ahead);
      for (let from = 0; from < own.length; from += AT_ONCE) {
        const calls: Array<() => Promise<unknown>> = [];
        for (const entry of own.slice(from, from + AT_ONCE)) {
          const { time, logId: batchId } = entry;
          const logged = await inTurns(read(entry, session, leftOut, hints));
          const entries = time === undefined ? logged : logged.map((one) => ({ ...one, time }));
          const request = { entries, ...(batchId !== undefined && { batchId }) };
          // What is replayed comes after newer steps, which does not make it an attempt.
          const extras = { leftOut, ...(time !== undefined && { maxAttempts: 1 }) };
          calls.push(() => this.logOrLeave(id, request, access, extras));
        }
        await Promise.all(calls.map((call) => call()));
      }
      await session.tell(this.writing, access, leftOut);
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
}

/** The names of all that some calls log, mostly the same ones in each. */
async function namesOf(entries: readonly Entry[]): Promise<Set<string>> {
  const names = new Set<string>();
  await new Turn().all(entries, ({ values }) => {
    for (const name of Object.keys(values)) {
      names.add(name);
    }
  });
  return names;
}

/** Reads each of a list, and groups the results by run, in the order of first coming. */
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
