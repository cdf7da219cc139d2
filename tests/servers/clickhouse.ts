import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installFromNpm } from '../clients/installFromNpm';
import { freePort } from '../processes/freePort';
import { type Started, startProcess } from '../processes/startProcess';
import { untilReady } from './untilReady';

/** The version of ClickHouse that tests run: the server itself, as a library for Linux on x64 with glibc. */
const LIBRARY = '26.7.3-stable.1';
const CALLER = '1.3.7';

/** Fetches it once for this user; half a gigabyte. Returns the library's path. */
export const installClickHouse = () =>
  installFromNpm(
    `clickhouse-${LIBRARY}+ffi-rs-${CALLER}`,
    [`@chdb/lib-linux-x64-gnu@${LIBRARY}`, `ffi-rs@${CALLER}`],
    'node_modules/@chdb/lib-linux-x64-gnu/libchdb.so',
  );

const SCRIPT = fileURLToPath(new URL('clickhouseServer.mjs', import.meta.url));

/** Where a server listens, on 127.0.0.1. */
export interface ClickHousePorts {
  http: number;
  tcp: number;
}

export interface ClickHouseServer {
  readonly ports: ClickHousePorts;
  /** For the user `rolloscope` with a password, who may do everything, and no database in it. */
  readonly url: string;
  /** The same server for the user `reader`, who may only read. */
  readonly readerUrl: string;
  /** Ends it in the middle of whatever it does; its data stay. */
  kill9(): Promise<void>;
  /** Ends it cleanly; its data stay. */
  stop(): Promise<void>;
  /** Starts it again over its data, on the same ports; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export interface ClickHouseOptions {
  ports?: ClickHousePorts;
  /** Servers of the cluster `shards`, one a shard, this one among them. */
  shards?: readonly ClickHousePorts[];
}

export const clickHousePorts = async (): Promise<ClickHousePorts> => ({
  http: await freePort(),
  tcp: await freePort(),
});

/** Starts a server over an empty folder. It ends with this process, whatever happens. */
export async function startClickHouse(options: ClickHouseOptions = {}): Promise<ClickHouseServer> {
  const library = await installClickHouse();
  const ports = options.ports ?? (await clickHousePorts());
  const folder = await mkdtemp(join(tmpdir(), 'rolloscope-clickhouse-'));
  const data = join(folder, 'data');
  await mkdir(data);
  await writeFile(join(folder, 'config.xml'), configOf(folder, options.shards ?? [ports]));
  await writeFile(join(folder, 'users.xml'), USERS);
  const address = `127.0.0.1:${ports.http}`;
  let server: Started | undefined;

  const start = async () => {
    const args = ['--config-file', join(folder, 'config.xml'), '--path', data, '--listen_host', '127.0.0.1'];
    const listen = ['--http_port', String(ports.http), '--tcp_port', String(ports.tcp)];
    server = startProcess(process.execPath, [SCRIPT, library, ...args, ...listen], { cwd: folder, stdin: 'pipe' });
    await untilReady('ClickHouse', server, async () => (await fetch(`http://${address}/ping`)).ok);
  };
  const stop = async () => {
    server?.process.stdin?.end();
    await server?.ended;
  };
  await start();
  return {
    ports,
    url: `http://rolloscope:secret@${address}`,
    readerUrl: `http://reader:secret@${address}`,
    kill9: async () => server?.kill(),
    stop,
    async restart() {
      await stop();
      await start();
    },
    async remove() {
      await server?.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const user = (name: string, profile: string) =>
  `<${name}><password>secret</password><networks><ip>127.0.0.1</ip></networks><profile>${profile}</profile><quota>default</quota></${name}>`;

const USERS = `<clickhouse>
  <profiles><default/><readonly><readonly>2</readonly></readonly></profiles>
  <users>
    <default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default>
    ${user('rolloscope', 'default')}
    ${user('reader', 'readonly')}
  </users>
  <quotas><default/></quotas>
</clickhouse>
`;

const configOf = (folder: string, shards: readonly ClickHousePorts[]) => `<clickhouse>
  <logger><level>warning</level><log>${folder}/server.log</log><errorlog>${folder}/error.log</errorlog></logger>
  <users_config>${folder}/users.xml</users_config>
  <user_directories><users_xml><path>${folder}/users.xml</path></users_xml></user_directories>
  <backups><allowed_path>${folder}/backups/</allowed_path></backups>
  <remote_servers><shards><secret>between shards</secret>${shards
    .map(({ tcp }) => `<shard><replica><host>127.0.0.1</host><port>${tcp}</port></replica></shard>`)
    .join('')}</shards></remote_servers>
</clickhouse>
`;
