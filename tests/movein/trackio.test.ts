import { execFileSync } from 'node:child_process';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type StartedStore, startStore } from '../bench/startStore';
import { makeFolder, removeFolder } from '../clients/folders';
import { bin } from '../clients/runCommand';
import { outputOf, startScript } from '../clients/startScript';
import { runProcess } from '../processes/startProcess';
import { installClient, installExporter, runClient } from '../trackio/pythonClient';
import { NEWEST } from '../trackio/versions';
import { wholeRun } from './wholeRun';

vi.setConfig({ testTimeout: 240_000 });
let [live, store]: StartedStore[] = [];
let folder: string;
let python: string;
let exporter: string;
beforeAll(async () => {
  [live, store, folder, python, exporter] = await Promise.all([
    startStore(),
    startStore(),
    makeFolder(),
    installClient(NEWEST),
    installExporter(),
  ]);
}, 600_000);
afterAll(async () => {
  await Promise.all([live?.stop(), store?.stop()]);
  await removeFolder(folder);
});

/** Runs a script of the client's tests on a folder of trackio's own. */
async function fill(script: string, run: string, into = 'trackio'): Promise<void> {
  const path = fileURLToPath(new URL(`../trackio/clients/${script}`, import.meta.url));
  const env = { TRACKIO_DIR: join(folder, into) };
  await outputOf(startScript({ python, args: [path, run], folder, env }), script);
}

/** Has trackio export that folder, and its project to a folder of its own; gives both without the SQLite files. */
async function exported(): Promise<{ dataset: string; space: string }> {
  const script = fileURLToPath(new URL('clients/trackioExport.py', import.meta.url));
  const [from, dataset, space] = ['exported', 'dataset', 'space/exported'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const args = [script, 'exported', space];
  await outputOf(startScript({ python: exporter, args, folder, env: { TRACKIO_DIR: from } }), 'trackioExport.py');
  await cp(from, dataset, { recursive: true, filter: (name) => !/\.db(-\w+)?$/.test(name) });
  return { dataset, space };
}

async function move(place: string, ...args: string[]) {
  const all = [bin, 'import', 'trackio', place, '--url', store?.url ?? '', '--state', join(folder, 'state'), ...args];
  return runProcess(process.execPath, all, { env: { PATH: process.env.PATH, HOME: folder } });
}

const compared = async (url: string, id: string) => {
  const { what, points, rows } = await wholeRun(url, id);
  const { began: _, state: _s, config = {}, ...rest } = what;
  return { ...rest, config, points, rows };
};

it('what the client wrote into a folder comes as what it logs to a store: numbers, texts, tables, traces', async () => {
  await fill('tables.py', 'rollouts');
  await runClient('tables.py', { python, url: live?.url ?? '', args: ['rollouts'] });
  const first = await move(join(folder, 'trackio'));
  expect(first, first.stderr).toMatchObject({ code: 0 });
  const wanted = await compared(live?.url ?? '', 'rollouts');
  expect(Object.keys(wanted.rows).sort()).toEqual(['rollout_examples', 'seen', 'traces']);
  expect(await compared(store?.url ?? '', 'rollouts')).toEqual(wanted);

  expect((await move(join(folder, 'trackio'))).stderr).toContain('nothing new');
  expect(await move(join(folder, 'trackio'), '--again')).toMatchObject({ code: 0 });
  expect(await compared(store?.url ?? '', 'rollouts')).toEqual(wanted);
});

it('what it exported to parquet comes as well, and only what is new of an export that was written again', async () => {
  await fill('exported.py', 'exported', 'exported');
  await runClient('exported.py', { python, url: live?.url ?? '', args: ['exported'] });
  const { dataset, space } = await exported();
  const wanted = await compared(live?.url ?? '', 'exported');
  for (const place of [dataset, space]) {
    const moved = await move(place, '--run', 'exported');
    expect(moved, moved.stderr).toMatchObject({ code: 0 });
    expect(await compared(store?.url ?? '', 'exported')).toEqual(wanted);
  }
  expect((await move(dataset, '--run', 'exported')).stderr).toContain('nothing new');
  // Another run makes the file anew, with what was there before.
  await fill('exported.py', 'later', 'exported');
  await exported();
  const again = await move(dataset, '--run', 'exported,later');
  expect(again, again.stderr).toMatchObject({ code: 0 });
  expect(await compared(store?.url ?? '', 'exported')).toEqual(wanted);
  expect((await compared(store?.url ?? '', 'later')).points).toEqual(wanted.points);
  await writeFile(join(folder, 'broken.parquet'), 'PAR1');
  expect(await move(join(folder, 'broken.parquet'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('broken'),
  });
});

it('what a client that was killed had committed to the log beside its file is there', async () => {
  const made = join(folder, 'wal');
  await mkdir(made, { recursive: true });
  // SQLite's own: the log is copied before a clean end would fold it in.
  const script = `
import os, sqlite3, sys
made = sqlite3.connect(sys.argv[1] + "/open.db")
made.execute("PRAGMA journal_mode=WAL")
made.execute("CREATE TABLE metrics (id INTEGER PRIMARY KEY, timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)")
for step in range(2000):
    made.execute("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES (?, ?, ?, ?)",
                 (f"2026-01-01T00:00:{step % 60:02}", "old", step, '{"loss": %d, "text": "%s"}' % (step, "x" * 300)))
    made.commit()
made.execute("INSERT INTO metrics (timestamp, run_name, step, metrics) VALUES ('', 'old', 9999, '{}')")
os._exit(0)
`;
  execFileSync(python, ['-c', script, made]);
  const moved = await move(made);
  expect(moved, moved.stderr).toMatchObject({ code: 0 });
  const { points } = await wholeRun(store?.url ?? '', 'old');
  expect(points).toEqual({ loss: Array.from({ length: 2_000 }, (_, step) => [step, step]) });
});

it('what is wrong is said', async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty, { recursive: true });
  expect(await move(empty)).toMatchObject({ code: 2, stderr: expect.stringContaining('has no PROJECT.db') });
  expect(await move(join(folder, 'nowhere'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no file or folder'),
  });
  await copyFile(bin, join(empty, 'a.db'));
  expect(await move(empty)).toMatchObject({ code: 1, stderr: expect.stringContaining('is no SQLite file') });
});
