import { LIMITS } from '@rolloscope/contract';
import type { LoggedTable } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { CLOCK, type Clock } from '../Clock';
import { clientTable } from '../formats/completionsTable';
import { readTableFile, type TableFile } from '../formats/readTableFile';
import type { RewardHints } from '../formats/rewardFunctions';
import { stepRank } from '../formats/stepNames';
import { jsonBytes } from '../json/jsonBytes';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { inTurns, type Steps } from '../Turn';
import type { PendingTable, StoredTable } from './RunState';
import type { TableFiles } from './TableFiles';
import type { WandbSession } from './WandbSession';
import { namedMedia } from './wandbMedia';

/** Milliseconds that the tables of one name wait for one that was logged before them and has not come. */
const PATIENCE_MS = 60_000;
/** Bytes of rows in one commit, roughly. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Brings together the files of tables and the history lines that name them; either may come first. */
export class TableJoin {
  constructor(
    private readonly files: TableFiles,
    private readonly writing: Writing,
    private readonly hintsOf: (run: string) => RewardHints,
    private readonly clock: Clock = CLOCK,
  ) {}

  /**
   * Stores the rows of every pending table whose file is there, those of one name in the order of logging. Called while
   * the session is alone. `isOver`: nothing more will come, so nothing waits. A file that comes late reopens no run.
   */
  async join(session: WandbSession, access: Access, isOver = false): Promise<void> {
    const waiting = new Set<string>();
    for (const [path, pending] of Object.entries(session.state.pending)) {
      if (waiting.has(pending.table)) {
        continue;
      }
      const bytes = await this.files.read(session, path);
      if (bytes) {
        await this.store(session, path, pending, bytes, access);
        await this.files.remove(session, path);
      } else if (!isOver && isPatient(this.clock.steady() - pending.since)) {
        waiting.add(pending.table);
      }
    }
  }

  private async store(
    session: WandbSession,
    path: string,
    pending: PendingTable,
    bytes: Buffer,
    access: Access,
  ): Promise<void> {
    const leftOut = session.leavesOut();
    try {
      const known = knownOf(pending, session.state.tables[pending.table]);
      const again = await readTableFile(bytes, known);
      const file = isAnother(again, known, pending.step) ? await readTableFile(bytes, undefined) : again;
      for (const column of namedMedia(file)) {
        leftOut.add('images and sounds of W&B tables, which the client sends within an artifact', `${path}, ${column}`);
      }
      const table = await inTurns(clientTable(file, this.hintsOf(session.id)));
      if (table.columns.length > LIMITS.columns) {
        throw new StoreError('limit_exceeded', `it has ${table.columns.length} columns; ${LIMITS.columns} are taken`);
      }
      for (let from = pending.rows, isLast = false; !isLast; ) {
        const to = await inTurns(endOfBatch(table.rows, from));
        isLast = to === table.rows.length;
        const state = structuredClone(session.state);
        if (isLast) {
          delete state.pending[path];
          const { step, resumes = 0 } = pending;
          state.tables[pending.table] = { ...file.state, step, resumes, ...(hasGrown(file, known) && { grows: true }) };
        } else {
          state.pending[path] = { ...pending, rows: to };
        }
        const entry = {
          ...(pending.step !== null && { step: pending.step }),
          time: pending.time,
          tables: {
            [pending.table]: { columns: table.columns, rows: table.rows.slice(from, to) } satisfies LoggedTable,
          },
        };
        const entries = to > from ? [entry] : [];
        await session.log(this.writing, access, {
          entries,
          state,
          keepsState: true,
          maxAttempts: (pending.resumes ?? 0) + 1,
          ...(isLast && { leftOut }),
        });
        from = to;
      }
    } catch (cause) {
      // What the store will never take must not come again and again; all else is for the client to retry.
      if (!(cause instanceof StoreError && cause.status === 400)) {
        throw cause;
      }
      leftOut.add(`the table ${JSON.stringify(pending.table)}, since ${cause.message}`, path);
      const state = structuredClone(session.state);
      delete state.pending[path];
      const events = leftOut.events(this.clock.now());
      await session.log(this.writing, access, { entries: [], state, events, keepsState: true });
      leftOut.settle();
    }
  }
}

/**
 * What a table may repeat: the one that was logged before it, unless a resumed job went back behind that. It replaces the
 * rows of the steps that it takes again, so it needs its own, also where they are the same.
 */
function knownOf({ isIncrement, step, resumes = 0 }: PendingTable, last: StoredTable | undefined) {
  const goesBack = (last?.resumes ?? 0) < resumes && step !== null && step <= (last?.step ?? Number.NEGATIVE_INFINITY);
  return isIncrement || goesBack ? undefined : last;
}

/**
 * Whether a table that says the same as the one before it is one of its own: another step's. One that is logged anew as a
 * whole has grown before, or its rows tell their step.
 */
const isAnother = ({ columns, rows, state }: TableFile, known: StoredTable | undefined, step: number | null) =>
  known !== undefined &&
  !known.grows &&
  rows.length === 0 &&
  state.bytes === known.bytes &&
  step !== (known.step ?? null) &&
  !columns.some((name) => stepRank(name) !== undefined);

/** Whether a table has the rows of the one before it, and more, now or before. */
const hasGrown = ({ columns, rows }: TableFile, known: StoredTable | undefined) =>
  known !== undefined && columns === known.columns && (rows.length > 0 || known.grows === true);

/** Also of an earlier process, whose clock may have been set since: then nothing is waited for. */
const isPatient = (age: number) => age >= 0 && age < PATIENCE_MS;

/** Where the rows from `from` on are enough for one commit; what a row takes is counted up to that. */
function* endOfBatch(rows: readonly unknown[][], from: number): Steps<number> {
  let end = from;
  for (let left = BATCH_BYTES; end < rows.length && left > 0; end++) {
    left -= jsonBytes(rows[end], left);
    yield;
  }
  return end;
}
