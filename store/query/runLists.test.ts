import type { RunsRequest } from '@rolloscope/contract/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Access, FULL_ACCESS } from '../Access';
import { type OpenStore, openStore } from '../testing/openStore';

let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const put = (id: string, body: object) => store.writer.putRun(id, { project: 'open', ...body }, FULL_ACCESS);
  await put('old', { startedAt: 1_000, tags: ['x', 'y'], config: { lr: 0.1, algo: { name: 'grpo', 'a.b': 1 } } });
  await put('mid', {
    startedAt: 2_000,
    config: { lr: 2, algo: { name: 'ppo' } },
    resources: [{ host: 'h1' }, { host: 'h2' }],
  });
  await put('new', { startedAt: 3_000, config: { lr: 10 } });
  await put('gone', { startedAt: 4_000, archived: true, config: { lr: 3 } });
  await put('theirs', { startedAt: 5_000, project: 'closed' });
  await store.log('old', [{ step: 1, time: 1_500, metrics: { acc: 0.5 } }]);
  await store.log('mid', [{ step: 1, time: 2_500, metrics: { acc: 'NaN' } }]);
  await store.log('new', [{ step: 1, time: 3_500, metrics: { acc: 0.9 } }]);
});
afterAll(() => store.close());

const OPEN: Access = { reads: (project) => project === 'open', writes: () => false, labels: () => false };
const ids = async (request: RunsRequest) => (await store.reader.runs(request, OPEN)).runs.map(({ id }) => id);

describe('runs', () => {
  it('come newest first, archived and foreign ones left out', async () => {
    expect(await ids({})).toEqual(['new', 'mid', 'old']);
    expect(await ids({ where: [{ column: 'archived', op: 'eq', value: true }] })).toEqual(['gone']);
    await expect(store.reader.run('theirs', OPEN)).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('are ordered by numbers, infinities among them, NaN last', async () => {
    const ranked = await openStore();
    for (const [id, acc] of Object.entries({ inf: 'Infinity', low: 0.1, nan: 'NaN', high: 0.9, least: '-Infinity' })) {
      await ranked.writer.putRun(id, { project: 'open' }, FULL_ACCESS);
      await ranked.log(id, [{ step: 1, metrics: { acc: acc as number } }]);
    }
    const by = async (direction: 'asc' | 'desc') => {
      const orderBy = [{ column: 'summary.acc', direction }];
      return (await ranked.reader.runs({ orderBy }, OPEN)).runs.map(({ id }) => id);
    };
    expect(await by('desc')).toEqual(['inf', 'high', 'low', 'least', 'nan']);
    expect(await by('asc')).toEqual(['least', 'low', 'high', 'inf', 'nan']);
    await ranked.close();
  });

  it('are named by their ids, archived ones too, and by their groups', async () => {
    const grouped = await openStore();
    const put = (id: string, group: string, project = 'open', archived = false) =>
      grouped.writer.putRun(id, { project, group, archived }, FULL_ACCESS);
    await put('a_explorer', 'a');
    await put('a_trainer', 'a');
    await put('a_old', 'a', 'open', true);
    await put('a_theirs', 'a', 'closed');
    await put('b', 'b');
    await put('b_child', 'b');
    const named = async (names: string[], where: RunsRequest['where'] = [], access = OPEN) =>
      (await grouped.reader.runs({ ids: names, where }, access)).runs.map(({ id }) => id).sort();
    expect(await named(['a'])).toEqual(['a_explorer', 'a_trainer']);
    expect(await named(['a', 'a_trainer', 'a_old', 'none'])).toEqual(['a_explorer', 'a_old', 'a_trainer']);
    expect(await named(['b'])).toEqual(['b']);
    expect(await named(['a'], [{ column: 'id', op: 'contains', value: 'TRAIN' }])).toEqual(['a_trainer']);
    expect(await named(['a'], [], FULL_ACCESS)).toEqual(['a_explorer', 'a_theirs', 'a_trainer']);
    expect(await named(['closed/a'], [], FULL_ACCESS)).toEqual(['a_theirs']);
    expect(await named(['closed/a', 'none'])).toEqual([]);
    await grouped.log('a_trainer', [{ step: 1, metrics: { reward: 1 } }]);
    await grouped.log('a_explorer', [{ step: 1, metrics: { accuracy: 1 } }]);
    const read = (runs: Parameters<typeof grouped.reader.metrics>[0]['runs']) =>
      grouped.reader.metrics({ runs, metrics: ['*'] }, OPEN);
    for (const runs of [['open/a'], { ids: ['a'], where: [] }]) {
      const { series } = await read(runs);
      expect(series.map(({ run, metric }) => `${run} ${metric}`)).toEqual(['a_explorer accuracy', 'a_trainer reward']);
    }
    expect((await read(['a_trainer', 'none'])).missing).toEqual({ runs: ['none'] });
    await expect(read(['closed/a'])).rejects.toMatchObject({ code: 'run_not_found' });
    await expect(grouped.reader.run('a', OPEN)).rejects.toMatchObject({ code: 'run_not_found' });
    await grouped.close();
  });

  it('are chosen by nested config, tags, resources and last values', async () => {
    const where = (column: string, op: 'eq' | 'gt' | 'contains' | 'matches', value: unknown) =>
      ids({ where: [{ column, op, value }] });
    expect(await where('config.algo.name', 'eq', 'grpo')).toEqual(['old']);
    expect(await where('config.algo.a.b', 'eq', '1')).toEqual(['old']);
    expect(await where('config.lr', 'gt', 1)).toEqual(['new', 'mid']);
    expect(await where('config.lr', 'eq', '1e-1')).toEqual(['old']);
    expect(await where('config.lr', 'eq', '')).toEqual([]);
    expect(await where('tag', 'eq', 'y')).toEqual(['old']);
    expect(await where('resources.host', 'contains', 'H2')).toEqual(['mid']);
    expect(await where('summary.acc', 'gt', 0.6)).toEqual(['new']);
    expect(await where('id', 'matches', '^(old|mid)$')).toEqual(['mid', 'old']);
  });

  it('are ordered with what has no number last, either way', async () => {
    const by = (column: string, direction: 'asc' | 'desc') => ids({ orderBy: [{ column, direction }] });
    expect(await by('summary.acc', 'asc')).toEqual(['old', 'new', 'mid']);
    expect(await by('summary.acc', 'desc')).toEqual(['new', 'old', 'mid']);
    expect(await by('config.lr', 'asc')).toEqual(['old', 'mid', 'new']);
  });

  it('go on behind a cursor though newer ones came meanwhile', async () => {
    const first = await store.reader.runs({ limit: 2 }, OPEN);
    await store.writer.putRun('newest', { project: 'open', startedAt: 9_000 }, FULL_ACCESS);
    const second = await store.reader.runs({ limit: 2, cursor: first.nextCursor ?? '' }, OPEN);
    expect(second.runs.map(({ id }) => id)).toEqual(['old']);
    expect(second.nextCursor).toBeUndefined();
    await store.writer.deleteRun('newest', FULL_ACCESS);
    await expect(store.reader.runs({ cursor: 'AAAA' }, OPEN)).rejects.toMatchObject({ code: 'invalid_cursor' });
  });

  it('are compared and ordered whatever the config has, and whatever is asked', async () => {
    await store.writer.putRun('text', { project: 'open', config: { lr: { toString: 1, valueOf: [] } } }, FULL_ACCESS);
    for (const value of [{ toString: 1 }, [{ valueOf: 1 }], null, true, '', 'NaN', [[1]], { __proto__: null }]) {
      for (const op of ['eq', 'ne', 'lt', 'le', 'gt', 'ge'] as const) {
        expect(await ids({ where: [{ column: 'config.lr', op, value }] })).toBeInstanceOf(Array);
        expect(await ids({ where: [{ column: 'summary.acc', op, value }] })).toBeInstanceOf(Array);
      }
      expect(await ids({ where: [{ column: 'config.lr', op: 'in', value: [value] }] })).toBeInstanceOf(Array);
    }
    expect(await ids({ orderBy: [{ column: 'config.lr', direction: 'desc' }] })).toHaveLength(4);
    await store.writer.deleteRun('text', FULL_ACCESS);
  });

  it('go on behind a cursor that is short, whatever their ids are', async () => {
    const longIds = ['🙂'.repeat(256), '\u0000'.repeat(256)];
    for (const id of longIds) {
      await store.writer.putRun(id, { project: 'open', startedAt: 8_000 }, FULL_ACCESS);
    }
    const { nextCursor = '' } = await store.reader.runs({ limit: 1 }, OPEN);
    expect(nextCursor.length).toBeLessThan(100);
    const second = await store.reader.runs({ limit: 1, cursor: nextCursor }, OPEN);
    expect(longIds).toContain(second.runs[0]?.id);
    for (const id of longIds) {
      await store.writer.deleteRun(id, FULL_ACCESS);
    }
  });

  it('refuse what no run has and what an operator cannot take', async () => {
    const ask = (column: string, op: 'eq' | 'in' | 'matches', value: unknown) =>
      ids({ where: [{ column, op, value }] });
    await expect(ask('nmae', 'eq', 1)).rejects.toMatchObject({ code: 'unknown_column' });
    await expect(ask('name', 'in', 'x')).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(ask('name', 'matches', '(')).rejects.toMatchObject({ code: 'invalid_pattern' });
  });
});

describe('keys and values', () => {
  it('count the runs that have them, archived ones left out', async () => {
    const { keys } = await store.reader.keys({ q: 'config.' }, OPEN);
    expect(keys).toContainEqual({ key: 'config.lr', runs: 3 });
    expect(keys).toContainEqual({ key: 'config.algo.name', runs: 2 });
    const { values } = await store.reader.values({ key: 'config.lr' }, OPEN);
    expect(values.map(({ value }) => value)).toEqual([0.1, 2, 10]);
    expect((await store.reader.values({ key: 'tag' }, OPEN)).values).toContainEqual({ value: 'x', runs: 1 });
    expect((await store.reader.projects(OPEN)).projects.map(({ name }) => name)).toEqual(['open']);
  });

  it('are those that were logged, not what objects have by themselves', async () => {
    for (const key of ['hasOwnProperty', 'constructor', 'resources.toString', 'nmae']) {
      expect(await store.reader.values({ key }, OPEN), key).toEqual({ values: [] });
    }
    const config = { odd: { toString: 1, valueOf: 2 } };
    await store.writer.putRun('odd', { project: 'open', config }, FULL_ACCESS);
    const { values } = await store.reader.values({ key: 'config.odd', q: 'STRING' }, OPEN);
    expect(values).toEqual([{ value: config.odd, runs: 1 }]);
  });
});
