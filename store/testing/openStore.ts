import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry } from '@rolloscope/contract/types';
import { FULL_ACCESS } from '../Access';
import { CLOCK, type Clock } from '../Clock';
import { openEngine } from '../engine/openEngine';
import { Writer } from '../ingest/Writer';
import { Reader } from '../query/Reader';
import { RunIndex } from '../runs/RunIndex';

export interface OpenStoreOptions {
  directory?: string;
  now?: () => number;
  /** Default `now`: a clock that nobody sets. */
  steady?: () => number;
  crashedAfter?: number;
}

/** A store without HTTP, in a directory of its own: what unit tests of reading and writing stand on. */
export async function openStore(options: OpenStoreOptions = {}) {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'rolloscope-store-')));
  const { now, steady = now } = options;
  const clock: Clock = { ...CLOCK, ...(now && { now }), ...(steady && { steady }) };
  const engine = await openEngine(directory);
  const runIndex = await RunIndex.load(engine, options.crashedAfter ?? 60_000, clock.steady);
  const writer = new Writer(engine, runIndex, clock);
  const reader = new Reader(engine, runIndex);
  return {
    directory,
    clock,
    engine,
    runIndex,
    writer,
    reader,
    /** Creates a run if need be, and logs entries to it. */
    async log(run: string, entries: LogEntry[], batchId?: string) {
      if (!runIndex.get(run)) {
        await writer.putRun(run, { project: 'p' }, FULL_ACCESS);
      }
      return writer.log(run, { entries, ...(batchId !== undefined && { batchId }) }, FULL_ACCESS);
    },
    /** Stops as a clean end does; the directory stays, to be opened again. */
    async stop() {
      await reader.close();
      await writer.close();
      await engine.close();
    },
    async close() {
      await this.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export type OpenStore = Awaited<ReturnType<typeof openStore>>;
