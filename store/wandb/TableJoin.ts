import { LIMITS } from '@rolloscope/contract';
import type { LoggedTable } from '@rolloscope/contract/types';
import type { Access } from '../Access';
import { completionsTable } from '../formats/completionsTable';
import { LeftOut } from '../formats/LeftOut';
import { readTableFile } from '../formats/readTableFile';
import { StoreError } from '../StoreError';
import type { Writing } from '../services';
import type { RunSession } from './RunSession';
import { NOTE, type PendingTable } from './RunState';
import type { TableFiles } from './TableFiles';

/** Milliseconds that the tables of one name wait for one that was logged before them and has not come. */
const PATIENCE_MS = 60_000;
/** Characters of rows in one commit, roughly. */
const BATCH_CHARS = 8 * 1024 * 1024;

/** Brings together the files of tables and the history lines that name them; either may come first. */
export class TableJoin {
  constructor(
    private readonly files: TableFiles,
    private readonly writing: Writing,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Stores the rows of every pending table whose file is there, those of one name in the order of logging. Called while
   * the session is alone. `isOver`: nothing more will come, so nothing waits. A file that comes late reopens no run.
   */
  async join(session: RunSession, access: Access, isOver = false): Promise<void> {
    const waiting = new Set<string>();
    for (const [path, pending] of Object.entries(session.state.pending)) {
      if (waiting.has(pending.table)) {
        continue;
      }
      const bytes = await this.files.read(session.id, path);
      if (bytes) {
        await this.store(session, path, pending, bytes, access);
        await this.files.remove(session.id, path);
      } else if (!isOver && this.now() - pending.since < PATIENCE_MS) {
        waiting.add(pending.table);
      }
    }
  }

  private async store(
    session: RunSession,
    path: string,
    pending: PendingTable,
    bytes: Buffer,
    access: Access,
  ): Promise<void> {
    const leftOut = new LeftOut(session.told);
    try {
      const known = pending.isIncrement ? undefined : session.state.tables[pending.table];
      const file = readTableFile(bytes, known);
      const table = completionsTable(file);
      if (table.columns.length > LIMITS.columns) {
        throw new StoreError('limit_exceeded', `it has ${table.columns.length} columns; ${LIMITS.columns} are taken`);
      }
      for (const batch of batches(table.rows, pending.rows)) {
        const state = structuredClone(session.state);
        const isLast = batch.to === table.rows.length;
        if (isLast) {
          delete state.pending[path];
          state.tables[pending.table] = file.state;
        } else {
          state.pending[path] = { ...pending, rows: batch.to };
        }
        const entry = {
          ...(pending.step !== null && { step: pending.step }),
          time: pending.time,
          tables: { [pending.table]: { columns: table.columns, rows: batch.rows } satisfies LoggedTable },
        };
        const entries = batch.rows.length > 0 ? [entry] : [];
        await this.writing.log(session.id, { entries }, access, {
          notes: new Map([[NOTE, JSON.stringify(state)]]),
          keepsState: true,
          maxAttempts: (pending.resumes ?? 0) + 1,
        });
        session.state = state;
      }
    } catch (cause) {
      // What the store will never take must not come again and again; all else is for the client to retry.
      if (!(cause instanceof StoreError && cause.status === 400)) {
        throw cause;
      }
      leftOut.add(`the table ${JSON.stringify(pending.table)}, since ${cause.message}`, path);
      const state = structuredClone(session.state);
      delete state.pending[path];
      const extras = {
        notes: new Map([[NOTE, JSON.stringify(state)]]),
        events: leftOut.events(this.now()),
        keepsState: true,
      };
      await this.writing.log(session.id, { entries: [] }, access, extras);
      session.state = state;
      leftOut.settle();
    }
  }
}

/** Rows from `from` on in parts that are not too large for one commit; one empty part when there are none. */
function* batches(rows: unknown[][], from: number): Generator<{ rows: unknown[][]; to: number }> {
  let start = from;
  do {
    let end = start;
    for (let chars = 0; end < rows.length && chars < BATCH_CHARS; end++) {
      chars += JSON.stringify(rows[end]).length;
    }
    yield { rows: rows.slice(start, end), to: end };
    start = end;
  } while (start < rows.length);
}
