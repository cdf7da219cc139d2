import type { LabelPut, RowsAnswer } from '@rolloscope/contract/types';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError, StoreUnderTest } from '../conformance/StoreUnderTest';
import { type OurStore, startOurs } from '../conformance/startOurs';

let ours: OurStore;
let writer: StoreUnderTest;
let reader: StoreUnderTest;
let labeller: StoreUnderTest;

beforeAll(async () => {
  ours = await startOurs(
    {
      trainer: { scopes: ['read', 'write'], projects: ['*'] },
      reader: { scopes: ['read'], projects: ['*'] },
      labeller: { scopes: ['label'], projects: ['*'] },
      other: { scopes: ['label'], projects: ['q'] },
    },
    { verdicts: ['good', 'bad', 'hack'] },
  );
  [writer, reader, labeller] = ['trainer', 'reader', 'labeller'].map(
    (token) => new StoreUnderTest(ours.url, token),
  ) as [StoreUnderTest, StoreUnderTest, StoreUnderTest];
});

afterAll(() => ours.stop());

const rollouts = (...answers: string[]) => ({
  entries: [
    {
      step: 1,
      tables: { t: { columns: ['prompt', 'response', 'reward'], rows: answers.map((one, i) => ['2+2?', one, i]) } },
    },
  ],
});

/** A run of its own with a table of rollouts. */
async function run(id: string, ...answers: string[]): Promise<void> {
  await writer.ask('putRun', { id, body: { project: 'p' } });
  await writer.ask('log', { id, body: rollouts(...answers) });
}

const rows = (id: string, more: object = {}) => reader.ask('queryRows', { body: { runs: [id], table: 't', ...more } });
const idOf = async (run: string, at = 0) => (await rows(run)).rowIds[at] ?? '';
const put = (id: string, body: LabelPut) => labeller.ask('putLabel', { id, body });
const column = ({ columns, rows: all }: RowsAnswer, name: string) => {
  const at = columns.findIndex((one) => one.name === name);
  return all.map((row) => row[at]);
};

describe('a label', () => {
  it('is what each person says of a rollout, with all that was said before', async () => {
    await run('said', 'four', '5');
    const id = await idOf('said');
    expect((await put(id, { person: 'ada', star: true, version: 0 })).label).toMatchObject({ star: true, version: 1 });
    await put(id, { person: 'ada', verdict: 'hack', comment: 'guessed', version: 1 });
    await put(id, { person: 'bob', verdict: 'good' });
    const answer = await reader.ask('labels', { id });
    expect(answer.labels).toMatchObject([
      { person: 'ada', proven: false, star: true, verdict: 'hack', comment: 'guessed', version: 2 },
      { person: 'bob', star: false, verdict: 'good', version: 1 },
    ]);
    expect(answer.history.map(({ person, version }) => [person, version])).toEqual([
      ['ada', 1],
      ['ada', 2],
      ['bob', 1],
    ]);
    expect(answer).toMatchObject({ verdicts: ['good', 'bad', 'hack'], rows: 1, changes: 3 });
    expect(await reader.ask('labels', { id, query: { since: answer.asOf } })).toMatchObject({ same: true, labels: [] });
    await put(id, { person: 'bob', verdict: null });
    const later = await reader.ask('labels', { id, query: { since: answer.asOf } });
    expect(later.same).toBeUndefined();
    expect(later.labels[1]).toEqual({
      person: 'bob',
      proven: false,
      star: false,
      version: 2,
      time: expect.any(Number),
    });
  });

  it('filters, sorts, counts and is exported as columns, which a table without labels has not', async () => {
    await run('columns', 'a', 'b', 'c', 'd');
    const before = await rows('columns');
    expect(before.columns.some(({ origin }) => origin === 'label')).toBe(false);
    expect((await rows('columns', { filter: [{ column: 'labelStars', op: 'ge', value: 1 }] })).total).toBe(0);
    expect((await rows('columns', { lens: 'labelled' })).total).toBe(0);
    const [a = '', b = '', c = ''] = before.rowIds;
    await put(a, { person: 'ada', star: true, verdict: 'good' });
    await put(b, { person: 'ada', verdict: 'bad', comment: 'Wrong, "quoted",\nand long. '.repeat(40) });
    await put(b, { person: 'bob', verdict: 'good', star: true });
    await put(b, { person: 'cy', star: true });
    await put(c, { person: 'ada', star: true });
    await put(c, { person: 'ada', star: false });
    const page = await rows('columns');
    expect(column(page, 'labelStars')).toEqual([1, 2, null, null]);
    expect(column(page, 'labelVerdict')).toEqual(['good', 'good', null, null]);
    expect(column(page, 'labelVerdicts')).toEqual([1, 2, null, null]);
    expect(column(page, 'labelPeople')).toEqual(['ada', 'ada, bob, cy', null, null]);
    expect(String(column(page, 'labelComment')[1])).toHaveLength(27 * 40);
    expect((await rows('columns', { preview: 10 })).cut).toContainEqual([1, expect.any(Number), 27 * 40]);
    const where = async (...filter: object[]) => (await rows('columns', { filter })).rowIds;
    expect(await where({ column: 'labelStars', op: 'ge', value: 1 })).toEqual([a, b]);
    expect(await where({ column: 'labelVerdict', op: 'eq', value: 'good' })).toEqual([a, b]);
    expect(await where({ column: 'labelVerdicts', op: 'gt', value: 1 })).toEqual([b]);
    expect(await where({ column: 'labelComment', op: 'contains', value: 'QUOTED' })).toEqual([b]);
    expect(await where({ column: 'labelComment', op: 'matches', value: 'long\\. W' })).toEqual([b]);
    expect(await where({ column: 'labelTime', op: 'isNull' })).toHaveLength(2);
    const sorted = await rows('columns', { orderBy: [{ column: 'labelStars', direction: 'desc' }] });
    expect(sorted.rowIds.slice(0, 2)).toEqual([b, a]);
    expect((await rows('columns', { lens: 'labelled' })).rowIds).toEqual([b, a]);
    expect((await rows('columns', { lens: 'disputed' })).rowIds).toEqual([b]);
    const facets = await reader.ask('queryFacets', {
      body: { runs: ['columns'], table: 't', columns: ['labelVerdict', 'labelStars'], lenses: true },
    });
    expect(facets.columns[0]).toMatchObject({ nulls: 2, values: [{ value: 'good', rows: 2 }] });
    expect(facets.columns[1]).toMatchObject({ min: 1, max: 2 });
    expect(facets.lenses).toContainEqual({ lens: 'labelled', rows: 2 });
    expect(facets.lenses).toContainEqual({ lens: 'disputed', rows: 1 });
    const grid = { runs: ['columns'], table: 't', column: 'labelStars' };
    expect((await reader.ask('queryDistribution', { body: grid })).steps?.[0]).toMatchObject({ n: 2, nulls: 2 });
    const grouped = { runs: ['columns'], table: 't', filter: [{ column: 'labelStars', op: 'ge', value: 1 }] };
    expect((await reader.ask('queryGroups', { body: grouped })).groups).toMatchObject([{ n: 2 }]);
    for (const format of ['csv', 'jsonl', 'parquet']) {
      const { path } = await reader.ask('createExport', { body: { runs: ['columns'], table: 't', format } });
      const text = await (await reader.fetch(path)).text();
      expect(text).toContain('labelVerdict');
      expect(format === 'parquet' || text.includes('ada, bob, cy'), format).toBe(true);
    }
  });

  it('is exported as it was when the export was asked for', async () => {
    await run('exported', 'a', 'b');
    const id = await idOf('exported');
    await put(id, { person: 'ada', verdict: 'good' });
    const { path } = await reader.ask('createExport', { body: { runs: ['exported'], table: 't', format: 'jsonl' } });
    await put(id, { person: 'ada', verdict: 'bad' });
    const lines = (await (await reader.fetch(path)).text()).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).labelVerdict)).toEqual(['good', null]);
  });

  it('reads as of a moment, and tells who follows rows that what they show has changed', async () => {
    await run('moments', 'a', 'b');
    const id = await idOf('moments');
    await put(id, { person: 'ada', star: true });
    const { asOf } = await rows('moments');
    expect((await rows('moments', { since: asOf })).reset).toBeUndefined();
    await put(id, { person: 'bob', star: true });
    expect(column(await rows('moments', { asOf }), 'labelStars')).toEqual([1, null]);
    expect(column(await rows('moments'), 'labelStars')).toEqual([2, null]);
    expect((await rows('moments', { since: asOf })).reset).toBe(true);
    expect((await rows('moments', { since: asOf, columns: ['prompt'] })).reset).toBeUndefined();
  });

  it('stays with the rollout when it is logged again, and goes with its run', async () => {
    await run('again', 'a', 'b');
    await put(await idOf('again'), { person: 'ada', verdict: 'good' });
    await writer.ask('log', { id: 'again', body: rollouts('b', 'a') });
    const page = await rows('again');
    expect(column(page, 'labelVerdict')).toEqual(['good', null, null, 'good']);
    const { labels, rows: alike } = await reader.ask('labels', { id: page.rowIds[3] ?? '' });
    expect([labels.length, alike]).toEqual([1, 2]);
    await writer.ask('log', { id: 'again', body: { entries: [{ ...rollouts('a').entries[0], step: 2 } as never] } });
    expect(column(await rows('again', { steps: { from: 2 } }), 'labelVerdict')).toEqual([null]);
    await writer.ask('deleteRun', { id: 'again' });
    await expectError(await reader.send('labels', { id: page.rowIds[0] ?? '' }), 'row_not_found', 'a row that is gone');
    await expectError(
      await labeller.send('putLabel', { id: page.rowIds[0] ?? '', body: { person: 'ada', star: true } }),
      'row_not_found',
      'a row that is gone',
    );
    await run('again', 'a', 'b');
    expect((await rows('again')).columns.some(({ origin }) => origin === 'label')).toBe(false);
  });

  it('is of all that was logged where nothing is a response', async () => {
    await writer.ask('putRun', { id: 'plain', body: { project: 'p' } });
    const log = (cells: unknown[][]) =>
      writer.ask('log', {
        id: 'plain',
        body: { entries: [{ step: 1, tables: { t: { columns: ["it's", 'n'], rows: cells } } }] },
      });
    await log([
      ['x'.repeat(1_000), 1],
      ['x'.repeat(1_001), 1],
    ]);
    await put(await idOf('plain'), { person: 'ada', star: true });
    await log([['x'.repeat(1_000), 1]]);
    expect(column(await rows('plain'), 'labelStars')).toEqual([1, null, 1]);
  });
});

describe('who may label', () => {
  it('is who holds a token for that, of the project, and nobody else', async () => {
    await run('gate', 'a');
    const id = await idOf('gate');
    const body = { person: 'eve', star: true };
    for (const token of ['trainer', 'reader']) {
      const refused = await new StoreUnderTest(ours.url, token).refuse('putLabel', 'not_allowed', { id, body });
      expect(refused).toContain('does not allow to label');
    }
    await new StoreUnderTest(ours.url, 'other').refuse('putLabel', 'row_not_found', { id, body });
    await new StoreUnderTest(ours.url).refuse('putLabel', 'token_missing', { id, body });
    await labeller.refuse('labels', 'not_allowed', { id });
    await labeller.refuse('putRun', 'not_allowed', { id: 'mine', body: { project: 'p' } });
    // As Grafana's proxy sends it: its own token in `Authorization`, and the one to label with beside it.
    const headers = { 'x-rolloscope-label-token': 'labeller' };
    expect((await reader.ask('putLabel', { id, body, headers })).label.person).toBe('eve');
    await reader.refuse('putLabel', 'token_wrong', { id, body, headers: { 'x-rolloscope-label-token': 'guess' } });
    await reader.refuse('putRun', 'not_allowed', { id: 'mine', body: { project: 'p' }, headers });
  });

  it('is named by Grafana where it names its users, whatever the body says', async () => {
    await run('named', 'a');
    const id = await idOf('named');
    const named = (user: string) => ({ 'x-grafana-user': Buffer.from(user).toString('latin1') });
    const { label } = await labeller.ask('putLabel', {
      id,
      body: { person: 'root', star: true },
      headers: named('zoë'),
    });
    expect(label).toMatchObject({ person: 'zoë', proven: true });
    expect(await labeller.refuse('putLabel', 'invalid_request', { id, body: { star: true } })).toContain('person');
  });

  it('may have any name, and say anything, which comes back as it was said', async () => {
    await run('hostile', 'a');
    const id = await idOf('hostile');
    const names = [
      "'; DROP TABLE labels; --",
      '<img src=x onerror=alert(1)>',
      '../../etc',
      'a, b',
      '__proto__',
      '\u202egnp',
    ];
    const comment = '=cmd|"/C calc"!A0\n\u0000\ud800<script>\u{1f600}';
    for (const person of names) {
      await put(id, { person, comment });
    }
    const { labels } = await reader.ask('labels', { id });
    expect(labels.map(({ person }) => person)).toEqual(names);
    expect(new Set(labels.map((one) => one.comment))).toEqual(new Set([comment.toWellFormed()]));
    for (const person of ['', ' ', 'a\nb', 'x'.repeat(257), 5]) {
      await labeller.refuse('putLabel', ['invalid_request', 'limit_exceeded'], { id, body: { person, star: true } });
    }
    const { path } = await reader.ask('createExport', { body: { runs: ['hostile'], table: 't', format: 'csv' } });
    expect(await (await reader.fetch(path)).text()).toContain(`"'=cmd`);
  });
});

describe('what is refused', () => {
  it('is told with what is wrong, and changes nothing', async () => {
    await run('refused', 'a');
    const id = await idOf('refused');
    const refuse = (code: Parameters<StoreUnderTest['refuse']>[1], body: unknown, at = id) =>
      labeller.refuse('putLabel', code, { id: at, body });
    expect(await refuse('invalid_request', { person: 'a', verdict: 'meh' })).toContain('"good", "bad", "hack"');
    expect(await refuse('invalid_request', { person: 'a' })).toContain('star, verdict or comment');
    expect(await refuse('limit_exceeded', { person: 'a', comment: 'x'.repeat(4_001) })).toContain('4,000');
    expect(await refuse('body_too_large', { person: 'a', comment: 'x'.repeat(10_000_000) })).toContain('labelBytes');
    await refuse('invalid_request', { person: 'a', star: 'yes' });
    await refuse('invalid_request', { person: 'a', star: true, more: 1 });
    await refuse('row_not_found', { person: 'a', star: true }, 'nothing');
    await refuse('row_not_found', { person: 'a', star: true }, id.replace(/-.*/, '-zzzz'));
    expect((await reader.ask('labels', { id })).changes).toBe(0);
    await put(id, { person: 'a', comment: '\u{1f600}'.repeat(4_000) });
  });

  it('is the second of two changes of one version, also when both come at once', async () => {
    await run('race', 'a');
    const id = await idOf('race');
    const answers = await Promise.all(
      ['good', 'bad', 'hack'].map((verdict) =>
        labeller.send('putLabel', { id, body: { person: 'ada', verdict, version: 0 } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const { labels, changes } = await reader.ask('labels', { id });
    expect(changes).toBe(1);
    expect(labels[0]?.verdict).toBe(['good', 'bad', 'hack'][answers.findIndex(({ status }) => status === 200)]);
    const again = { person: 'ada', ...(labels[0]?.verdict && { verdict: labels[0].verdict }), version: 0 };
    expect((await put(id, again)).label.version).toBe(1);
    await Promise.all(Array.from({ length: 20 }, (_, i) => put(id, { person: `p${i}`, star: true, version: 0 })));
    expect(column(await rows('race'), 'labelStars')).toEqual([20]);
  });

  it('is what goes beyond a thousand changes of one rollout', async () => {
    await run('many', 'a');
    const id = await idOf('many');
    for (let i = 0; i < 1_000; i += 500) {
      await Promise.all(Array.from({ length: 500 }, (_, k) => put(id, { person: `p${i + k}`, star: true })));
    }
    const more = await labeller.refuse('putLabel', 'limit_exceeded', { id, body: { person: 'x', star: true } });
    expect(more).toContain('labelsOfRollout');
  }, 60_000);
});
