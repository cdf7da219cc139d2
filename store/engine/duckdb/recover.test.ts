import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { commitTo, createPoints, createRows, createRun } from '../conformance/changes';
import { checkFolder } from './checkFolder';
import { DuckDbEngine } from './DuckDbEngine';
import { recoverFolder } from './recoverFolder';

const root = mkdtempSync(join(tmpdir(), 'rolloscope-recover-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const STEPS = 60;
const ROWS = 20_000;
/** As a process leaves it that is killed: much in the file, and the last steps in the log. */
const killed = join(root, 'killed');

beforeAll(async () => {
  const engine = await DuckDbEngine.open(join(root, 'living'));
  const texts = Array.from(
    { length: ROWS },
    (_, i) => `${createHash('sha512').update(`${i}`).digest('base64').repeat(4)}`,
  );
  await commitTo(engine, [{ kind: 'run', run: createRun('a') }, createRows('a', texts)]);
  await engine.checkpoint();
  for (let step = 0; step < STEPS; step++) {
    await engine.commit([createPoints('a', [step])]);
  }
  cpSync(join(root, 'living'), killed, { recursive: true });
  await engine.close();
}, 120_000);

let n = 0;
let folder: string;
let target: string;
beforeEach(() => {
  folder = join(root, `case-${n}`);
  target = join(root, `saved-${n++}`);
  cpSync(killed, folder, { recursive: true });
});
const file = () => join(folder, 'runs.duckdb');
const log = () => `${file()}.wal`;
const change = (path: string, edit: (bytes: Buffer) => unknown) => {
  const bytes = readFileSync(path);
  edit(bytes);
  writeFileSync(path, bytes);
};
const filesOf = () => readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size]);

/** What a store has that goes on with the saved folder. */
async function saved(): Promise<{ steps: (number | null)[]; rows: number }> {
  expect((await checkFolder(target)).faults).toEqual([]);
  const engine = await DuckDbEngine.open(target);
  expect((await engine.loadRuns()).map(({ id }) => id)).toEqual(['a']);
  const at = { scopes: [{ run: 'a' }], position: await engine.position() };
  const asked = { ...at, metrics: ['loss'], everyAttempt: false, x: 'step' as const, reduce: 'none' as const };
  const { series } = await engine.series({ ...asked, maxPoints: 10_000 });
  const rows = await engine.countRows({ ...at, table: 't', latest: false });
  await commitTo(engine, [createPoints('a', [STEPS + 1]), createRows('a', ['new'])]);
  await engine.close();
  return { steps: series[0]?.step ?? [], rows };
}

it('a folder that is whole is said to be, and nothing is changed by looking', async () => {
  const before = filesOf();
  expect(await checkFolder(folder)).toEqual({ runs: 1, points: STEPS, rows: ROWS, faults: [] });
  expect(filesOf()).toEqual(before);
});

it.each<[string, (bytes: Buffer) => unknown]>([
  ['zeros', (bytes) => bytes.fill(0, bytes.length >> 1)],
  ['a flipped bit', (bytes) => bytes.writeUInt8((bytes[bytes.length >> 1] ?? 0) ^ 1, bytes.length >> 1)],
])('of a log with %s in it what stands before is saved, in order', async (_, edit) => {
  change(log(), edit);
  expect((await checkFolder(folder)).faults).toEqual([expect.stringMatching(/wal.*is damaged/)]);
  const before = filesOf();
  const { losses } = await recoverFolder(folder, target);
  expect(filesOf()).toEqual(before);
  expect(losses).toEqual([
    expect.stringMatching(/The log ends at byte \d+ of \d+/),
    expect.stringMatching(/Commits after \d+ are lost; those up to \d+ were acknowledged/),
  ]);
  const { steps, rows } = await saved();
  expect(rows).toBe(ROWS);
  expect(steps.length).toBeGreaterThan(10);
  expect(steps.length).toBeLessThan(STEPS);
  expect(steps).toEqual(Array.from(steps, (_step, i) => i));
});

it('of a log that is gone the file is saved', async () => {
  rmSync(log());
  expect((await checkFolder(folder)).faults).toHaveLength(1);
  const { losses } = await recoverFolder(folder, target);
  expect(losses).toEqual([expect.stringMatching(/were acknowledged/)]);
  expect(await saved()).toEqual({ steps: [], rows: ROWS });
});

it('of a file with a zeroed block all else is saved, and what is lost is counted', async () => {
  const whole = readFileSync(file());
  let faults: string[] = [];
  // Texts are most of the file; which places of it are free is another one each time.
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const from = Math.floor(whole.length * share);
    writeFileSync(file(), Buffer.from(whole).fill(0, from, from + 8_192));
    faults = (await checkFolder(folder)).faults;
    if (faults.length > 0) {
      break;
    }
  }
  expect(faults.join('\n')).toMatch(/\d+ rows of (texts|rows)_1, from row \d+ on, cannot be read\./);
  const { losses } = await recoverFolder(folder, target);
  expect(losses.join('\n')).toMatch(/^\d+ rows of (texts|rows)_1 could not be read\.$/m);
  const { steps, rows } = await saved();
  expect(steps).toHaveLength(STEPS);
  expect(rows).toBeGreaterThan(ROWS / 2);
});

it('of a file without its beginning nothing can be saved, and that is said', async () => {
  change(file(), (bytes) => bytes.fill(0, 0, 4_096));
  await expect(recoverFolder(folder, target)).rejects.toMatchObject({
    code: 'data_damaged',
    message: expect.stringMatching(/Nothing of .*runs\.duckdb can be read: .*Start the store on a backup/),
  });
  truncateSync(file(), 0);
  await expect(recoverFolder(folder, `${target}-2`)).rejects.toMatchObject({ code: 'data_damaged' });
});
