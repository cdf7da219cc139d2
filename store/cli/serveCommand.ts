import { type AppOptions, createApp } from '../app';
import { isLoopbackName } from '../http/Gate';
import { stderrLog } from '../http/Log';
import { followTokens, readTokens } from '../http/readTokens';
import { sha256, type TokenEntry, Tokens } from '../http/Tokens';
import type { ForwardTarget } from '../wandb/Forwarder';
import { listenForBackups } from './backupSocket';
import { engineServers } from './engineServers';
import { parseCache } from './parseCache';
import { parseDuration } from './parseDuration';
import { parseOptions } from './parseOptions';
import { readAlerts } from './readAlerts';
import { print } from './say';
import { UsageError } from './UsageError';

const environment = {
  port: 'STORE_PORT',
  host: 'STORE_HOST',
  data: 'STORE_DATA',
  'read-token': 'STORE_READ_TOKEN',
  'write-token': 'STORE_WRITE_TOKEN',
  'label-token': 'STORE_LABEL_TOKEN',
  verdicts: 'STORE_VERDICTS',
  tokens: 'STORE_TOKENS',
  retain: 'STORE_RETAIN',
  cache: 'STORE_CACHE',
  clickhouse: 'STORE_CLICKHOUSE',
  postgres: 'STORE_POSTGRES',
  'crashed-after': 'STORE_CRASHED_AFTER',
  forward: 'STORE_FORWARD',
  alerts: 'STORE_ALERTS',
  grafana: 'STORE_GRAFANA',
  'expose-runs': 'STORE_EXPOSE_RUNS',
  'expose-metrics': 'STORE_EXPOSE_METRICS',
  'expose-series': 'STORE_EXPOSE_SERIES',
};

/** Verdicts are chosen from a short list: each has a key. */
const MOST_VERDICTS = 9;
const LONGEST_VERDICT = 32;

/** Runs the store until a signal ends it. Resolves with the exit code. */
export async function serveCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseOptions('serve', args, Object.keys(environment), { environment });
  if (positionals.length > 0) {
    throw new UsageError(`serve takes no ${JSON.stringify(positionals[0])}.`, 'serve');
  }
  const host = values.host ?? '127.0.0.1';
  const port = parsePort(values.port ?? '8900');
  const data = values.data ?? 'data';
  const fixed = fixedTokens(values);
  const tokens = new Tokens([...fixed, ...(values.tokens ? readTokens(values.tokens, stderrLog) : [])]);
  if (!tokens.required && !isLoopbackName(host)) {
    const how = 'Give it --read-token and --write-token, or --tokens, to listen for others.';
    throw new UsageError(`Without tokens the store listens on loopback only, not on ${host}. ${how}`, 'serve');
  }

  const servers = engineServers(values);
  const stopped = signalled();
  const ending = new AbortController();
  void stopped.then(() => ending.abort());
  const app = await createApp({
    signal: ending.signal,
    data,
    tokens,
    log: stderrLog,
    ...(values.retain && { retain: parseDuration('retain', values.retain) }),
    ...(servers && { servers }),
    ...(values.cache && { cache: parseCache(values.cache) }),
    ...(values['crashed-after'] && { crashedAfter: parseDuration('crashed-after', values['crashed-after']) }),
    ...(values.forward && { forward: forwardTarget(values.forward) }),
    ...(values.alerts && { alerts: readAlerts(values.alerts) }),
    ...(values.verdicts && { verdicts: verdictList(values.verdicts) }),
    ...(values.grafana && { grafana: grafanaAddress(values.grafana) }),
    expose: exposed(values),
  }).catch((cause: unknown) => {
    if (!ending.signal.aborted) {
      throw cause;
    }
  });
  if (app === undefined) {
    return 0;
  }
  const unfollow = values.tokens ? followTokens(values.tokens, tokens, fixed, stderrLog) : () => {};
  process.on('unhandledRejection', (cause) =>
    stderrLog({ event: 'fault', message: String(cause), stack: stackOf(cause) }),
  );
  const backups = await listenForBackups(data, (folder) => app.backup(folder)).catch((cause: unknown) => {
    stderrLog({ event: 'backups_not_taken', message: `The command backup is not heard: ${String(cause)}` });
    return { close: () => {} };
  });
  try {
    const url = await app.fastify.listen({ host, port, listenTextResolver: (address) => address });
    print(
      `Run store ready: ${url}/api/v1/health (${servers ? 'runs in ClickHouse and PostgreSQL, media' : 'data'} in ${data})`,
    );
    const isReplaced = await Promise.race([
      stopped.then(() => false),
      ...(app.replaced ? [app.replaced.then(() => true)] : []),
    ]);
    if (isReplaced) {
      throw new Error(
        'Another store took over the runs, since this one gave no sign of life for too long. Start it again.',
      );
    }
    return 0;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      throw new Error(`Port ${port} of ${host} is taken; choose another with --port.`);
    }
    throw cause;
  } finally {
    unfollow();
    backups.close();
    await app.close();
  }
}

function fixedTokens(values: Record<string, string | undefined>): TokenEntry[] {
  const entries: TokenEntry[] = [];
  if (values['read-token']) {
    entries.push({ name: 'read', sha256: sha256(values['read-token']), scopes: ['read'], projects: ['*'] });
  }
  if (values['write-token']) {
    entries.push({ name: 'write', sha256: sha256(values['write-token']), scopes: ['read', 'write'], projects: ['*'] });
  }
  if (values['label-token']) {
    entries.push({ name: 'label', sha256: sha256(values['label-token']), scopes: ['label'], projects: ['*'] });
  }
  return entries;
}

/** Reads what a verdict may be from a list with commas between. Throws `UsageError`. */
function verdictList(text: string): string[] {
  const verdicts = [...new Set(text.split(',').map((one) => one.trim()))];
  if (verdicts.length > MOST_VERDICTS || verdicts.some((one) => one === '' || [...one].length > LONGEST_VERDICT)) {
    const what = `up to ${MOST_VERDICTS} words of up to ${LONGEST_VERDICT} characters, with commas between`;
    throw new UsageError(
      `--verdicts ${JSON.stringify(text)}: it takes ${what}, such as good,bad,hack,unclear.`,
      'serve',
    );
  }
  return verdicts;
}

/** Reads which runs and metrics `/metrics` has, and how many series at the most. Throws `UsageError`. */
function exposed(values: Record<string, string | undefined>): NonNullable<AppOptions['expose']> {
  const series = values['expose-series'];
  if (series !== undefined && !/^[1-9]\d{0,6}$/.test(series)) {
    throw new UsageError(`--expose-series ${series}: a number of series from 1 to 9999999.`, 'serve');
  }
  const globs = (text: string | undefined) => text?.split(',').map((glob) => glob.trim());
  const [runs, metrics] = [globs(values['expose-runs']), globs(values['expose-metrics'])];
  return { ...(runs && { runs }), ...(metrics && { metrics }), ...(series && { series: Number(series) }) };
}

/** The address of Grafana as links begin with it. */
function grafanaAddress(text: string): string {
  if (!/^https?:\/\/[^\s?#]+$/.test(text)) {
    throw new UsageError(
      `--grafana ${text}: it takes Grafana's address, such as https://grafana.example.org.`,
      'serve',
    );
  }
  return text.replace(/\/+$/, '');
}

/** The key is taken from the environment alone: arguments are seen by everybody on the machine. */
function forwardTarget(url: string): ForwardTarget {
  const key = process.env.STORE_FORWARD_KEY;
  if (!/^https?:\/\/./.test(url)) {
    throw new UsageError(`--forward ${url}: it takes a URL, such as https://api.wandb.ai.`, 'serve');
  }
  if (!key) {
    throw new UsageError('--forward wants the API key of that server in STORE_FORWARD_KEY.', 'serve');
  }
  return { url, key };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new UsageError(`--port ${text}: a port is a number from 0 to 65535.`, 'serve');
  }
  return port;
}

/** Resolves at the first SIGINT or SIGTERM. Later ones are not for us to die of: npm repeats the signal. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => resolve());
    }
  });
}

const stackOf = (cause: unknown) => (cause instanceof Error ? cause.stack : undefined);
