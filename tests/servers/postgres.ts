import { chownSync, readFileSync, realpathSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { toolPath } from '../../.config/testTools';
import { freePort } from '../processes/freePort';
import { runToSuccess, type Started, startProcess } from '../processes/startProcess';
import { untilReady } from './untilReady';

export interface PostgresServer {
  readonly port: number;
  /** For the database `postgres` and its owner, with the password. */
  readonly url: string;
  /** The address of another database, user or password. */
  urlOf(other: { database?: string; user?: string; password?: string }): string;
  /** Makes an empty database, and returns its address. */
  createDatabase(name: string): Promise<string>;
  /** Makes a database that is as another one is now, to which nobody is connected; returns its address. */
  copyDatabase(from: string, name: string): Promise<string>;
  /** Ends it, and all that it has under way, in the middle of whatever it does; its data stay. */
  kill9(): Promise<void>;
  /** Starts it again over its data, on the same port, and ends it before where it runs; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

const PASSWORD = 'secret';

/** Starts a server over an empty folder. It ends with this process, whatever happens. */
export async function startPostgres(): Promise<PostgresServer> {
  const postgres = realpathSync(toolPath('postgres'));
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-postgres-'));
  const port = await freePort();
  const owner = notRoot();
  const passwords = join(folder, 'password');
  await writeFile(passwords, PASSWORD);
  if (owner) {
    chownSync(folder, owner.uid, owner.gid);
    await chmod(passwords, 0o644);
  }
  const data = join(folder, 'data');
  const init = ['-D', data, '-U', 'postgres', '-E', 'UTF8', '--locale', 'C', '--no-sync', '-A', 'scram-sha-256'];
  await runToSuccess(join(dirname(postgres), 'initdb'), [...init, '--pwfile', passwords], { cwd: folder, ...owner });
  let server: Started | undefined;
  const urlOf = ({ database = 'postgres', user = 'postgres', password = PASSWORD }) =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

  // What it wrote is in the kernel's hands when a commit is answered, and outlives a kill without being forced to disk.
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'shared_buffers=32MB'];
  const start = async () => {
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((one) => ['-c', one])];
    server = startProcess(postgres, args, { cwd: folder, ...owner });
    await untilReady('PostgreSQL', server, async () => (await ask(urlOf({}), 'SELECT 1')) === undefined);
  };
  const kill9 = async () => {
    const { pid } = server?.process ?? {};
    const below = pid === undefined ? [] : await childrenOf(pid);
    await server?.kill();
    for (const child of below) {
      endIfThere(child);
    }
  };
  await start();
  return {
    port,
    url: urlOf({}),
    urlOf,
    async createDatabase(name) {
      await ask(urlOf({}), `CREATE DATABASE "${name}"`);
      return urlOf({ database: name });
    },
    async copyDatabase(from, name) {
      await ask(urlOf({}), `CREATE DATABASE "${name}" TEMPLATE "${from}"`);
      return urlOf({ database: name });
    },
    kill9,
    async restart() {
      await kill9();
      await start();
    },
    async remove() {
      await kill9();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ask(url: string, sql: string): Promise<undefined> {
  const client = new Client(url);
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** PostgreSQL refuses to run as root; Debian's package makes a user for it. */
function notRoot(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const users = readFileSync('/etc/passwd', 'utf8');
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(users) ?? /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

/** Process ids, on Linux; elsewhere what it started ends a moment after it. */
async function childrenOf(pid: number): Promise<number[]> {
  const all = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    all.map(async (one) => {
      const stat = await readFile(`/proc/${one}/stat`, 'utf8').catch(() => '');
      return stat.slice(stat.lastIndexOf(')')).split(' ')[2];
    }),
  );
  return all.filter((_, i) => Number(parents[i]) === pid).map(Number);
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
