import { statSync } from 'node:fs';
import type { Format, PlainOptions } from '../../formats/Format';
import { FORMATS } from '../../formats/formats';
import { Progress } from '../Progress';
import { parseOptions } from '../parseOptions';
import { StoreClient } from '../StoreClient';
import { print, SaidInLines, tell } from '../say';
import { UsageError } from '../UsageError';
import { followRuns } from './followRuns';
import { importStream } from './importStream';
import { isPickle } from './isPickle';
import { stateFolder } from './Journal';
import { RunImport } from './RunImport';
import { Sender } from './Sender';
import { Summary } from './Summary';

const NAMES = ['url', 'token', 'run', 'project', 'group', 'format', 'columns', 'table', 'state'];
const ENVIRONMENT = { url: 'STORE_URL', token: 'STORE_TOKEN', state: 'STORE_IMPORT_STATE' };
/** A run that nobody wrote to for so long is over. */
const OVER_MS = 60 * 60_000;

/** Logs what trainers wrote into a running store. Resolves with the exit code: 1 when something was refused. */
export async function importCommand(args: string[]): Promise<number> {
  const flagNames = ['follow', 'finish', 'again'];
  const { values, flags, positionals } = parseOptions('import', args, NAMES, {
    flags: flagNames,
    environment: ENVIRONMENT,
  });
  checkPaths(positionals);
  const stop = new AbortController();
  const stopped = () => stop.abort(new Error('stopped'));
  const isFollowing = flags.has('follow');
  const client = new StoreClient(values.url ?? 'http://127.0.0.1:8900', {
    ...(values.token !== undefined && { token: values.token }),
    isPatient: isFollowing,
    signal: stop.signal,
    onState: (away) => tell(away === undefined ? 'the store is back' : `the store is away, waiting for it: ${away}`),
  });
  const format = formatOf(values.format);
  const plain = plainOptions(values.columns, values.table);
  if (positionals.includes('-')) {
    const names = { run: required('run', values.run), project: required('project', values.project) };
    const summary = new Summary('stdin', tell);
    const sender = new Sender(client, summary, values.group === undefined ? {} : { group: values.group }, () => {});
    await importStream(process.stdin, sender, summary, { ...names, plain, ...(format && { format }) });
    await finish(client, flags.has('finish') ? [...summary.runs] : []);
    print(...summary.lines());
    return summary.refused > 0 ? 1 : 0;
  }
  const progress = new Progress(isFollowing ? 'following' : 'import', isFollowing ? undefined : 1);
  const runs = positionals.map(
    (path) =>
      new RunImport(path, client, {
        ...(format && { format }),
        ...(values.run !== undefined && { run: values.run }),
        ...(values.project !== undefined && { project: values.project }),
        ...(values.group !== undefined && { group: values.group }),
        plain,
        state: values.state ?? stateFolder(),
        again: flags.has('again'),
        signal: stop.signal,
        tell,
        onProgress: (done, total, summary) => progress.update(total > 0 ? done / total : 1, summary.taken),
      }),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, stopped);
  }
  try {
    let hasFailed = false;
    if (isFollowing) {
      hasFailed = !(await followRuns(runs, stop.signal, tell));
    } else {
      await importOnce(runs, progress);
    }
    const over = isFollowing ? [] : runs.filter(({ newestFile }) => Date.now() - newestFile > OVER_MS);
    const ended = (flags.has('finish') ? runs : over).flatMap(({ summary }) => [...summary.runs]);
    await finish(new StoreClient(client.base, values.token === undefined ? {} : { token: values.token }), ended);
    for (const { summary } of runs) {
      print(...summary.lines());
    }
    if (over.length > 0 && ended.length > 0 && !flags.has('finish')) {
      print(`Marked as finished, since nothing was written for an hour: ${ended.join(', ')}`);
    }
    return hasFailed || runs.some(({ summary }) => summary.refused > 0) ? 1 : 0;
  } finally {
    for (const run of runs) {
      run.close();
    }
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.off(signal, stopped);
    }
  }
}

async function importOnce(runs: readonly RunImport[], progress: Progress): Promise<void> {
  for (const run of runs) {
    await run.pass(true);
    if (!run.format) {
      throw new SaidInLines(run.notRecognised);
    }
    progress.end(1, run.summary.taken);
    print(`${run.summary.label}: ${run.format.title} (--format takes it for another), into ${run.into}`);
  }
}

async function finish(client: StoreClient, runs: readonly string[]): Promise<void> {
  for (const run of new Set(runs)) {
    await client.send('POST', `/runs/${encodeURIComponent(run)}/finish`, {});
  }
}

function checkPaths(paths: readonly string[]): void {
  if (paths.length === 0) {
    throw new UsageError('import takes the folders or files to log.', 'import');
  }
  if (paths.includes('-') && paths.length > 1) {
    throw new UsageError('- reads stdin, and stands alone.', 'import');
  }
  for (const path of paths.filter((one) => one !== '-')) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats?.isFile() && !stats?.isDirectory()) {
      throw new UsageError(`There is no file or folder ${path}.`, 'import');
    }
    if (stats.isFile() && isPickle(path)) {
      throw new UsageError(
        `${path} is a Python pickle. Loading one runs the code in it, so it is never loaded; write JSON lines instead.`,
        'import',
      );
    }
  }
}

function formatOf(name: string | undefined): Format | undefined {
  const format = FORMATS.find((one) => one.name === name);
  if (name !== undefined && !format) {
    const known = FORMATS.map((one) => one.name).join(', ');
    throw new UsageError(`--format ${name}: there are ${known}.`, 'import');
  }
  return format;
}

function plainOptions(columns: string | undefined, table: string | undefined): PlainOptions {
  const pairs = columns?.split(',').map((pair) => {
    const [ours = '', theirs = ours] = pair.split('=').map((name) => name.trim());
    if (ours === '' || theirs === '') {
      throw new UsageError('--columns: write them as prompt=question,response=answer.text,step.', 'import');
    }
    return [ours, theirs] as const;
  });
  return { ...(pairs && { columns: new Map(pairs) }), ...(table !== undefined && { table }) };
}

function required(option: string, value: string | undefined): string {
  if (value === undefined) {
    throw new UsageError(`stdin has no name: give --${option}.`, 'import');
  }
  return value;
}
