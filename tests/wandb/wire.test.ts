import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { PROJECT_TOKENS, READER } from '../clients/projectTokens';
import { readRun } from '../clients/readRun';
import { type OurStore, startOurs } from '../conformance/startOurs';
import { tableValue, WireClient } from './WireClient';

vi.setConfig({ testTimeout: 120_000 });
let ours: OurStore;
beforeAll(async () => {
  ours = await startOurs(PROJECT_TOKENS);
});
afterAll(() => ours.stop());

let runs = 0;
/** A client of a fresh run, and what reads it. */
async function fresh(metricDefinitions: unknown[] = [], project = 'p') {
  const client = new WireClient(ours.url, project, `run-${++runs}`);
  await client.begin({}, metricDefinitions);
  return { client, logged: readRun(ours.url, client.run, READER) };
}
const line = (step: number, values: Record<string, unknown>) => ({ _step: step, _timestamp: 1.8e9 + step, ...values });
const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => line(from + i, { loss: from + i }));

describe('every line is taken once', () => {
  it('however a client retries, splits and repeats', async () => {
    const { client, logged } = await fresh();
    await client.history(0, lines(0, 5));
    await client.history(0, lines(0, 5));
    await client.history(3, lines(3, 8));
    await client.history(8, []);
    await Promise.all([client.history(8, lines(8, 12)), client.history(8, lines(8, 12))]);
    // The order of fields changes from one sending to the next.
    await client.history(0, ['{"loss":0,"_timestamp":1.8e+09,"_step":0}', ...lines(1, 14)]);
    expect(await logged.points('loss')).toEqual(Array.from({ length: 14 }, (_, i) => [i, i]));
    expect((await logged.run()).attempts).toHaveLength(1);
  });

  it('from each writer of a shared run, which has no steps of its own', async () => {
    const { client, logged } = await fresh();
    for (const writer of ['one', 'two', 'one']) {
      const values = [0, 1, 2].map((i) => ({ _timestamp: 1.8e9 + i, [writer]: i / 2 }));
      await client.history(0, values, {}, { 'x-wandb-async-client-id': writer });
    }
    const expected = [0, 1, 2].map((i) => [i, i / 2]);
    expect([await logged.points('one'), await logged.points('two')]).toEqual([expected, expected]);
  });

  it('or none of a call is taken, when one line is none', async () => {
    const { client, logged } = await fresh();
    await client.history(0, lines(0, 2));
    const bad = await client.stream({
      files: { 'wandb-history.jsonl': { offset: 2, content: [JSON.stringify(line(2, { loss: 2 })), '{"loss": '] } },
    });
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ error: { code: 'invalid_request', message: /Line 3 of the history/ } });
    await client.history(2, lines(2, 4));
    expect(await logged.points('loss')).toEqual([0, 1, 2, 3].map((i) => [i, i]));
  });

  it('or refused, where they cannot be counted any more', async () => {
    const { client } = await fresh();
    const chunk = { offset: Number.MAX_SAFE_INTEGER, content: ['{"loss":1}', '{"loss":2}'] };
    const refused = await client.stream({ files: { 'wandb-history.jsonl': chunk } });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { code: 'invalid_request', message: /offset is too large/ } });
  });
});

describe('who takes a run up again', () => {
  const end = { complete: true, exitcode: 0 };
  const offset = (at: number, of: unknown[]) => of.map((one, i) => ({ ...(one as object), _step: at + i }));

  it('is told how far it came, which changes nothing, since it may refuse to go on', async () => {
    const { client, logged } = await fresh();
    await client.history(0, lines(0, 2), end);
    const before = await logged.run();
    expect(before.state).toBe('finished');
    const { model } = await client.ask('RunResumeStatus', { name: client.run, project: 'p' });
    expect(model).toMatchObject({ bucket: { historyLineCount: 2 } });
    expect(await logged.run()).toEqual(before);
    expect((await logged.events()).map(({ type }) => type)).toEqual(['start', 'finish']);
  });

  it('may send what it sent before, as one who syncs the parts of an offline run twice', async () => {
    const { client, logged } = await fresh();
    const resume = async () => {
      const { model } = await client.ask('RunResumeStatus', { name: client.run, project: 'p' });
      await client.begin();
      const { bucket } = model as { bucket: { historyLineCount: number; historyTail: string } };
      const last = JSON.parse(JSON.parse(bucket.historyTail)[0]) as { _step: number };
      return { lines: bucket.historyLineCount, next: last._step + 1 };
    };
    const first = [...lines(0, 4), line(4, { loss: 'NaN' })];
    const table = line(5, { t: tableValue('media/table/t_5.table.json') });
    await client.uploadTable('media/table/t_5.table.json', ['x'], [[1]]);
    await client.history(0, [...first, table], end);
    const again = await resume();
    await client.uploadTable('media/table/t_11.table.json', ['x'], [[1]]);
    const replayed = { ...table, t: tableValue('media/table/t_11.table.json') };
    await client.history(again.lines, offset(again.next, [...first, replayed]), end);
    const second = await resume();
    expect(second.next).toBe(6);
    await client.history(second.lines, lines(6, 9), end);
    const third = await resume();
    await client.history(third.lines, offset(third.next, [...first, replayed]), end);
    expect(await logged.points('loss')).toEqual([...[0, 1, 2, 3, 'NaN'].entries(), [6, 6], [7, 7], [8, 8]]);
    expect(await logged.rows('t', ['step', 'x'])).toEqual([[5, 1]]);
    expect((await logged.run()).attempts).toHaveLength(1);
  });

  it('and a run of several writers ends with the first of them that says so, whatever the others still send', async () => {
    const { client, logged } = await fresh();
    const writer = (name: string) => ({ 'x-wandb-async-client-id': name, 'x-wandb-use-async-filestream': 'true' });
    await client.history(0, [{ _timestamp: 1.8e9, a: 1 }], {}, writer('rank0'));
    await client.history(0, [{ _timestamp: 1.8e9, b: 1 }], {}, writer('rank1'));
    await client.history(1, [{ _timestamp: 1.8e9 + 1, a: 2 }], end, writer('rank0'));
    await client.history(1, [{ _timestamp: 1.8e9 + 2, b: 2 }], {}, writer('rank1'));
    expect((await logged.run()).state).toBe('finished');
    expect((await logged.events()).map(({ type }) => type)).toEqual(['start', 'finish']);
    expect(await logged.points('b')).toEqual([
      [0, 1],
      [1, 2],
    ]);
    await client.history(0, [{ _timestamp: 1.8e9 + 3, c: 1 }], {}, writer('another process'));
    expect((await logged.run()).state).toBe('running');
  });
});

describe('steps', () => {
  const OVER_STEP = [{ 1: 'train/step' }, { 2: 'train/*', 5: 1 }];

  it('wait for the metric definitions that follow the first lines', async () => {
    const client = new WireClient(ours.url, 'p', `run-${++runs}`);
    await client.ask('UpsertBucket', { name: client.run, project: 'p', host: 'gpu-1' });
    const sent = client.history(0, [line(0, { 'train/x': 1, 'train/step': 100 })]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.define(OVER_STEP);
    await sent;
    expect(await readRun(ours.url, client.run, READER).points('train/x')).toEqual([[100, 1]]);
  });

  it('are those of the step metric, of what stands beside it, or of the log call', async () => {
    const { client, logged } = await fresh(OVER_STEP);
    await client.history(0, [
      line(0, { 'train/early': 1 }),
      line(1, { 'train/x': 1, other: 2, 'train/step': 100 }),
      line(2, { other: 3 }),
    ]);
    expect(await logged.points('train/x')).toEqual([[100, 1]]);
    expect(await logged.points('train/step')).toEqual([[100, 100]]);
    expect(await logged.points('other')).toEqual([
      [2, 3],
      [100, 2],
    ]);
    // Its step metric had no value yet, so that it has a time only.
    expect(await logged.points('train/early')).toEqual([]);
    expect((await logged.times('train/early')).map(([, value]) => value)).toEqual([1]);
  });

  it('are whole: a step metric of fractions leaves the log calls', async () => {
    const { client, logged } = await fresh([{ 1: 'epoch' }, { 2: 'val/*', 5: 1 }]);
    await client.history(
      0,
      [0.5, 1, 1.5].map((epoch, i) => line(i, { epoch, 'val/acc': epoch })),
    );
    expect(await logged.points('val/acc')).toEqual([
      [0, 0.5],
      [1, 1],
      [2, 1.5],
    ]);
  });

  it('stay on one axis where a step metric comes to have fractions later', async () => {
    const { client, logged } = await fresh([{ 1: 'epoch' }, { 2: 'eval/*', 5: 1 }]);
    await client.history(
      0,
      [1, 2, 3, 3.5].map((epoch, i) => line(10 * (i + 1), { epoch, 'eval/acc': epoch })),
    );
    expect(await logged.points('eval/acc')).toEqual([
      [10, 1],
      [20, 2],
      [30, 3],
      [40, 3.5],
    ]);
  });

  it('are none where a client fills in the 0 of a step metric that its process has not logged', async () => {
    const synced = [
      { 1: 'train/global_step', 6: [3] },
      { 2: '*', 5: 1, 6: [1] },
    ];
    const { client, logged } = await fresh(synced);
    const train = (step: number) => line(2 * step, { 'train/loss': step, 'train/global_step': step });
    await client.history(0, [line(0, { 'profiling/x': 0.1, 'train/global_step': 0 }), train(1), train(2), train(3)]);
    // A process that goes on from the checkpoint of step 1.
    await client.ask('RunResumeStatus', { name: client.run, project: 'p' });
    await client.begin({}, synced);
    const again = (step: number) => line(2 * step + 5, { 'train/loss': -step, 'train/global_step': step });
    await client.history(4, [line(8, { 'profiling/x': 0.2, 'train/global_step': 0 }), again(2), again(3), again(4)]);
    expect(await logged.points('train/loss')).toEqual([1, -2, -3, -4].map((loss) => [Math.abs(loss), loss]));
    expect(await logged.points('train/global_step')).toEqual([0, 1, 2, 3, 4].map((step) => [step, step]));
    expect(await logged.points('profiling/x')).toEqual([[0, 0.1]]);
    expect((await logged.times('profiling/x')).map(([, value]) => value)).toEqual([0.1, 0.2]);
    expect((await logged.run()).attempts?.map(({ fromStep }) => fromStep)).toEqual([0, 2]);
  });

  it('are those beside a metric whose own step metric is only ever filled in, as by OpenRLHF', async () => {
    const { client, logged } = await fresh([
      { 1: 'eval/epoch', 6: [3] },
      { 2: 'eval/*', 5: 1, 6: [1] },
    ]);
    await client.history(
      0,
      [4, 8, 12].map((step, i) => line(i, { 'eval/pass1': step / 10, 'eval/epoch': 0, 'eval/global_step': step })),
    );
    expect(await logged.points('eval/pass1')).toEqual([
      [4, 0.4],
      [8, 0.8],
      [12, 1.2],
    ]);
  });

  it.each([
    ['gs', [{ 1: 'gs' }, { 2: '*', 5: 1 }]],
    ['gs', [{ 2: '*', 4: 'gs' }]],
    ['my counter', [{ 1: 'my counter' }, { 2: 'train/*', 5: 1 }]],
    ['gs', []],
    ['trainer/global_step', []],
  ])(
    'are those of %s, whatever its name, as defined by %j, also where the run is taken up again',
    async (name, axes) => {
      const { client, logged } = await fresh(axes);
      const train = (own: number, step: number, sign: number) => line(own, { 'train/loss': sign * step, [name]: step });
      await client.history(
        0,
        [10, 20, 30].map((step, i) => train(i, step, 1)),
      );
      await client.ask('RunResumeStatus', { name: client.run, project: 'p' });
      await client.begin({}, axes);
      await client.history(
        3,
        [20, 30, 40].map((step, i) => train(3 + i, step, -1)),
      );
      expect(await logged.points('train/loss')).toEqual([
        [10, 10],
        [20, -20],
        [30, -30],
        [40, -40],
      ]);
    },
  );

  it('are those of W&B where what is called a global step goes back by itself', async () => {
    const { client, logged } = await fresh();
    await client.history(
      0,
      [0, 1, 2, 0, 1, 2].map((step, i) => line(i, { loss: i, global_step: step })),
    );
    expect(await logged.points('loss')).toEqual([0, 1, 2, 3, 4, 5].map((i) => [i, i]));
  });

  it('that go round and round begin no attempt', async () => {
    const { client, logged } = await fresh([{ 1: 'eval/index' }, { 2: 'eval/*', 5: 1, 6: [1] }]);
    const rounds = [0, 1].flatMap((round) => [0, 1, 2].map((index) => ({ 'eval/index': index, 'eval/acc': round })));
    await client.history(
      0,
      rounds.map((values, i) => line(i, values)),
    );
    expect((await logged.run()).attempts).toHaveLength(1);
    expect(await logged.points('eval/acc')).toEqual([0, 1, 2].map((index) => [index, 1]));
  });
});

describe('tables', () => {
  it('that say the same at two steps are two, unless their rows tell their step or the whole is logged anew', async () => {
    const { client, logged } = await fresh();
    const log = async (at: number, key: string, columns: string[], data: unknown[][]) => {
      const path = `media/table/${key}_${at}_${key}.table.json`;
      await client.uploadTable(path, columns, data);
      await client.history(at, [line(at, { [key]: tableValue(path) })]);
    };
    const same = [
      ['p', 1],
      ['q', 0],
    ];
    await log(0, 'own', ['prompt', 'reward'], same);
    await log(1, 'own', ['prompt', 'reward'], same);
    await log(2, 'told', ['global_step', 'reward'], [[2, 1]]);
    await log(3, 'told', ['global_step', 'reward'], [[2, 1]]);
    await log(4, 'grown', ['reward'], [[1]]);
    await log(5, 'grown', ['reward'], [[1], [2]]);
    expect(await logged.rows('own', ['step', 'prompt', 'reward'])).toEqual(
      [0, 1].flatMap((step) => same.map((row) => [step, ...row])),
    );
    expect(await logged.rows('told', ['reward'])).toEqual([[1]]);
    expect(await logged.rows('grown', ['step', 'reward'])).toEqual([
      [4, 1],
      [5, 2],
    ]);
  });

  it('may come before their line or after it, and stand in the order of logging', async () => {
    const { client, logged } = await fresh();
    await client.uploadTable('media/table/t_0_a.table.json', ['x'], [['early']]);
    await client.history(0, [line(0, { t: tableValue('media/table/t_0_a.table.json') })]);
    await client.history(
      1,
      [1, 2, 3].map((i) => line(i, { t: tableValue(`media/table/t_${i}_b.table.json`) })),
    );
    await client.uploadTable('media/table/t_3_b.table.json', ['x'], [['third']]);
    await client.uploadTable('media/table/t_2_b.table.json', ['x'], [['second']]);
    expect(await logged.rows('t', ['step', 'x'])).toEqual([[0, 'early']]);
    await client.uploadTable('media/table/t_1_b.table.json', ['x'], [['first']]);
    const expected = [
      [0, 'early'],
      [1, 'first'],
      [2, 'second'],
      [3, 'third'],
    ];
    expect(await logged.rows('t', ['step', 'x'])).toEqual(expected);
    // An upload and a line that come again bring nothing new.
    await client.uploadTable('media/table/t_1_b.table.json', ['x'], [['first']]);
    await client.history(1, [line(1, { t: tableValue('media/table/t_1_b.table.json') })]);
    expect(await logged.rows('t', ['step', 'x'])).toEqual(expected);
  });

  it('wait for one that never comes no longer than the run lasts', async () => {
    const { client, logged } = await fresh();
    await client.history(
      0,
      [1, 2].map((i) => line(i, { t: tableValue(`media/table/t_${i}_b.table.json`) })),
    );
    await client.uploadTable('media/table/t_2_b.table.json', ['x'], [['second']]);
    await WireClient.checked(await client.stream({ complete: true, exitcode: 0 }));
    expect(await logged.rows('t', ['step', 'x'])).toEqual([[2, 'second']]);
  });

  it('that are logged anew as a whole are stored once; a changed one is stored whole', async () => {
    const { client, logged } = await fresh();
    const rows = Array.from({ length: 6 }, (_, i) => [i, `row ${i}, ] "[`]);
    const versions = [rows.slice(0, 0), rows.slice(0, 2), rows.slice(0, 2), rows, [[9, 'new'], ...rows.slice(1)]];
    for (const [step, data] of versions.entries()) {
      const path = `media/table/t_${step}.table.json`;
      await client.uploadTable(path, ['n', 'text'], data);
      await client.history(step, [line(step, { t: tableValue(path) })]);
    }
    const stored = await logged.rows('t', ['step', 'n']);
    expect(stored.filter(([step]) => step !== 4)).toEqual([1, 1, 3, 3, 3, 3].map((step, n) => [step, n]));
    expect(stored.filter(([step]) => step === 4).map(([, n]) => n)).toEqual([9, 1, 2, 3, 4, 5]);
  });

  it('and lines may be large', async () => {
    const { client, logged } = await fresh();
    const rows = Array.from({ length: 400 }, (_, i) => [i, String(i).padEnd(100_000, '.')]);
    await client.uploadTable('media/table/large.table.json', ['n', 'text'], rows);
    await client.history(0, [line(0, { large: tableValue('media/table/large.table.json') })]);
    expect(await logged.rows('large', ['n'])).toEqual(rows.map(([n]) => [n]));
    const long = Array.from({ length: 100 }, (_, i) =>
      line(1 + i, Object.fromEntries(Array.from({ length: 1_000 }, (_, m) => [`${'m'.repeat(100)}${m}`, i + m]))),
    );
    await client.history(1, long);
    expect(await logged.points(`${'m'.repeat(100)}999`)).toEqual(long.map((_, i) => [1 + i, i + 999]));
  });

  it('are told as left out, where they cannot be kept', async () => {
    const { client, logged } = await fresh();
    const files: Array<[string, string]> = [
      ['broken', '{"columns": ["x"], "data": [[1'],
      ['ragged', '{"columns": ["x"], "data": [[1, 2]]}'],
      ['list', '[1, 2]'],
      ['deep', `{"columns": ["x"], "data": [[${'['.repeat(5_000)}${']'.repeat(5_000)}]]}`],
      ['wide', JSON.stringify({ columns: Array.from({ length: 501 }, (_, i) => `c${i}`), data: [] })],
    ];
    for (const [i, [name, text]] of files.entries()) {
      const path = `media/table/${name}.table.json`;
      await client.history(i, [line(i, { [name]: tableValue(path) })]);
      expect((await client.upload(path, text)).status).toBe(200);
    }
    await client.history(files.length, [line(files.length, { loss: 1, picture: { _type: 'image-file', path: 'x' } })]);
    const left = (await logged.events()).filter(({ type }) => type === 'left_out').map(({ title }) => title);
    for (const name of [...files.map(([one]) => one), 'image-file']) {
      expect(left.some((title) => title.includes(name))).toBe(true);
    }
    expect(await logged.points('loss')).toEqual([[files.length, 1]]);
  });
});

describe('console output', () => {
  const stamped = (text: string) => `2026-11-25T02:21:04.647163 ${text}`;
  const console = (client: WireClient, offset: number, texts: string[], more = {}) =>
    client
      .stream({ files: { 'output.log': { offset, content: texts.map(stamped) } }, ...more })
      .then(WireClient.checked);

  it('keeps lines with their time, and a line that was overwritten', async () => {
    const { client, logged } = await fresh();
    await console(client, 0, ['one', '10%']);
    await console(client, 0, ['one', '10%']);
    await console(client, 1, ['90%', 'three']);
    const time = Date.parse('2026-11-25T02:21:04.647Z');
    expect(await logged.rows('console', ['time', 'line', 'text'])).toEqual([
      [time, 1, 'one'],
      [time, 2, '10%'],
      [time, 2, '90%'],
      [time, 3, 'three'],
    ]);
  });

  it('stands behind the rollouts in the list of tables, though it came first', async () => {
    const { client, logged } = await fresh();
    await console(client, 0, ['one']);
    await client.uploadTable('media/table/r.table.json', ['prompt', 'reward'], [['p', 1]]);
    await client.history(0, [line(0, { rollouts: tableValue('media/table/r.table.json') })]);
    expect(await logged.tables()).toEqual(['rollouts', 'console']);
  });

  it('is bounded: the first lines as they come, and the last ones when the run ends', async () => {
    const { client, logged } = await fresh();
    for (let offset = 0; offset < 30_000; offset += 5_000) {
      await console(
        client,
        offset,
        Array.from({ length: 5_000 }, (_, i) => `line ${offset + i + 1}`),
      );
    }
    await console(client, 30_000, ['the end'], { complete: true, exitcode: 1 });
    expect(await logged.count('console')).toBe(20_200);
    expect(await logged.lastRows('console', ['text'], 2)).toEqual([['the end'], ['line 30000']]);
    expect((await logged.run()).state).toBe('failed');
  });
});

describe('a run', () => {
  it('knows the machines it ran on', async () => {
    const { client, logged } = await fresh();
    const metadata = {
      host: 'gpu-1',
      startedAt: '2026-11-25T02:21:04.495045Z',
      slurm: { job_id: '4711' },
      gpu_count: 2,
      gpu_nvidia: [{ uuid: 'GPU-a' }, { uuid: 'GPU-b' }],
    };
    await client.upload('wandb-metadata.json', JSON.stringify(metadata));
    await client.upload('wandb-metadata.json', '{broken');
    const e = { two: { host: 'gpu-2', gpu_count: 2 } };
    const config = JSON.stringify({ _wandb: { value: { e } } });
    await client.ask('UpsertBucket', { name: client.run, project: 'p', config });
    const from = Date.parse(metadata.startedAt);
    expect((await logged.run()).resources).toEqual([
      { host: 'gpu-1', slurmJob: '4711', gpus: ['GPU-a', 'GPU-b'], from },
      { host: 'gpu-2', gpus: ['0', '1'] },
    ]);
  });

  it('says what its summary alone has', async () => {
    const { client, logged } = await fresh();
    const summary = (offset: number, values: object) =>
      client.stream({ files: { 'wandb-summary.json': { offset, content: [JSON.stringify(values)] } } });
    await client.history(0, lines(0, 2));
    await summary(0, { loss: 99, best: 0.5, nested: { max: 3 }, _step: 1 });
    await summary(0, { loss: 99, best: 0.75, nested: { max: 3 }, _step: 1 });
    expect((await logged.run()).summary).toEqual({ loss: 1, best: 0.75, 'nested.max': 3 });
    expect((await logged.times('best')).map(([, value]) => value)).toEqual([0.5, 0.75]);
    expect(await logged.times('nested.max')).toHaveLength(1);
  });

  it('belongs with the other runs of its job, by its name', async () => {
    for (const part of ['explorer', 'trainer']) {
      const client = new WireClient(ours.url, 'p', `job-${part}`);
      await client.begin({ displayName: `gsm8k_${part}` });
      expect(await readRun(ours.url, client.run, READER).run()).toMatchObject({ group: 'gsm8k' });
    }
  });

  it('has the id that its project gave it, though another project has that too', async () => {
    const [a, b] = [new WireClient(ours.url, 'a', 'same', 'team-a'), new WireClient(ours.url, 'b', 'same', 'team-b')];
    await a.begin();
    await b.begin();
    await a.history(0, [line(0, { loss: 1 })]);
    await b.history(0, [line(0, { loss: 2 })]);
    expect(await readRun(ours.url, 'same', READER).points('loss')).toEqual([[0, 1]]);
    expect(await readRun(ours.url, 'same', 'team-b').points('loss')).toEqual([[0, 2]]);
    // Who writes to both projects knows of the one when they begin the other.
    const [c, d] = ['c', 'd'].map((project) => new WireClient(ours.url, project, 'equal'));
    await c?.begin();
    await d?.begin();
    await d?.history(0, [line(0, { loss: 3 })]);
    expect(await readRun(ours.url, 'd/equal', READER).points('loss')).toEqual([[0, 3]]);
  });
});

describe('who may', () => {
  it('is asked of every call', async () => {
    const { client } = await fresh([], 'a');
    const as = (token: string) => new WireClient(ours.url, 'a', client.run, token);
    const status = async (token: string) => [
      (await as(token).send('POST', '/graphql', '{"query": "query Viewer { viewer { id } }"}')).status,
      (await as(token).stream({})).status,
    ];
    expect(await status('team-a')).toEqual([200, 200]);
    expect(await status('wrong')).toEqual([401, 401]);
    // Who only reads may ask, and write nothing.
    expect(await status(READER)).toEqual([200, 403]);
    for (const name of ['UpsertBucket', 'CreateRunFiles', 'CreateArtifact', 'NotifyScriptableRunAlert']) {
      const body = JSON.stringify({ query: `mutation ${name} { x }`, variables: { name: 'forged', project: 'a' } });
      const answer = await new WireClient(ours.url, 'a', 'x', READER).send('POST', '/graphql', body);
      expect([name, answer.status]).toEqual([name, 403]);
    }
    // Another project's run is not there.
    expect(await status('team-b')).toEqual([200, 404]);
    await expect(as('team-b').ask('UpsertBucket', { name: 'x', project: 'a' })).rejects.toThrow('403');
    await expect(as('team-b').uploadUrl('x')).rejects.toThrow('404');
    expect(await as('team-b').ask('RunResumeStatus', { name: client.run, project: 'a' })).toMatchObject({
      model: { bucket: null },
    });
  });

  it('bring a file is who has its address, while that holds', async () => {
    const { client } = await fresh();
    const url = await client.uploadUrl('media/table/x.table.json');
    expect(url.startsWith(`${ours.url}/wandb/uploads/`)).toBe(true);
    const put = async (address: string) => (await fetch(address, { method: 'PUT', body: '{}' })).status;
    expect(await put(url)).toBe(200);
    expect(await put(`${url.slice(0, -2)}xx`)).toBe(403);
    expect(await put(url.replace('uploads/', 'uploads/x'))).toBe(403);
    expect(await put(`${ours.url}/wandb/uploads/${'a'.repeat(500)}`)).toBe(403);
  });

  it('reached the store through a proxy is sent back through it', async () => {
    const address = async (headers: Record<string, string>) => {
      const { client } = await fresh();
      const url = await new WireClient(ours.url, 'p', client.run, 'any', headers).uploadUrl('x');
      return url.split('/wandb/')[0];
    };
    expect(await address({ 'x-forwarded-proto': 'https', 'x-forwarded-host': 'runs.example.org' })).toBe(
      'https://runs.example.org',
    );
    expect(await address({ 'x-forwarded-host': 'evil.example/..?<script>' })).toBe(ours.url);
  });
});
