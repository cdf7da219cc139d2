import { mkdtempSync, rmSync } from 'node:fs';
import { copyFile, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type sqlite from 'node-sqlite3-wasm';
import type { TrackioRow, TrackioTables } from './TrackioTables';

/** Rows that are read at a time. */
const PAGE = 500;
const HEADER = 32;
const FRAME_HEADER = 24;
/** The byte from which the header of a database says that it has a log beside it, and what stands there for none. */
const MODE_AT = 18;
const NO_LOG = Buffer.from([1, 1]);

/**
 * A copy of an SQLite file as it was at one moment, with what its client had committed to the log beside it (`-wal`) and
 * not folded in. Nobody's file is locked, or changed.
 */
export class SqliteCopy implements TrackioTables {
  private constructor(
    private readonly folder: string,
    private readonly database: InstanceType<typeof sqlite.Database>,
  ) {}

  /** Throws an error that says why the file is none that can be read. */
  static async open(file: string): Promise<SqliteCopy> {
    // It is not loaded before it is needed: every start would wait for it.
    const { default: library } = await import('node-sqlite3-wasm');
    const folder = mkdtempSync(join(tmpdir(), 'rolloscope-sqlite-'));
    try {
      const copy = join(folder, 'copy.db');
      await copyFile(file, copy);
      await foldLogIn(copy, `${file}-wal`);
      const database = new library.Database(copy, { readOnly: true, fileMustExist: true });
      database.all('SELECT name FROM sqlite_master LIMIT 1');
      return new SqliteCopy(folder, database);
    } catch (cause) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(
        `${file} is no SQLite file that can be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
    }
  }

  has(table: string): boolean {
    return this.database.all('SELECT 1 FROM sqlite_master WHERE type = ? AND name = ?', ['table', table]).length > 0;
  }

  async print(): Promise<string> {
    return '';
  }

  async *rows(table: string, after: number): AsyncGenerator<TrackioRow> {
    for (let last = after; ; ) {
      const page = this.database.all(
        `SELECT rowid AS rowid, * FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ${PAGE}`,
        [last],
      ) as TrackioRow[];
      yield* page;
      if (page.length < PAGE) {
        return;
      }
      last = Number(page.at(-1)?.rowid);
    }
  }

  close(): void {
    this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Writes the committed pages of a log into a copy of its database, as SQLite's file format describes it: of each page the
 * last one before the last commit; frames of an earlier log have other salts, and are where it ends.
 */
async function foldLogIn(copy: string, log: string): Promise<void> {
  const bytes = await readFile(log).catch(() => Buffer.alloc(0));
  const database = await open(copy, 'r+');
  try {
    if (bytes.length > HEADER && (bytes.readUInt32BE(0) & 0xfffffffe) === 0x377f0682) {
      const size = bytes.readUInt32BE(8);
      const salts = bytes.subarray(16, 24);
      const pages = new Map<number, number>();
      let committed = new Map<number, number>();
      for (let at = HEADER; at + FRAME_HEADER + size <= bytes.length; at += FRAME_HEADER + size) {
        if (!bytes.subarray(at + 8, at + 16).equals(salts)) {
          break;
        }
        pages.set(bytes.readUInt32BE(at), at + FRAME_HEADER);
        if (bytes.readUInt32BE(at + 4) > 0) {
          committed = new Map(pages);
        }
      }
      for (const [page, from] of committed) {
        await database.write(bytes, from, size, (page - 1) * size);
      }
    }
    await database.write(NO_LOG, 0, NO_LOG.length, MODE_AT);
  } finally {
    await database.close();
  }
}
