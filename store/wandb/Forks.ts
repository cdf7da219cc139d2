import type { LogEntry, Series } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { nameOf } from '../formats/nameOf';
import { isObject } from '../formats/readObject';
import type { RunIndex } from '../runs/RunIndex';
import { StoreError } from '../StoreError';
import type { Reading, Writing } from '../services';
import type { WandbSession } from './WandbSession';
import type { WandbSessions } from './WandbSessions';

/** Metrics that are read at a time, and entries that are written. */
const METRICS = 10;
const ENTRIES = 5_000;
/** Values that are copied at the most: a client waits for it no longer than a minute and a half. */
const MOST_VALUES = 2_000_000;

/** Reads from a config where its run branches off another one; returns undefined for a run that does not. */
export function readBranch(wandb: Record<string, unknown> | undefined): { run: string; step: number } | undefined {
  const branch = isObject(wandb?.branch_point) ? wandb.branch_point : {};
  const run = nameOf(branch.run_id);
  return run !== undefined && Number.isSafeInteger(branch.step) ? { run, step: branch.step as number } : undefined;
}

/** `wandb.init(fork_from=…)`: the new run begins with what its parent had logged up to a step. */
export class Forks {
  constructor(
    private readonly reading: Reading,
    private readonly writing: Writing,
    private readonly runIndex: RunIndex,
    private readonly sessions: WandbSessions,
  ) {}

  /** Copies the metrics, once, also when the client asks again because it took long. Throws where there is no parent. */
  async fork(child: WandbSession, branch: { run: string; step: number }, access: Access): Promise<void> {
    const parent = this.sessions.runOf(child.project, branch.run);
    if (!parent || parent.record.id === child.id) {
      throw new StoreError('run_not_found', `There is no run ${JSON.stringify(branch.run)} to fork from.`);
    }
    const id = this.runIndex.seenBy(access).idOf(parent);
    await child.alone(async () => {
      if (child.state.isForked) {
        return;
      }
      await this.writing.putRun(child.id, { project: child.project, parent: { run: id, step: branch.step } }, access, {
        leaves: true,
      });
      const names = [...parent.latest].filter(([, { step }]) => step !== null).map(([name]) => name);
      let values = 0;
      for (let i = 0; i < names.length && values < MOST_VALUES; i += METRICS) {
        const metrics = names.slice(i, i + METRICS);
        const request = { runs: [id], metrics, steps: { to: branch.step }, reduce: 'none' as const };
        const { series } = await this.reading.metrics(request, access);
        values += series.reduce((sum, { value }) => sum + value.length, 0);
        const entries = series.flatMap(entriesOf);
        for (let from = 0; from < entries.length; from += ENTRIES) {
          const batchId = `fork-${i}-${from}`;
          await this.writing.log(child.id, { batchId, entries: entries.slice(from, from + ENTRIES) }, access);
        }
      }
      const leftOut = child.leavesOut();
      if (values >= MOST_VALUES) {
        leftOut.add('metrics of the parent beyond 2,000,000 values', branch.run);
      }
      const state = { ...structuredClone(child.state), isForked: true as const };
      await child.log(this.writing, access, { entries: [], state, leftOut });
    });
  }
}

const entriesOf = ({ metric, step, time, value }: Series): LogEntry[] =>
  value.map((one, i) => ({ step: step[i] ?? 0, time: time[i] ?? 0, metrics: { [metric]: one } }));
