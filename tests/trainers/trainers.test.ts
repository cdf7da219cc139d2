import { readdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Run } from '@rolloscope/contract/types';
import { decompress } from 'fzstd';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../clients/readRun';
import { runCommand } from '../clients/runCommand';
import { type OurStore, startOurs } from '../conformance/startOurs';
import type { Counted, CountedRun } from './Counted';
import { ENVIRONMENTS, SOURCES } from './environments';
import { RECIPES } from './recipes';
import { folder, type Recording, readRecording, recordingNames } from './recordings';
import { replay } from './replay';
import { tellsOfItsMachine } from './scrub';

/** The run that a trainer counted, by its name and project. */
async function find(url: string, { run, project }: CountedRun) {
  const { runs } = (await (await fetch(`${url}/api/v1/runs?limit=100`)).json()) as { runs: Run[] };
  const found = runs.filter((one) => one.name === run && one.project === project);
  expect(found, `runs of ${project} called ${run}, of ${runs.map(({ name }) => name)}`).toHaveLength(1);
  return { logged: readRun(url, (found[0] as Run).id) };
}

const unpackedBytes = (name: string, bytes: Buffer): Uint8Array =>
  name.endsWith('.gz') ? gunzipSync(bytes) : name.endsWith('.zst') ? decompress(bytes) : bytes;

/** All files below the recordings, with their bytes as they were before packing. */
const kept = readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile())
  .map((entry) => {
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    return { name: join(entry.parentPath, entry.name).slice(folder.length + 1), bytes };
  });

describe.each(recordingNames())('%s reads as the trainer counted', (name) => {
  let ours: OurStore;
  let recording: Recording;

  beforeAll(async () => {
    ours = await startOurs();
    recording = await readRecording(name);
    await replay(ours.url, recording.exchanges);
    if (recording.files !== undefined) {
      const [{ run, project } = { run: '', project: '' }, ...others] = recording.counted.runs;
      // Several runs in a folder have their names from it.
      const named = others.length === 0 ? ['--run', run] : [];
      const args = ['import', recording.files, '--url', ours.url, '--project', project, ...named];
      const { code, stderr } = await runCommand(...args);
      expect(code, stderr).toBe(0);
    }
  });
  afterAll(() => ours.stop());

  it('every point of every metric, once', async () => {
    for (const counted of recording.counted.runs) {
      const { logged } = await find(ours.url, counted);
      const { summary, group, config } = await logged.run();
      expect(summary ?? {}).toMatchObject(counted.summary ?? {});
      expect(config ?? {}).toMatchObject(counted.config ?? {});
      expect(group ?? null).toBe(counted.group ?? null);
      const shown: CountedRun['metrics'] = {};
      for (const metric of Object.keys(counted.metrics)) {
        shown[metric] = (await logged.points(metric)) as CountedRun['metrics'][string];
      }
      expect(shown).toEqual(counted.metrics);
      if (counted.evals !== undefined) {
        expect((await logged.names('@evals')).sort()).toEqual([...counted.evals].sort());
      }
    }
  });

  it('every row of every table, once, and columns in their roles', async () => {
    for (const counted of recording.counted.runs) {
      const { logged } = await find(ours.url, counted);
      for (const { name: table, columns, rows, roles } of counted.tables) {
        expect(await logged.rows(table, columns)).toEqual(rows);
        const found = (await logged.columns(table)).flatMap((column) =>
          column.role && column.origin === 'logged' ? [[column.name, column.role]] : [],
        );
        expect(Object.fromEntries(found)).toEqual(roles);
      }
    }
  });

  it('no fault in the log', () => {
    expect(ours.logged.filter(({ event }) => event === 'fault')).toEqual([]);
  });
});

it('every recipe has its recording, and every recording its recipe', () => {
  expect(recordingNames()).toEqual(RECIPES.map(({ name }) => name).sort());
});

it('recordings were made with the versions that are installed today', () => {
  const pinned = new Set(Object.values(ENVIRONMENTS).flatMap(({ packages, alone }) => [...packages, ...alone]));
  const commits = new Map(Object.entries(SOURCES).map(([name, { commit }]) => [name, commit]));
  const others = recordingNames().flatMap((name) => {
    const { versions } = JSON.parse(readFileSync(join(folder, name, 'counted.json'), 'utf8')) as Counted;
    expect(Object.keys(versions).length, name).toBeGreaterThan(0);
    const isPinned = ([one, version]: [string, string]) =>
      pinned.has(`${one}==${version}`) || commits.get(one) === version;
    return Object.entries(versions)
      .filter((pair) => !isPinned(pair))
      .map((pair) => [name, ...pair]);
  });
  expect(others).toEqual([]);
});

it('the run overview finds the reward of every training', () => {
  const { templating } = JSON.parse(readFileSync('provisioning/dashboards/run-overview.json', 'utf8'));
  const { regex } = templating.list.find(({ name }: { name: string }) => name === 'reward');
  const isShown = (metric: string) => new RegExp(regex.slice(1, -1)).test(metric);
  const isReward = (metric: string) =>
    /reward/.test(metric) && !/^eval|reward_std|zero_std|non_zero_rewards/.test(metric);
  const runs = recordingNames().flatMap((name) => {
    const counted = JSON.parse(readFileSync(join(folder, name, 'counted.json'), 'utf8')) as Counted;
    return counted.runs.map(({ run, metrics }) => ({ run: `${name}: ${run}`, metrics: Object.keys(metrics) }));
  });
  const trained = runs.filter(({ metrics }) => metrics.some(isReward));
  expect(trained.length).toBeGreaterThan(20);
  expect(trained.filter(({ metrics }) => !metrics.some(isShown)).map(({ run }) => run)).toEqual([]);
});

it('knows what tells of a machine', () => {
  const own = [tmpdir(), homedir()].map((folder) => `"${folder}/x"`);
  const telling = [...own, '/home/jane/job/', '/Users/jane/job', 'jane@lab.org', '10.1.2.3:80'];
  expect(telling.filter((text) => tellsOfItsMachine(text).length === 0)).toEqual([]);
  expect(['/home/trainer/job/', 'http://127.0.0.1:8900', 'mean@4'].flatMap(tellsOfItsMachine)).toEqual([]);
});

it('recordings tell nothing of the machine that they were made on', () => {
  expect(kept.length).toBeGreaterThan(0);
  const telling = kept.flatMap(({ name, bytes }) => {
    const text = Buffer.from(unpackedBytes(name, bytes)).toString('latin1');
    return tellsOfItsMachine(text).map((said) => `${name}: ${said}`);
  });
  expect(telling).toEqual([]);
});

it('recordings are small', () => {
  const sizes = new Map<string, number>();
  for (const { name, bytes } of kept) {
    const [recording = ''] = name.split(/[\\/]/);
    sizes.set(recording, (sizes.get(recording) ?? 0) + bytes.length);
  }
  expect([...sizes].filter(([, size]) => size > 200_000)).toEqual([]);
});
