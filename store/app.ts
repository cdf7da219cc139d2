import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { API_VERSION, type Health } from '@rolloscope/contract';
import type { FastifyInstance } from 'fastify';
import { type AlertSettings, DEFAULT_ALERTS } from './alerts/AlertSettings';
import { AlertWatch } from './alerts/AlertWatch';
import { Audience } from './alerts/Audience';
import { CLOCK } from './Clock';
import { isDiskFull } from './disk/diskFull';
import { hashOfRun } from './disk/ownFolder';
import { type EngineServers, openEngine } from './engine/openEngine';
import { createServer } from './http/createServer';
import type { Log } from './http/Log';
import type { Tokens } from './http/Tokens';
import { Upkeep } from './ingest/Upkeep';
import { Writer } from './ingest/Writer';
import { keepPrivate } from './keepPrivate';
import { Links } from './mcp/Links';
import { mountMcp } from './mcp/mountMcp';
import { MediaFiles } from './media/MediaFiles';
import { MediaLibrary } from './media/MediaLibrary';
import { MediaWriting } from './media/MediaWriting';
import { mountMlflow } from './mlflow/mountMlflow';
import { DerivedSeries } from './opentsdb/DerivedSeries';
import { mountOpenTsdb } from './opentsdb/mountOpenTsdb';
import { OpenTsdb } from './opentsdb/OpenTsdb';
import packageJson from './package.json';
import { mountPrometheus } from './prometheus/mountPrometheus';
import { StoreMetrics } from './prometheus/StoreMetrics';
import { Reader } from './query/Reader';
import { RunIndex } from './runs/RunIndex';
import { StoreError } from './StoreError';
import { mountTrackio } from './trackio/mountTrackio';
import type { ForwardTarget } from './wandb/Forwarder';
import { openWandb } from './wandb/openWandb';

export interface AppOptions {
  /** The data folder; made when missing. One process has it at a time; another one waits up to 10 s for it. */
  data: string;
  /** None known: everybody may do everything, and only loopback is answered. */
  tokens: Tokens;
  log: Log;
  /** Milliseconds of silence after which a running run reads as crashed. Default 10 minutes. */
  crashedAfter?: number;
  /** Milliseconds of silence after which a run is deleted. Default never. */
  retain?: number;
  /** ClickHouse and PostgreSQL, by their addresses: they have the runs then, and the folder only media and uploads. */
  servers?: EngineServers;
  /** Ends, with an error, the waiting for another store that has the runs on the servers. */
  signal?: AbortSignal;
  /** Bytes of memory for the database; see `OpenOptions`. */
  cache?: number;
  /** A W&B server to which what W&B clients log is sent on. */
  forward?: ForwardTarget;
  /** Settings of what counts as a regression, a stall and so on, where they differ from the default. */
  alerts?: Partial<AlertSettings>;
  /** Verdicts that there may be on a rollout. Default `DEFAULT_VERDICTS`. */
  verdicts?: readonly string[];
  /** The address of Grafana, without a slash at the end: what agents are told links to it. */
  grafana?: string;
  /** Globs of the runs and metrics at `/metrics`, where a scrape does not say; and series there at the most. */
  expose?: { runs?: readonly string[]; metrics?: readonly string[]; series?: number };
}

export interface App {
  /** The server, ready to listen, or to `inject` into. */
  fastify: FastifyInstance;
  /** A consistent copy into a new or empty folder, while the store goes on. */
  backup(folder: string): Promise<void>;
  /** A promise, fulfilled when another process took over the runs, so that this one is of no use any more. */
  replaced?: Promise<void>;
  /** Ends what is under way within 10 s, makes everything durable and lets go of the folder. */
  close(): Promise<void>;
}

/** Series of runs in one answer of `/metrics`: twice as many as 500 runs of 50 metrics have. */
const EXPOSED_SERIES = 200_000;
const CRASHED_AFTER = 10 * 60_000;
/** Milliseconds that requests under way are waited for when the store stops. */
const FAREWELL = 10_000;
/** The same for those that only read: whoever asked can ask again. */
const READS_FAREWELL = 3_000;

/** The store, whole, but for listening. Everything is wired here and nowhere else. */
export async function createApp({
  data,
  tokens,
  log,
  crashedAfter,
  retain,
  cache,
  servers,
  signal,
  forward,
  alerts,
  grafana,
  verdicts,
  expose,
}: AppOptions): Promise<App> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  await keepPrivate(data, log);
  const engine = await openEngine(data, {
    ...(cache !== undefined && { cache }),
    ...(servers && { servers }),
    ...(signal && { signal }),
    onWait: () => log({ event: 'waiting', message: 'Another store has these runs; this one waits for its end.' }),
  });
  const runIndex = await RunIndex.load(engine, crashedAfter ?? CRASHED_AFTER);
  const running = [...runIndex.all()].filter(({ record }) => record.state === 'running').map(({ record }) => record.id);
  // Nobody waits for it, and what cannot be read is told where it is needed.
  void engine.readAhead(running).catch(() => undefined);
  const writer = new Writer(engine, runIndex, CLOCK, verdicts);
  const watch = new AlertWatch(engine, runIndex, {
    settings: { ...DEFAULT_ALERTS, ...alerts },
    write: (events, key) => writer.appendEvents(events, key),
    onError: (error) => {
      // A full disk is told of once, by upkeep.
      if (!isDiskFull(error)) {
        log(faultLine('alerts_failed', error));
      }
    },
  });
  const metrics = new StoreMetrics(
    engine,
    () => watch.waiting,
    () => files.index.bytes,
  );
  writer.onCommit = (changes, position, milliseconds) => {
    watch.observe(changes, position);
    metrics.countCommit(changes, milliseconds);
    if (changes.some(({ kind }) => kind === 'delete')) {
      Promise.all([wandb.forget(), files.sweep()]).catch((error) => log(faultLine('files_left', error)));
    }
  };
  const { version } = packageJson;
  const health = async (): Promise<Health> => {
    const { engine: name, bytes, freeBytes, trouble } = await engine.size();
    const storage = {
      engine: name,
      bytes: bytes + files.index.bytes,
      freeBytes,
      ...(trouble !== undefined && { message: trouble }),
    };
    return { status: trouble === undefined ? 'ok' : 'degraded', version, apiVersion: API_VERSION, storage };
  };
  const reading = new Reader(engine, runIndex, verdicts);
  const files = await MediaFiles.open({
    data,
    runs: () => [...runIndex.all()].map(({ record }) => record),
    isThere: ({ id, key }) => {
      const record = runIndex.get(id)?.record;
      return record !== undefined && record.key === key;
    },
    requireRoom: async (bytes) => engine.requireRoom?.(bytes),
  });
  runIndex.mediaBytes = (run) => files.index.bytesOf(hashOfRun(run));
  const writing = new MediaWriting(writer, runIndex, files);
  const media = new MediaLibrary(files, runIndex);
  const services = { reading, writing, media, health, version };
  const wandb = await openWandb({
    data,
    runIndex,
    writing,
    reading,
    engine,
    media,
    log,
    ...(forward && { forward }),
  });
  const upkeep = new Upkeep(engine, runIndex, writer, {
    onError: (error) => log(faultLine('upkeep_failed', error)),
    onTrouble: (message) =>
      log(message === undefined ? { event: 'storage_well' } : { event: 'storage_trouble', message }),
    onHour: (steady) => wandb.forgetOld(steady),
    ...(retain !== undefined && { retain }),
  });
  watch.start();
  const audience = new Audience(join(data, 'alerts-since'));
  const { fastify, gate, reads } = createServer(services, tokens, log, [
    wandb.mount,
    mountMlflow({ runIndex, writing, reading: services.reading, stateOf: (run) => engine.adapterState(run) }),
    mountTrackio(runIndex, writing),
    mountMcp({ reading, links: new Links(grafana), now: Date.now }, version),
    mountPrometheus({ runIndex, watch, audience, limit: expose?.series ?? EXPOSED_SERIES, now: Date.now }, metrics, {
      runs: expose?.runs ?? ['*'],
      metrics: expose?.metrics ?? ['*'],
    }),
    mountOpenTsdb(new OpenTsdb(engine, runIndex, new DerivedSeries(engine, runIndex, watch, audience))),
  ]);

  const close = async () => {
    gate.close();
    const enough = setTimeout(() => reads.end(stopping()), READS_FAREWELL);
    const hurry = setTimeout(() => fastify.server.closeAllConnections(), FAREWELL);
    // A connection whose last request is over would otherwise be kept alive until then.
    const sweep = setInterval(() => fastify.server.closeIdleConnections(), 50);
    await fastify.close();
    clearInterval(sweep);
    clearTimeout(enough);
    clearTimeout(hurry);
    await upkeep.close();
    await watch.close();
    await wandb.close();
    await reading.close();
    await writer.close();
    await files.close();
    await engine.close();
  };
  let closed: Promise<void> | undefined;
  return {
    fastify,
    ...(engine.replaced && { replaced: engine.replaced }),
    backup: async (folder) => {
      const copyData = engine.backup?.bind(engine);
      if (!copyData) {
        throw new StoreError('invalid_request', 'The database of this store makes its own backups.');
      }
      await wandb.copied(folder, (tables) =>
        files.copied(folder, (media) =>
          copyData(folder, {
            bytes: tables.bytes + media.bytes,
            copy: async () => {
              await tables.copy();
              await media.copy();
            },
          }),
        ),
      );
      await keepPrivate(folder, log);
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

const stopping = () => new StoreError('unavailable', 'The store is stopping; retry in a few seconds.', 5);

function faultLine(event: string, error: unknown) {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof StoreError ? error.code : 'internal';
  return { event, code, message, stack };
}
