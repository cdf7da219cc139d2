import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes that the path of a socket may have everywhere. */
const MAX_PATH = 100;

/**
 * Returns where the store that has a data folder open listens for its own user's commands: not a port, and not for
 * others. It is in the folder, unless its path is too long for a socket.
 */
async function socketPath(data: string): Promise<string> {
  const folder = await realpath(data);
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (process.platform === 'win32') {
    return `\\\\.\\pipe\\rolloscope-${hash}`;
  }
  const inside = join(folder, 'store.sock');
  return Buffer.byteLength(inside) <= MAX_PATH ? inside : join(await ownFolder(), `${hash}.sock`);
}

/**
 * A folder among the temporary files that is this user's alone. In the shared one somebody else could stand in for the
 * store, and answer that a backup is made. Throws where somebody else was there before.
 */
async function ownFolder(): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `rolloscope-${uid}`);
  await mkdir(folder, { mode: 0o700 }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') {
      throw cause;
    }
  });
  const stats = await lstat(folder);
  if (!stats.isDirectory() || stats.uid !== uid || (stats.mode & 0o077) !== 0) {
    throw new Error(`${folder} is open to others, so no commands are taken there; remove it, or use a shorter --data.`);
  }
  return folder;
}

/** Takes requests for a backup, a line with the folder each, and answers a line: empty, or what went wrong. */
export async function listenForBackups(
  data: string,
  backup: (folder: string) => Promise<void>,
): Promise<{ close(): void }> {
  const path = await socketPath(data);
  await rm(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    readLine(socket)
      .then((line) => backup(JSON.parse(line) as string))
      .then(
        () => socket.end('""\n'),
        (cause: unknown) => socket.end(`${JSON.stringify(cause instanceof Error ? cause.message : String(cause))}\n`),
      );
  });
  server.listen(path);
  await once(server, 'listening');
  server.unref();
  if (process.platform !== 'win32') {
    await chmod(path, 0o600);
  }
  return { close: () => server.close() };
}

/** Asks the store that runs on `data` for a backup; false when none runs there. Throws what went wrong. */
export async function requestBackup(data: string, folder: string): Promise<boolean> {
  const socket = connect(await socketPath(data));
  try {
    await once(socket, 'connect');
  } catch {
    return false;
  }
  socket.write(`${JSON.stringify(folder)}\n`);
  const problem = JSON.parse(await readLine(socket)) as string;
  socket.destroy();
  if (problem !== '') {
    throw new Error(problem);
  }
  return true;
}

async function readLine(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk;
    const end = text.indexOf('\n');
    if (end !== -1) {
      return text.slice(0, end);
    }
  }
  throw new Error('The store closed the connection; its log may say why.');
}
