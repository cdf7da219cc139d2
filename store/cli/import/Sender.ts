import { jobOf } from '@rolloscope/contract/jobOf';
import type { LogEntry, Run, RunPut } from '@rolloscope/contract/types';
import { NO_HINTS, type RewardHints } from '../../formats/rewardFunctions';
import { Refused, type StoreClient } from '../StoreClient';
import type { KeptBatch, Unit } from './KeptBatches';
import type { Summary } from './Summary';
import { toEntries } from './toEntries';

export interface RunDefaults {
  group?: string;
  /** Epoch milliseconds at which the run began, for one that the store does not have. */
  startedAt?: number;
}

/** One log call. */
interface Call {
  batchId: string;
  units: readonly Unit[];
  hints: RewardHints;
  entries: LogEntry[];
  /** The body. */
  text: string;
}

/** A batch that is ready to be sent. */
export interface Prepared {
  /** The units of each run. */
  runs: Unit[][];
  calls: Call[];
}

/** Bytes of one call: few enough that a slow link shows progress. */
const CALL_BYTES = 8 * 1024 * 1024;
const CALL_ITEMS = 5_000;

/** Sends batches to a store. The same batch under the same id is the same calls, which the store takes once. */
export class Sender {
  /** Knowledge of the reward functions, by which rows are read. */
  hints = NO_HINTS;
  private readonly known = new Set<string>();

  constructor(
    private readonly client: StoreClient,
    private readonly summary: Summary,
    private readonly defaults: RunDefaults,
    private readonly rememberRun: (run: string, createdAt: number) => void,
  ) {}

  /** Puts into words what `send` is to send: to be done while another batch is under way. */
  prepare({ id, units, hints }: KeptBatch): Prepared {
    const byRun = new Map<string, Unit[]>();
    for (const unit of units) {
      const key = JSON.stringify([unit.run, unit.project]);
      const of = byRun.get(key);
      if (of) {
        of.push(unit);
      } else {
        byRun.set(key, [unit]);
      }
    }
    const calls: Call[] = [];
    const add = (part: Unit[]) => calls.push(callOf(`${id}-${calls.length}`, part, hints));
    for (const of of byRun.values()) {
      let part: Unit[] = [];
      let bytes = 0;
      for (const unit of of) {
        if (part.length >= CALL_ITEMS || (part.length > 0 && bytes + unit.bytes > CALL_BYTES)) {
          add(part);
          part = [];
          bytes = 0;
        }
        part.push(unit);
        bytes += unit.bytes;
      }
      add(part);
    }
    return { runs: [...byRun.values()], calls };
  }

  async send({ runs, calls }: Prepared): Promise<void> {
    for (const units of runs) {
      await this.ensureRun(units);
    }
    for (const call of calls) {
      await this.log(call);
    }
  }

  /** The run as the store has it; undefined when it has none, or none that the token may see. */
  async find(run: string): Promise<Run | undefined> {
    try {
      return (await this.client.send('GET', `/runs/${encodeURIComponent(run)}`)) as Run;
    } catch (cause) {
      if (cause instanceof Refused && cause.status === 404) {
        return undefined;
      }
      throw cause;
    }
  }

  private async ensureRun(units: readonly Unit[]): Promise<void> {
    const { run = '', project = '', folder } = units[0] ?? {};
    const configs = units.flatMap(({ item }) => (item.kind === 'run' ? [item.put.config] : []));
    if (this.known.has(run) && configs.length === 0) {
      return;
    }
    const config = Object.assign({}, ...configs) as Record<string, unknown>;
    const group = this.defaults.group ?? jobOf(run)?.job;
    const startedAt = (folder && firstTime(units)) ?? this.defaults.startedAt;
    const isNew = startedAt !== undefined && !this.known.has(run) && !(await this.find(run));
    const put: RunPut = {
      project,
      ...(folder?.name !== undefined && { name: folder.name }),
      ...(group !== undefined && { group }),
      ...(Object.keys(config).length > 0 && { config }),
      ...(isNew && { startedAt }),
    };
    const { createdAt } = (await this.client.send('PUT', `/runs/${encodeURIComponent(run)}?beyond=leave`, put)) as Run;
    this.known.add(run);
    this.rememberRun(run, createdAt);
  }

  /** Sends a call. One that is refused is halved until the items at fault stand alone. */
  private async log({ batchId, units, entries, text, hints }: Call): Promise<void> {
    const [first] = units;
    if (!first || entries.length === 0) {
      return;
    }
    try {
      await this.client.sendText('POST', `/runs/${encodeURIComponent(first.run)}/log?beyond=leave`, text);
      this.summary.take(first.run, entries);
      for (const { origin, item } of units) {
        this.summary.files.take(origin.replace(/:\d+$/, ''), item);
      }
    } catch (cause) {
      if (!(cause instanceof Refused) || (cause.status !== 400 && cause.status !== 413)) {
        throw cause;
      }
      if (units.length === 1) {
        this.summary.refuse(first.origin, cause.message.replace(/^entries\[0\]\.?\s*/, ''));
        return;
      }
      const middle = Math.ceil(units.length / 2);
      await this.log(callOf(`${batchId}a`, units.slice(0, middle), hints));
      await this.log(callOf(`${batchId}b`, units.slice(middle), hints));
    }
  }
}

function callOf(batchId: string, units: readonly Unit[], hints: RewardHints): Call {
  const entries = toEntries(
    units.map(({ item }) => item),
    hints,
  );
  return { batchId, units, hints, entries, text: JSON.stringify({ batchId, entries }) };
}

/** Returns when the first of them that tells a time was logged, in epoch milliseconds; undefined where none does. */
const firstTime = (units: readonly Unit[]) =>
  units.map(({ item }) => ('time' in item ? item.time : undefined)).find((time) => time !== undefined);
