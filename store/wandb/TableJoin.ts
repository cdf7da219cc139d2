import { LIMITS } from '@rolloscope/contract';
import type { LoggedTable } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { CLOCK, type Clock } from '../Clock';
import { clientTable } from '../formats/completionsTable';
import { readTableFile, type TableFile } from '../formats/readTableFile';
import type { RewardHints } from '../formats/rewardFunctions';
import { stepRank } from '../formats/stepNames';
import { jsonBytes } from '../json/jsonBytes';
import type { MediaLibrary } from '../media/MediaLibrary';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import { inTurns, type Steps } from '../Turn';
import { areKept, artifactRows, fillMedia, type Kept, notKept } from './fillMedia';
import { SEEN_COLUMNS } from './historyEntries';
import type { TableFiles } from './TableFiles';
import type { PendingTable, StoredTable } from './WandbRunState';
import type { WandbSession } from './WandbSession';
import { hasWords } from './wandbMedia';

/** Milliseconds that the tables of one name wait for one that was logged before them and has not come. */
const PATIENCE_MS = 60_000;
/** The same for a table's images and sounds: they are many, and more than it. */
const MEDIA_PATIENCE_MS = 10 * 60_000;
/** Bytes of rows in one commit, roughly. */
const BATCH_BYTES = 8 * 1024 * 1024;

/** Brings together the files of tables and the history lines that name them; either may come first. */
export class TableJoin {
  constructor(
    private readonly files: TableFiles,
    private readonly writing: Writing,
    private readonly media: MediaLibrary,
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
      const mayWait = (most: number) => !isOver && isPatient(this.clock.steady() - pending.since, most);
      const isAwaited = pending.images
        ? await this.storeImages(session, path, pending, access, mayWait)
        : await this.storeFile(session, path, pending, access, mayWait);
      if (isAwaited) {
        waiting.add(pending.table);
      }
    }
  }

  /** Stores a table; true where it, or what its media are, has yet to come, and those of its name wait for that. */
  private async storeFile(
    session: WandbSession,
    path: string,
    pending: PendingTable,
    access: Access,
    mayWait: (most: number) => boolean,
  ): Promise<boolean> {
    const bytes = await this.files.read(session, path);
    if (!bytes) {
      return mayWait(PATIENCE_MS);
    }
    const { artifact } = pending;
    const hasMedia = artifact !== undefined && hasWords(bytes);
    const kept: Kept = ({ media }) => this.media.find(session, media);
    const whole = hasMedia ? await this.files.read(session, artifact) : undefined;
    const media = whole && (await artifactRows(whole));
    const isThere = !hasMedia || session.hasArtifact(artifact) || (media !== undefined && (await areKept(media, kept)));
    if (!isThere && mayWait(MEDIA_PATIENCE_MS)) {
      return true;
    }
    await this.store(session, path, pending, access, bytes, (file, leave) => fillMedia(file, media, kept, leave));
    await this.files.remove(session, path);
    if (artifact !== undefined) {
      await this.files.remove(session, artifact);
    }
    return false;
  }

  /** Stores a list of images as rows, once their files are there; what is missing then says so. Whether they are awaited. */
  private async storeImages(
    session: WandbSession,
    path: string,
    { table, step, time, resumes = 0, images = [] }: PendingTable,
    access: Access,
    mayWait: (most: number) => boolean,
  ): Promise<boolean> {
    const refs = images.map(({ start }) => this.media.startingWith(session, start));
    const missing = refs.filter((ref) => ref === undefined).length;
    if (missing > 0 && mayWait(PATIENCE_MS)) {
      return true;
    }
    const leftOut = session.leavesOut();
    if (missing > 0) {
      leftOut.add('images whose files did not come, or were not kept', `${table}: ${missing} of ${images.length}`);
    }
    const state = structuredClone(session.state);
    delete state.pending[path];
    const rows = images.map(({ alt }, i) => [refs[i] ?? notKept(alt), alt ?? null]);
    const tables = { [table]: { columns: SEEN_COLUMNS, rows } };
    const entries = [{ ...(step !== null && { step }), time, tables }];
    await session.log(this.writing, access, { entries, state, keepsState: true, maxAttempts: resumes + 1, leftOut });
    return false;
  }

  private async store(
    session: WandbSession,
    path: string,
    pending: PendingTable,
    access: Access,
    bytes: Buffer,
    fill: (file: TableFile, leave: (column: string) => void) => Promise<void>,
  ): Promise<void> {
    const leftOut = session.leavesOut();
    try {
      const known = knownOf(pending, session.state.tables[pending.table]);
      const again = await readTableFile(bytes, known);
      const file = isAnother(again, known, pending.step) ? await readTableFile(bytes, undefined) : again;
      await fill(file, (column) =>
        leftOut.add('images or sounds of W&B tables', `${path}, ${column}: they did not come`),
      );
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
 * Returns the table that this one may repeat: the one that was logged before it, unless a resumed job went back behind
 * that. It replaces the rows of the steps that it takes again, so it needs its own, also where they are the same.
 */
function knownOf({ isIncrement, step, resumes = 0 }: PendingTable, last: StoredTable | undefined) {
  const goesBack = (last?.resumes ?? 0) < resumes && step !== null && step <= (last?.step ?? Number.NEGATIVE_INFINITY);
  return isIncrement || goesBack ? undefined : last;
}

/**
 * Says whether a table that says the same as the one before it is one of its own: another step's. One that is logged
 * anew as a whole has grown before, or its rows tell their step.
 */
const isAnother = ({ columns, rows, state }: TableFile, known: StoredTable | undefined, step: number | null) =>
  known !== undefined &&
  !known.grows &&
  rows.length === 0 &&
  state.bytes === known.bytes &&
  step !== (known.step ?? null) &&
  !columns.some((name) => stepRank(name) !== undefined);

/** Says whether a table has the rows of the one before it, and more, now or before. */
const hasGrown = ({ columns, rows }: TableFile, known: StoredTable | undefined) =>
  known !== undefined && columns === known.columns && (rows.length > 0 || known.grows === true);

/** Says whether to wait on. An earlier process's clock may have been set since (`age` below 0): then nothing waits. */
const isPatient = (age: number, most: number) => age >= 0 && age < most;

/** Finds the end of the rows from `from` on that are enough for one commit; what a row takes is counted up to that. */
function* endOfBatch(rows: readonly unknown[][], from: number): Steps<number> {
  let end = from;
  for (let left = BATCH_BYTES; end < rows.length && left > 0; end++) {
    left -= jsonBytes(rows[end], left);
    yield;
  }
  return end;
}
