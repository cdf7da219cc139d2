import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { damaged, damageIn } from './damaged';
import { mayHandRows } from './handedRows';
import { lastPosition, requireFile, requirePromised } from './lookAtFiles';
import { type OpenOptions, openFile } from './openFile';
import { type Promised, PromisedFile } from './PromisedFile';

export const FILE = 'runs.duckdb';
export const PROMISED = 'promised';

/** A folder that has what was promised, opened by this process alone. */
interface OpenFolder {
  instance: DuckDBInstance;
  connection: DuckDBConnection;
  /** The database's file; to be closed after `instance`, see `fileHead`. */
  file: FileHandle;
  /** Undefined where nothing says what was promised. */
  promised: Promised | undefined;
}

export const expectedOf = (promised: Promised | undefined) =>
  promised && { log: promised.log, isSomething: promised.position > 0 };

export async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run('USE store');
  return connection;
}

/** The one of an instance that writes. */
export async function connectWriter(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await connect(instance);
  mayHandRows(connection);
  return connection;
}

/** Throws `unavailable` for a folder that another process keeps, and `data_damaged`; it is left as it is then. */
export async function openFolder(directory: string, options: OpenOptions): Promise<OpenFolder> {
  const path = join(directory, FILE);
  const read = () => PromisedFile.read(join(directory, PROMISED));
  await requireFile(path, await read());
  const instance = await openFile(path, options, async () => expectedOf(await read()));
  const connection = await connectWriter(instance);
  const file = await open(path);
  try {
    // It is read again: the process before may have had it until now.
    const promised = await read();
    await requirePromised(path, file, promised, () => lastPosition(connection));
    return { instance, connection, file, promised };
  } catch (error) {
    connection.closeSync();
    instance.closeSync();
    await file.close();
    const reason = damageIn(error);
    throw reason === undefined ? error : damaged(directory, `${path} is damaged: ${reason}.`);
  }
}
