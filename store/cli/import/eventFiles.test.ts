import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { EventsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { event, field, frame, version } from '../../testing/eventBytes';
import { type ServedStore, servedStore } from '../../testing/servedStore';
import { startImport } from '../../testing/startImport';

let store: ServedStore;
const base = mkdtempSync(join(tmpdir(), 'rolloscope-events-'));
beforeAll(async () => {
  store = await servedStore();
});
afterAll(async () => {
  await store.stop();
  rmSync(base, { recursive: true });
});

let count = 0;
let run = '';
let said: string[] = [];
beforeEach(() => {
  run = `run-${++count}`;
  said = [];
  mkdirSync(join(base, run));
});

const importOf = () =>
  startImport(join(base, run), store.url, { state: join(base, 'state'), tell: (line) => said.push(line) });
async function takeOnce() {
  const source = importOf();
  await source.pass(true);
  source.close();
  return source.summary.lines();
}

function write(below: string, ...events: Buffer[]): string {
  const path = join(base, run, below);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, Buffer.concat(events.map(frame)));
  return path;
}
const FILE = 'events.out.tfevents.1764547200.host.1.0';
const loss = (...steps: number[]) => steps.map((step) => event(step, 'loss', step / 2));

it('names a broken record once, by file and byte, leaves the rest of that file, and takes the others', async () => {
  const [first = '', second = ''] = ['a', 'b'].map((folder) => write(`${folder}/${FILE}`, version(), ...loss(1, 2)));
  const at = frame(version()).length + frame(loss(1)[0] ?? Buffer.alloc(0)).length;
  const broken = Buffer.concat([version(), ...loss(1, 2, 3)].map(frame));
  broken[at + 14] = 0xff;
  writeFileSync(first, broken);
  const source = importOf();
  await source.pass(false);
  appendFileSync(first, frame(loss(4)[0] ?? Buffer.alloc(0)));
  appendFileSync(second, frame(loss(3)[0] ?? Buffer.alloc(0)));
  await source.pass(false);
  await source.pass(true);
  source.close();
  await takeOnce();
  expect(said).toEqual([
    `a/${FILE}:3: The record at byte ${at} is broken: its data does not fit its checksum. The rest of the file is not read.`,
  ]);
  // Whoever reads that run sees it, too.
  const { events } = await store.ask<EventsAnswer>(
    'GET',
    `/events?run=${encodeURIComponent(`${run}/a`)}&types=left_out`,
  );
  expect(events.map(({ title }) => title)).toEqual(said);
  expect((await store.points(`${run}/a`)).loss).toEqual([[1, 0.5]]);
  expect((await store.points(`${run}/b`)).loss).toEqual([1, 2, 3].map((step) => [step, step / 2]));
});

it('waits for a tail that is cut, and says so; reads on after it in another process', async () => {
  const path = write(FILE, version(), ...loss(1, 2));
  const whole = Buffer.concat([version(), ...loss(1, 2)].map(frame));
  truncateSync(path, whole.length - 3);
  expect((await takeOnce()).join('\n')).toContain(`not finished, the rest is taken when it is: ${FILE}:3`);
  expect((await store.points(run)).loss).toEqual([[1, 0.5]]);
  appendFileSync(path, whole.subarray(-3));
  expect((await takeOnce()).join('\n')).not.toContain('not finished');
  expect((await store.points(run)).loss).toEqual([1, 2].map((step) => [step, step / 2]));
});

it('reads the files of a folder in the order of their times, also where these are of one second', async () => {
  for (const [i, name] of ['1764547200.h.9.2', '1764547200.h.9.10', '1764547300.a.1.0'].entries()) {
    write(`events.out.tfevents.${name}`, version(), ...[5, 6].map((step) => event(step, 'reward', i)));
  }
  await takeOnce();
  expect((await store.points(run)).reward).toEqual([5, 6].map((step) => [step, 2]));
  expect((await store.run(run)).attempts).toMatchObject([{ n: 1 }, { n: 2, fromStep: 5 }, { n: 3, fromStep: 5 }]);
});

it('takes names of any characters, leaves what is no file of its own, and says what it left', async () => {
  const long = 't'.repeat(300);
  write(`empty/${FILE}`);
  write(
    `a b/ü%2F#/${FILE}`,
    version(),
    ...['loss', 'a/b c', '\ud83d\ude00', 'constructor', long].map((tag) => event(1, tag, 1)),
  );
  write(`${'d'.repeat(200)}/${'e'.repeat(200)}/${FILE}`, version(), ...loss(1));
  write(`${'d'.repeat(200)}/${'e'.repeat(199)}f/${FILE}`, version(), ...loss(2));
  symlinkSync(base, join(base, run, 'up'));
  const lines = await takeOnce();
  expect(said).toEqual([]);
  expect(Object.keys(await store.points(`${run}/a b/ü%2F#`)).toSorted()).toEqual([
    'a/b c',
    'constructor',
    'loss',
    '\u{1f600}',
  ]);
  expect(lines.join('\n')).toContain(`left out: ${long}`);
  expect(lines.join('\n')).toContain('1 file, links');
  expect(lines[0]).toContain('into 3 runs');
});

it('says what cannot be a step, or an event, and goes on', async () => {
  const huge = Buffer.concat([event(0, 'loss', 1), Buffer.from([16, 255, 255, 255, 255, 255, 255, 255, 255, 127])]);
  write(FILE, version(), huge, Buffer.from('no event'), ...loss(1), event(2, '', 0, field(4, 'graph')));
  const lines = await takeOnce();
  expect(said).toEqual([
    `${FILE}:2: Its step 9223372036854775807 is beyond 9007199254740991.`,
    expect.stringMatching(`^${FILE}:3: The record at byte \\d+ is no event`),
  ]);
  expect((await store.points(run)).loss).toEqual([[1, 0.5]]);
  expect(lines.join('\n')).toContain('left out: graphs');
});

it('takes event files where there are no files of a trainer, and those of NeMo-RL and ROLL with them', async () => {
  write(`tensorboard/${FILE}`, version(), ...loss(1));
  writeFileSync(join(base, run, 'notes.jsonl'), '{"step": 1, "other": 1}\n');
  const plain = importOf();
  await plain.pass(true);
  plain.close();
  expect(plain.format?.name).toBe('tensorboard');
  expect(await store.points(run)).toEqual({ loss: [[1, 0.5]] });
  for (const [name, file] of [
    ['nemo-rl', 'train_data_step1.jsonl'],
    ['roll', 'rollout_dump_data.step_1.jsonl'],
  ] as const) {
    run = `${name}-${count}`;
    write(`tensorboard/${FILE}`, version(), ...loss(1));
    writeFileSync(join(base, run, file), '{"content": ["c"], "rewards": [1]}\n');
    const source = importOf();
    await source.pass(true);
    source.close();
    expect(source.format?.name).toBe(name);
    expect((await store.points(run)).loss).toEqual([[1, 0.5]]);
    expect(await store.rows(run, 'rollouts')).toHaveLength(1);
  }
});

it('reads twice as many records in about twice the time', { timeout: 60_000 }, async () => {
  const took: number[] = [];
  for (const records of [10_000, 20_000]) {
    run = `many-${records}`;
    const steps = Array.from({ length: records }, (_, step) => step);
    write(FILE, version(), ...loss(...steps));
    const began = performance.now();
    await takeOnce();
    took.push(performance.now() - began);
    expect((await store.run(run)).lastStep).toBe(records - 1);
  }
  expect((took[1] ?? 0) / (took[0] ?? 1)).toBeLessThan(4);
});
