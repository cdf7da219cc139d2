import type { Condition, Filter } from '@rolloscope/contract/types';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FULL_ACCESS } from '../Access';
import type { ReadOptions } from '../engine/ReadOptions';
import { type OpenStore, openStore } from '../testing/openStore';

const LONG = 40_000;
let store: OpenStore;
beforeAll(async () => {
  store = await openStore();
  const put = (id: string, body: object) => store.writer.putRun(id, { project: 'p', ...body }, FULL_ACCESS);
  await put('a', { tags: ['one', 'two'], config: { n: 1, text: 'The first', deep: { x: 'y' } } });
  await put('b', { tags: ['two'], config: { n: '1e0', text: 'the second' } });
  await put('c', { config: { n: 20, text: `${'x'.repeat(LONG)}needle${'x'.repeat(LONG)}` } });
  await put('d', { archived: true, config: { n: '20', text: '' } });
});
afterAll(() => store.close());

const ids = async (where: Filter, options: ReadOptions = {}) =>
  (
    await store.reader.runs({ where, orderBy: [{ column: 'id', direction: 'asc' }] }, { ...FULL_ACCESS, ...options })
  ).runs
    .map(({ id }) => id)
    .join('');
const one = (column: string, op: Condition['op'], value?: unknown) => ({
  column,
  op,
  ...(value !== undefined && { value }),
});

it.each<[string, Filter]>([
  ['abc', []],
  ['d', [one('archived', 'eq', true)]],
  ['ab', [one('config.n', 'eq', 1)]],
  ['a', [one('config.n', 'in', ['1', 7, null])]],
  ['a', [one('config.n', 'in', [1, '7']), one('config.deep', 'isNull', false)]],
  ['c', [one('config.n', 'in', ['2e1'])]],
  ['c', [one('config.n', 'gt', '3')]],
  ['bc', [one('tag', 'ne', 'one')]],
  ['ab', [one('config.text', 'contains', 'THE ')]],
  ['c', [one('config.text', 'contains', 'xneedlex')]],
  ['', [one('config.text', 'contains', 'xneedley')]],
  ['ab', [one('config.text', 'matches', '^(?i)the (first|second)$')]],
  ['c', [one('config.text', 'matches', 'x{50}nee.le')]],
  [
    'ac',
    [{ anyOf: [one('config.text', 'matches', 'x{50}nee.le'), one('tag', 'matches', '^on'), one('id', 'eq', 'z')] }],
  ],
  ['ac', [{ anyOf: [one('config.text', 'matches', '^x'), one('id', 'eq', 'a')] }, one('config.n', 'matches', '\\d')]],
  ['b', [one('tag', 'matches', 'tw'), one('tag', 'ne', 'one'), one('config.n', 'matches', 'e0')]],
  ['', [one('config.nowhere', 'matches', '')]],
  ['a', [one('config.deep', 'matches', '"x":"y"')]],
])('finds %j by %j', async (found, where) => {
  expect(await ids(where)).toBe(found);
});

it('asks every pattern of every text, however many there are', async () => {
  const patterns = Array.from({ length: 400 }, (_, i) => one('config.text', 'matches', i % 2 ? 'h.' : `he|${i}`));
  expect(await ids([one('config.text', 'contains', 'the'), ...patterns])).toBe('ab');
  expect(await ids([{ anyOf: patterns }])).toBe('ab');
});

it('looks for texts and orders them by their characters, as rows are', async () => {
  const texts = { s: 'wiſe', t: '😀', u: '\uff5e', v: 'GRÜẞE' };
  for (const [id, text] of Object.entries(texts)) {
    await store.writer.putRun(id, { project: 'q', name: text, config: { text } }, FULL_ACCESS);
  }
  const inProject = one('project', 'eq', 'q');
  expect(await ids([inProject, one('config.text', 'contains', 'WISE')])).toBe('s');
  expect(await ids([inProject, one('config.text', 'contains', 'grüße')])).toBe('v');
  // Beyond the first 65,536 characters, though its first unit of UTF-16 is the lower one.
  expect(await ids([inProject, one('config.text', 'gt', '\uff5e')])).toBe('t');
  const orderBy = [{ column: 'config.text', direction: 'asc' as const }];
  const { runs } = await store.reader.runs({ where: [inProject], orderBy, q: '' }, FULL_ACCESS);
  expect(runs.map(({ id }) => id).join('')).toBe('vsut');
  expect((await store.reader.runs({ where: [inProject], q: 'WISE' }, FULL_ACCESS)).runs).toHaveLength(1);
  const { values } = await store.reader.values({ key: 'config.text', q: 'WISE' }, FULL_ACCESS);
  expect(values.map(({ value }) => value)).toEqual(['wiſe']);
});

it('ends when the time of the request is over, also within a thread, and when nobody waits', async () => {
  const slow: Filter = [one('config.text', 'matches', '(x{0,30}){0,30}y')];
  const asked = (time: { left: number }, signal = new AbortController().signal) => ids(slow, { signal, time });
  await expect(asked({ left: 1 })).rejects.toMatchObject({ code: 'query_too_slow' });
  const gone = new AbortController();
  const waiting = asked({ left: 30_000 }, gone.signal);
  gone.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});
