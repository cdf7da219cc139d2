import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { LogEntry, Name } from '@rolloscope/contract';
import { Type } from 'typebox';
import { checker } from '../http/checker';
import { decodeText, parseJson } from '../http/parseJson';
import { ImportBatches, type ImportLine } from './ImportBatches';
import { Progress } from './Progress';
import { parseOptions } from './parseOptions';
import { type Line, readLines } from './readLines';
import { StoreClient } from './StoreClient';
import { UsageError } from './UsageError';

const checkLine = checker(
  Type.Object(
    { ...LogEntry.properties, run: Type.Optional(Name), project: Type.Optional(Name) },
    { additionalProperties: false },
  ),
  'The line',
);

/** Refused lines that are told one by one; beyond it they are counted. */
const TOLD = 20;

interface Defaults {
  run: string | undefined;
  project: string | undefined;
}

/** Logs JSONL files into a running store. Resolves with the exit code: 1 when a line was refused. */
export async function importCommand(args: string[]): Promise<number> {
  const names = ['url', 'token', 'run', 'project', 'from-line'];
  const environment = { url: 'STORE_URL', token: 'STORE_TOKEN' };
  const { values, flags, positionals } = parseOptions('import', args, names, { flags: ['finish'], environment });
  if (positionals.length === 0) {
    throw new UsageError('import takes the files to log.', 'import');
  }
  const fromLine = Number(values['from-line'] ?? 1);
  if (!Number.isSafeInteger(fromLine) || fromLine < 1) {
    throw new UsageError(`--from-line ${values['from-line']}: lines are counted from 1.`, 'import');
  }
  for (const file of positionals) {
    if (file !== '-' && !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      throw new UsageError(`There is no file ${file}.`, 'import');
    }
  }
  const client = new StoreClient(values.url ?? 'http://127.0.0.1:8900', values.token);
  const defaults = { run: values.run, project: values.project };
  const runs = new Set<string>();
  let refused = 0;
  for (const file of positionals) {
    const result = await importFile(file, fromLine, defaults, client);
    refused += result.refused;
    for (const run of result.runs) {
      runs.add(run);
    }
  }
  if (flags.has('finish')) {
    for (const run of runs) {
      await client.send('POST', `/runs/${encodeURIComponent(run)}/finish`, {});
    }
  }
  return refused > 0 ? 1 : 0;
}

async function importFile(file: string, fromLine: number, defaults: Defaults, client: StoreClient) {
  const label = file === '-' ? 'stdin' : basename(file);
  const progress = new Progress(label, file === '-' ? undefined : statSync(file).size);
  let refused = 0;
  let read = 0;
  const refuse = (line: number, reason: string) => {
    refused++;
    if (refused <= TOLD) {
      process.stderr.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${label}:${line}: ${reason}\n`);
    }
  };
  const batches = new ImportBatches(client, refuse);
  const detail = () => `${batches.taken} entries taken${refused > 0 ? `, ${refused} refused` : ''}`;
  try {
    for await (const line of readLines(file)) {
      read = line.read;
      const parsed = line.number < fromLine ? undefined : parseLine(line, defaults, refuse);
      if (parsed) {
        await batches.add(parsed);
        progress.update(read, detail());
      }
    }
    await batches.flush();
  } finally {
    progress.end(read, detail());
  }
  const more = refused > TOLD ? ` (${refused - TOLD} of them not shown)` : '';
  const into = batches.runs.size === 1 ? `the run ${[...batches.runs][0]}` : `${batches.runs.size} runs`;
  process.stdout.write(`${label}: took ${batches.taken} entries into ${into}, refused ${refused} lines${more}\n`);
  return { refused, runs: batches.runs };
}

function parseLine(
  line: Line,
  defaults: Defaults,
  refuse: (line: number, reason: string) => void,
): ImportLine | undefined {
  if (line.bytes.every((byte) => byte === 32 || byte === 9 || byte === 13)) {
    return undefined;
  }
  try {
    const { run = defaults.run, project = defaults.project, ...entry } = checkLine(parseJson(decodeText(line.bytes)));
    if (run === undefined || project === undefined) {
      const missing = run === undefined ? 'run' : 'project';
      throw new Error(`The line names no ${missing}; add "${missing}" to it, or give --${missing}.`);
    }
    const digest = createHash('sha256').update(line.bytes).digest('hex');
    return { run, project, number: line.number, bytes: line.bytes.length, entry, digest };
  } catch (cause) {
    refuse(line.number, cause instanceof Error ? cause.message : String(cause));
    return undefined;
  }
}
