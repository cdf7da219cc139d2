import type { LogEntry } from '@rolloscope/contract/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Access, FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';
import { Upkeep } from './Upkeep';

let store: OpenStore;
let clock: number;
const now = () => clock;
beforeEach(async () => {
  clock = Date.now();
  store = await openStore({ now });
});
afterEach(() => store.close());

const restart = async () => {
  await store.stop();
  store = await openStore({ directory: store.directory, now });
};
const steps = async (metric = 'loss', run = 'r') =>
  (await store.reader.metrics({ runs: [run], metrics: [metric] }, FULL_ACCESS)).series[0]?.step;
const table = (columns: NonNullable<LogEntry['tables']>[string]['columns'], ...rows: unknown[][]): LogEntry => ({
  step: 1,
  tables: { t: { columns, rows } },
});
const readTable = async (run = 'r') => {
  const { columns, rows, rowIds } = await store.reader.rows({ runs: [run], table: 't' }, FULL_ACCESS);
  const cells = (name: string) => rows.map((row) => row[columns.findIndex((column) => column.name === name)]);
  return { columns, rowIds, cells, types: Object.fromEntries(columns.map(({ name, type }) => [name, type])) };
};
const eventTypes = async () => {
  const { events } = await store.reader.events({ run: 'r' }, FULL_ACCESS);
  return events.map(({ type }) => type);
};

it('stores a batch once, however often and at whatever time it comes', async () => {
  await store.writer.putRun('r', { project: 'p' }, FULL_ACCESS);
  const batch = () => store.log('r', [{ step: 1, metrics: { loss: 1 } }, { step: 2 }], 'b');
  expect(await Promise.all([batch(), batch(), batch()])).toEqual(Array(3).fill({ accepted: 2 }));
  await restart();
  clock += 24 * 3_600_000;
  expect(await batch()).toEqual({ accepted: 2 });
  await store.writer.forgetBatches();
  expect(await batch()).toEqual({ accepted: 2 });
  const { metrics } = await store.reader.metricList({ runs: ['r'] }, FULL_ACCESS);
  expect(metrics).toMatchObject([{ name: 'loss', points: 1 }]);
  // The same id of another run is another batch.
  await store.log('other', [{ step: 1, metrics: { loss: 1 } }], 'b');
  expect(await steps('loss', 'other')).toEqual([1]);
});

it('takes a start that lies ahead, and hears of the run now', async () => {
  const startedAt = 8_640_000_000_000_000;
  const run = await store.writer.putRun('r', { project: 'p', startedAt }, FULL_ACCESS);
  expect(run).toMatchObject({ createdAt: startedAt, updatedAt: clock });
  await store.writer.finish('r', {}, FULL_ACCESS);
  await store.log('r', []);
  expect((await store.writer.finish('r', {}, FULL_ACCESS)).finishedAt).toBeLessThan(startedAt);
});

it('counts the runs of a project, also those of one commit and after a restart', async () => {
  const create = (id: string, project = 'p') => store.writer.putRun(id, { project }, FULL_ACCESS);
  const numbers = (await Promise.all([create('a'), create('b'), create('c', 'q')])).map(({ number }) => number);
  expect(numbers).toEqual([1, 2, 1]);
  await restart();
  expect([(await create('a')).number, (await create('d')).number]).toEqual([1, 3]);
});

it('forgets a batch after more than a day', async () => {
  await store.log('r', [{ step: 1, metrics: { loss: 1 } }], 'b');
  clock += 26 * 3_600_000;
  await store.writer.forgetBatches();
  await store.log('r', [{ step: 2, metrics: { loss: 1 } }], 'b');
  expect(await steps()).toEqual([1, 2]);
});

it('stores all of a call or nothing, and says where the fault is', async () => {
  await store.writer.putRun('r', { project: 'p' }, FULL_ACCESS);
  const good: LogEntry = { step: 1, metrics: { loss: 1 } };
  const refused = async (entry: LogEntry, message: RegExp, code = 'invalid_request') => {
    await expect(store.log('r', [good, entry])).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  };
  await refused(table(['a', 'b'], [1, 2], [1]), /entries\[1\]\.tables\["t"\]\.rows\[1\] has 1 cells for 2 columns/);
  await refused(table(['a', 'a'], [1, 2]), /column "a" twice/);
  await refused(table(['a\ud800', 'a\ufffd'], [1, 2]), /twice/);
  await refused(table(['run'], [1]), /column "run".*another name/);
  await refused(table(['step'], ['one']), /rows\[0\], column "step", must be a whole number, not "one"/);
  await refused(table(['time'], [1.5]), /column "time".*epoch milliseconds, not 1.5/);
  await refused(
    table(['a'], ['x'.repeat(4 * 1024 * 1024 + 1)]),
    /column "a".*limit of a cell is 4 MB/,
    'limit_exceeded',
  );
  expect(store.runIndex.get('r')?.latest.size).toBe(0);
  expect(await store.engine.tableSummaries([{ run: 'r' }])).toEqual([]);
});

it('changes nothing in memory when a commit fails', async () => {
  await store.log('r', [{ step: 1, metrics: { loss: 1 } }]);
  const before = structuredClone(store.runIndex.get('r'));
  const { commit } = store.engine;
  store.engine.commit = () => Promise.reject(new Error('no'));
  const changes = [
    store.log('r', [{ step: 0, metrics: { loss: 2, more: 3 } }, table(['x'], [1])], 'b'),
    store.writer.finish('r', {}, FULL_ACCESS),
    store.writer.putRun('new', { project: 'p' }, FULL_ACCESS),
    store.writer.deleteRun('r', FULL_ACCESS),
  ];
  expect((await Promise.allSettled(changes)).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
  store.engine.commit = commit;
  expect(store.runIndex.get('r')).toEqual(before);
  expect(store.runIndex.get('new')).toBeUndefined();
  await store.log('r', [{ step: 5, metrics: { loss: 2 } }], 'b');
  expect(await steps()).toEqual([1, 5]);
});

it('reads the same after a restart', async () => {
  const put = { project: 'p', name: 'n', group: 'g', tags: ['x'], config: { lr: 1e-6, __proto__: null }, startedAt: 5 };
  await store.writer.putRun('r', put, FULL_ACCESS);
  await store.log('r', [
    { step: 3, time: 77, metrics: { loss: 1, nan: 'NaN' } },
    { time: 99, metrics: { gpu: 0.5 } },
  ]);
  await store.log('r', [table(['prompt', 'response', 'n'], ['p', 'r', 1], ['p', 'r', 'Infinity'])]);
  await store.writer.finish('r', { state: 'failed' }, FULL_ACCESS);
  const read = async () => {
    const { bytes: _, ...run } = await store.reader.run('r', FULL_ACCESS);
    return {
      run,
      table: await readTable().then(({ columns, rowIds }) => ({ columns, rowIds })),
      events: await eventTypes(),
    };
  };
  const before = await read();
  expect(before.run).toMatchObject({ state: 'failed', lastStep: 3, summary: { loss: 1, nan: 'NaN', gpu: 0.5 } });
  expect(before.events).toEqual(['start', 'failed']);
  await restart();
  expect(await read()).toEqual(before);
});

it('gives cells back in their types, a broken character repaired', async () => {
  const text = 'ok \ud83d\ude00 \ud800 end\udc00';
  await store.log('r', [
    table(
      ['s', 'n', 'b', 'mixed', 'j', 'big', 'none'],
      [text, 1.5, true, 1, { k: [text] }, 2 ** 60, null],
      [null, 'NaN', null, 'x', [1], -1, null],
    ),
  ]);
  const { types, cells } = await readTable();
  expect(types).toMatchObject({ s: 'string', n: 'number', b: 'boolean', mixed: 'json', j: 'json', big: 'number' });
  const repaired = 'ok \ud83d\ude00 \ufffd end\ufffd';
  expect(cells('s')).toEqual([repaired, null]);
  expect(cells('n')).toEqual([1.5, 'NaN']);
  expect(cells('mixed')).toEqual([1, 'x']);
  expect(cells('j')).toEqual([{ k: [repaired] }, [1]]);
  expect(cells('big')).toEqual([2 ** 60, -1]);
  // Another type later: the column is json from then on, and nothing of before is lost.
  await store.log('r', [table(['n', 's'], ['now text', 5])]);
  const later = await readTable();
  expect(later.types).toMatchObject({ n: 'json', s: 'json' });
  expect(later.cells('n')).toEqual([1.5, 'NaN', 'now text']);
  expect(later.cells('s')).toEqual([repaired, null, 5]);
});

it('lets a logged step or time stand before the entry’s', async () => {
  await store.log('r', [{ ...table(['step', 'time', 'x'], [7, 1_000, 'a'], [null, null, 'b']), time: 2_000 }]);
  const { cells, columns } = await readTable();
  expect([cells('step'), cells('time')]).toEqual([
    [7, 1],
    [1_000, 2_000],
  ]);
  expect(columns.filter(({ name }) => name === 'step')).toHaveLength(1);
});

it('derives what the roles allow, but for what is logged under the same name', async () => {
  await store.log('r', [
    table(['prompt', 'response', 'chars'], ['p', 'same', -1], ['p', 'same', -2], ['q', 'same', -3]),
    table([{ name: 'free text', role: 'response' }], ['<think>never closed']),
  ]);
  await store.log('r', [table(['prompt', 'response', 'chars'], ['p', 'same', -4])]);
  const { cells, columns, rowIds } = await readTable();
  expect(cells('chars')).toEqual([-1, -2, -3, 19, -4]);
  expect(cells('duplicateOf')).toEqual([null, rowIds[0], null, null, rowIds[0]]);
  expect(cells('thinkClosed')).toEqual([null, null, null, false, null]);
  const [p, again, q] = cells('promptHash');
  expect(p).toBe(again);
  expect(p).not.toBe(q);
  expect(columns.find(({ name }) => name === 'chars')).toMatchObject({ type: 'number' });
  // One column plays a role in an answer: the one of its name.
  expect(columns.filter(({ role }) => role === 'response').map(({ name }) => name)).toEqual(['response']);
  await restart();
  await store.log('r', [table(['prompt', 'response'], ['q', 'same'])]);
  expect((await readTable()).cells('duplicateOf').at(-1)).toBe(rowIds[2]);
});

it('merges what a run is told again, and never moves it', async () => {
  await store.writer.putRun('r', { project: 'p', tags: ['a'], config: { lr: 1, seed: 2 } }, FULL_ACCESS);
  const put = JSON.parse('{"project":"p","tags":["b"],"config":{"lr":null,"__proto__":3},"archived":true}');
  const run = await store.writer.putRun('r', put, FULL_ACCESS);
  expect(run).toMatchObject({ tags: ['b'], archived: true, name: 'r' });
  expect(Object.entries(run.config ?? {})).toEqual([
    ['seed', 2],
    ['__proto__', 3],
  ]);
  const { updatedAt: _, ...again } = await store.writer.putRun('r', put, FULL_ACCESS);
  expect(run).toMatchObject(again);
  const moved = store.writer.putRun('r', { project: 'q' }, FULL_ACCESS);
  await expect(moved).rejects.toMatchObject({ code: 'project_conflict' });
  expect(await eventTypes()).toEqual(['start']);
});

it('keeps a run from a token of another project, and from one that only reads', async () => {
  await store.log('r', [{ step: 1 }]);
  const stranger: Access = {
    reads: (project) => project === 'q',
    writes: (project) => project === 'q',
    labels: () => false,
  };
  const reader: Access = { reads: () => true, writes: () => false, labels: () => false };
  const log = (access: Access) => store.writer.log('r', { entries: [] }, access);
  await expect(log(stranger)).rejects.toMatchObject({ code: 'run_not_found' });
  await expect(log(reader)).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(store.writer.deleteRun('r', stranger)).rejects.toMatchObject({ code: 'run_not_found' });
  await expect(store.writer.putRun('r', { project: 'p' }, stranger)).rejects.toMatchObject({ code: 'not_allowed' });
  await expect(store.writer.log('none', { entries: [] }, FULL_ACCESS)).rejects.toMatchObject({ code: 'run_not_found' });
});

it('notes once that a run fell silent, and that it logs again', async () => {
  const upkeep = new Upkeep(store.engine, store.runIndex, store.writer, {
    clock: store.clock,
    onError: (error) => expect.unreachable(String(error)),
  });
  await store.log('r', [{ step: 1, metrics: { loss: 1 } }]);
  clock += 61_000;
  expect((await store.reader.run('r', FULL_ACCESS)).state).toBe('crashed');
  await upkeep.tick();
  await upkeep.tick();
  expect(await eventTypes()).toEqual(['start', 'crash']);
  await store.log('r', []);
  expect((await store.reader.run('r', FULL_ACCESS)).state).toBe('running');
  expect(await eventTypes()).toEqual(['start', 'crash', 'reopen']);
  await store.writer.finish('r', {}, FULL_ACCESS);
  await store.writer.finish('r', {}, FULL_ACCESS);
  clock += 120_000;
  await upkeep.tick();
  expect(await eventTypes()).toEqual(['start', 'crash', 'reopen', 'finish']);
  await upkeep.close();
});

it('leaves a run that its client ended as it is, where the client tells states itself; not one that fell silent', async () => {
  await store.log('r', [{ step: 1, metrics: { loss: 1 } }]);
  const log = async (step: number) => {
    await store.writer.log('r', { entries: [{ step, metrics: { loss: 1 } }] }, FULL_ACCESS, { keepsState: true });
    return (await store.reader.run('r', FULL_ACCESS)).state;
  };
  await store.writer.finish('r', { state: 'failed' }, FULL_ACCESS);
  expect(await log(2)).toBe('failed');
  await store.writer.finish('r', { state: 'crashed' }, FULL_ACCESS);
  expect(await log(3)).toBe('running');
  expect(await steps()).toEqual([1, 2, 3]);
});

it('does not take its own absence for the silence of a run', async () => {
  await store.log('r', [{ step: 1 }]);
  await store.stop();
  clock += 3_600_000;
  store = await openStore({ directory: store.directory, now });
  expect((await store.reader.run('r', FULL_ACCESS)).state).toBe('running');
  clock += 61_000;
  expect((await store.reader.run('r', FULL_ACCESS)).state).toBe('crashed');
});

it('deletes runs that nobody logged to for long, unless they are to be kept', async () => {
  const retain = 7 * 24 * 3_600_000;
  const onError = (error: unknown) => expect.unreachable(String(error));
  const upkeep = new Upkeep(store.engine, store.runIndex, store.writer, { clock: store.clock, retain, onError });
  await store.log('old', [{ step: 1, metrics: { loss: 1 } }]);
  await store.writer.putRun('kept', { project: 'p', tags: ['keep'] }, FULL_ACCESS);
  clock += retain - 1_000;
  await store.log('young', [{ step: 1 }]);
  await upkeep.tick();
  expect([...store.runIndex.all()].map(({ record }) => record.id)).toEqual(['old', 'kept', 'young']);
  clock += 3_700_000;
  await upkeep.tick();
  expect([...store.runIndex.all()].map(({ record }) => record.id)).toEqual(['kept', 'young']);
  await upkeep.close();
});

it('takes a run made anew after its delete for another one', async () => {
  await store.log('r', [{ step: 1, metrics: { loss: 1 } }, table(['prompt', 'response'], ['p', 'r'])], 'b');
  const before = await store.reader.metrics({ runs: ['r'], metrics: ['loss'] }, FULL_ACCESS);
  await Promise.all([
    store.log('r', [{ step: 2, metrics: { loss: 1 } }], 'c'),
    store.writer.deleteRun('r', FULL_ACCESS),
    store.writer.putRun('r', { project: 'q' }, FULL_ACCESS),
    store.log('r', [{ step: 9, metrics: { loss: 1 } }, table(['prompt', 'response'], ['p', 'r'])], 'b'),
  ]);
  expect(await steps()).toEqual([9]);
  expect((await readTable()).cells('duplicateOf')).toEqual([null]);
  const since = { runs: ['r'], metrics: ['loss'], since: before.asOf };
  expect(await store.reader.metrics(since, FULL_ACCESS)).toMatchObject({ reset: true });
});
