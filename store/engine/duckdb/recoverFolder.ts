import { copyFile, link, mkdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { StoreError } from '../../StoreError';
import { fileSize } from './fileSize';
import { lastPosition } from './lookAtFiles';
import { ATTACH_OPTIONS } from './openFile';
import { connect, FILE, PROMISED } from './openFolder';
import { PromisedFile } from './PromisedFile';
import { query } from './query';
import { DERIVED } from './schema';
import { inReadablePieces, rowsIn, tablesOf } from './tableFaults';
import { textSql } from './textSql';

interface Recovered {
  /** Sentences, one for each thing that could not be read. */
  losses: string[];
}

/**
 * Copies what can be read of a damaged folder into a new one, and leaves the damaged one as it is. Throws `unavailable`
 * where a store has it open, and `data_damaged` where nothing can be read.
 */
export async function recoverFolder(directory: string, target: string): Promise<Recovered> {
  await mkdir(target, { recursive: true });
  const scratch = join(target, '.recover');
  const losses: string[] = [];
  const { instance, connection } = await openReadable(directory, scratch, losses);
  try {
    await tellUnkept(connection, directory, losses);
    await connection.run(`ATTACH ${textSql(join(target, FILE))} AS fresh ${ATTACH_OPTIONS}`);
    for (const { name, sql } of await tablesOf(connection)) {
      await copyTable(connection, name, sql, losses);
    }
    await settle(connection, losses);
    await connection.run('CHECKPOINT fresh');
    await connection.run('DETACH fresh');
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(scratch, { recursive: true, force: true });
  }
  return { losses };
}

/** Opens the file to be read, with as much of its log as can be: under another path, where its log may be cut off. */
async function openReadable(directory: string, scratch: string, losses: string[]) {
  const [file, log] = [join(directory, FILE), join(directory, `${FILE}.wal`)];
  const [same, cut] = [join(scratch, FILE), join(scratch, `${FILE}.wal`)];
  await mkdir(scratch, { recursive: true });
  // Another name of the same file, which is only read; a copy where the disk is another one.
  await link(file, same).catch(() => copyFile(file, same));
  if ((await fileSize(log)) > 0) {
    await copyFile(log, cut);
  }
  for (;;) {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB', threads: '4' });
    const connection = await instance.connect();
    try {
      await connection.run('PRAGMA disable_checkpoint_on_shutdown');
      await connection.run(`ATTACH ${textSql(same)} AS store (READ_ONLY)`);
      connection.closeSync();
      return { instance, connection: await connect(instance) };
    } catch (error) {
      connection.closeSync();
      instance.closeSync();
      const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
      if (/set lock on file/i.test(reason)) {
        throw new StoreError('unavailable', `A store has ${directory} open; stop it first.`);
      }
      const size = await fileSize(cut);
      if (!/replaying wal/i.test(reason) || size === 0) {
        throw new StoreError('data_damaged', `Nothing of ${file} can be read: ${reason}. Start the store on a backup.`);
      }
      // An entry that is cut off ends the log.
      const at = Number(/entry at byte position (\d+)/.exec(reason)?.[1] ?? 0);
      await (at > 0 && at < size ? truncate(cut, at) : rm(cut));
      losses.push(`The log ends at byte ${at} of ${size}: ${reason}.`);
    }
  }
}

/** Commits that were acknowledged and are in no file any more. */
async function tellUnkept(connection: DuckDBConnection, directory: string, losses: string[]): Promise<void> {
  const promised = await PromisedFile.read(join(directory, PROMISED)).catch(() => undefined);
  const found = await lastPosition(connection).catch(() => undefined);
  if (promised && found !== undefined && found < promised.position) {
    losses.push(`Commits after ${found} are lost; those up to ${promised.position} were acknowledged.`);
  }
}

async function copyTable(connection: DuckDBConnection, name: string, sql: string, losses: string[]): Promise<void> {
  await connection.run(sql.replace(/^CREATE TABLE (?:"?store"?\.)?(?:"?main"?\.)?/i, 'CREATE TABLE fresh.main.'));
  if ((DERIVED as readonly string[]).includes(name)) {
    // These are made anew from what there is.
    return;
  }
  const unreadable = await inReadablePieces(connection, name, async (where) => {
    await connection.run(`INSERT INTO fresh."${name}" SELECT * FROM store."${name}" WHERE ${where} ORDER BY rowid`);
  });
  let lost = 0;
  for (const piece of unreadable) {
    lost += await rowsIn(connection, name, piece);
  }
  if (lost > 0) {
    losses.push(`${lost} rows of ${name} could not be read.`);
  }
}

/** Leaves out what belongs to nothing any more, and numbers that are not to be given out again stay known. */
async function settle(connection: DuckDBConnection, losses: string[]): Promise<void> {
  const { at } = await query(
    connection,
    `SELECT table_name FROM duckdb_columns() WHERE database_name = 'fresh' AND column_name = 'run' AND table_name <> 'runs'`,
  );
  for (const table of at<string>(0)) {
    const gone = await query(
      connection,
      `DELETE FROM fresh."${table}" WHERE run NOT IN (SELECT run FROM fresh.runs) RETURNING run`,
    );
    if (gone.count > 0) {
      losses.push(`${gone.count} rows of ${table} are left out: the record of their run is lost.`);
    }
  }
  const ends = await query(connection, 'SELECT count(*)::INTEGER FROM fresh.ends');
  if (ends.at<number>(0)[0] === 0) {
    const last = await query(connection, 'SELECT coalesce(max(position), 0)::DOUBLE FROM fresh.points');
    await connection.run(`INSERT INTO fresh.ends VALUES (${last.at<number>(0)[0] ?? 0}, 0)`);
  }
}
