import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Filter } from '@rolloscope/contract/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, Engine, PointsChange, RowsChange, RunRecord } from './Engine';

export const createRun = (id: string, partial: Partial<RunRecord> = {}): RunRecord => ({
  id,
  project: 'p',
  name: id,
  state: 'running',
  tags: [],
  config: {},
  createdAt: 1,
  updatedAt: 2,
  attempts: [{ n: 1, startedAt: 1, fromStep: 0 }],
  archived: false,
  ...partial,
});

export const createPoints = (run: string, steps: number[], partial: Partial<PointsChange> = {}): PointsChange => ({
  kind: 'points',
  run,
  attempt: 1,
  metrics: steps.map(() => 'loss'),
  steps,
  times: steps.map((step) => 1_000 + step),
  values: steps.map((step) => step / 2),
  ...partial,
});

/** Rows that have no numbers yet: `commitTo` reserves them. */
export type CreatedRows = Omit<RowsChange, 'firstRow'> & { firstRow?: number };

export const createRows = (run: string, texts: (string | null)[], partial: Partial<RowsChange> = {}): CreatedRows => ({
  kind: 'rows',
  run,
  attempt: 1,
  table: 't',
  entryStep: 1,
  columns: [{ name: 'text', type: 'string', origin: 'logged' }],
  steps: texts.map(() => 1),
  times: texts.map(() => 1_000),
  cells: [texts],
  ...partial,
});

/** Commits as the writer does, with numbers reserved for the rows that have none. */
export async function commitTo(engine: Engine, changes: ReadonlyArray<Change | CreatedRows>): Promise<number> {
  const numbered: Change[] = [];
  for (const change of changes) {
    numbered.push(
      change.kind === 'rows'
        ? { ...change, firstRow: change.firstRow ?? (await engine.reserveRows(change.times.length)) }
        : change,
    );
  }
  return engine.commit(numbered);
}

/** What every engine must do. `open` opens the store in a folder, and creates it where there is none. */
export function engineConformance(name: string, open: (folder: string) => Promise<Engine>): void {
  describe(`${name} as an engine`, () => {
    let folder: string;
    let engine: Engine;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rolloscope-engine-'));
      engine = await open(folder);
    });
    afterEach(async () => {
      await engine.close();
      await rm(folder, { recursive: true, force: true });
    });
    const commit = (changes: ReadonlyArray<Change | CreatedRows>) => commitTo(engine, changes);
    const reopen = async () => {
      await engine.close();
      engine = await open(folder);
    };
    const texts = async (run: string, table = 't') => {
      const query = { scopes: [{ run }], table, latest: false, position: await engine.position() };
      const page = await engine.rows(query, { columns: ['text'], orderBy: [], offset: 0, limit: 10_000 });
      return page.rows.map(([text]) => text);
    };
    const numbers = async (run: string, table = 't') => {
      const query = { scopes: [{ run }], table, latest: false, position: await engine.position() };
      return [...(await engine.rowNumbers(query, [])).rows];
    };
    const steps = async (run: string) => {
      const { series } = await engine.series({
        scopes: [{ run }],
        metrics: ['loss'],
        x: 'step',
        maxPoints: 10_000,
        reduce: 'none',
        everyAttempt: false,
        position: await engine.position(),
      });
      return series[0]?.step ?? [];
    };

    const batchesOf = async (runs: string[]) => {
      const found: string[] = [];
      await engine.batchIds(runs, (run, batchId) => found.push(`${run} ${batchId}`));
      return found;
    };

    it('keeps everything over a restart', async () => {
      const run = createRun('a', { config: { deep: { x: [1, null, 'y'] } }, tags: ['keep'] });
      await commit([
        { kind: 'run', run },
        createPoints('a', [1, 2]),
        createRows('a', ['one', null]),
        { kind: 'events', events: [{ id: 'e', run: 'a', type: 'start', time: 5, title: 'started' }] },
        { kind: 'batch', run: 'a', batchId: 'b1', time: 10, accepted: 3 },
      ]);
      const { storeId } = engine;
      const position = await engine.position();
      const last = (await numbers('a')).at(-1) ?? 0;
      await reopen();
      expect(await engine.loadRuns()).toEqual([run]);
      expect(await steps('a')).toEqual([1, 2]);
      expect(await texts('a')).toEqual(['one', null]);
      expect(await engine.events({ limit: 10 })).toMatchObject([{ id: 'e', title: 'started' }]);
      expect(await batchesOf(['a', 'nobody'])).toEqual(['a b1']);
      expect(await engine.newestBatch()).toBe(10);
      const asked = ['a', 'nobody'].flatMap((run) => ['b1', 'b2'].map((batchId) => ({ run, batchId })));
      expect(await engine.findBatches(asked)).toEqual(new Map([['a', new Map([['b1', 3]])]]));
      expect(engine.storeId).toBe(storeId);
      expect(await engine.reserveRows(1)).toBeGreaterThan(last);
      expect(await engine.position()).toBeGreaterThanOrEqual(position);
    });

    it('commits all changes or none', async () => {
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['one'])]);
      const position = await engine.position();
      const fresh = { columns: [{ name: 'other', type: 'number', origin: 'logged' }] as const, cells: [[1]] };
      const bad = createPoints('a', [3], { steps: [0.5] });
      await expect(
        commit([
          { kind: 'run', run: createRun('b') },
          createRows('a', ['two']),
          createRows('b', ['x'], { table: 'fresh', columns: [...fresh.columns], cells: fresh.cells }),
          { kind: 'delete', run: 'a' },
          bad,
        ]),
      ).rejects.toThrow();
      expect(await engine.position()).toBe(position);
      expect((await engine.loadRuns()).map(({ id }) => id)).toEqual(['a']);
      expect(await texts('a')).toEqual(['one']);
      expect(await engine.tableColumns(['b'], 'fresh')).toEqual([]);
      await commit([
        { kind: 'run', run: createRun('b') },
        createRows('b', ['x'], { table: 'fresh' }),
        createRows('a', ['three']),
      ]);
      expect([await texts('a'), await texts('b', 'fresh')]).toEqual([['one', 'three'], ['x']]);
      await reopen();
      expect([await texts('a'), await texts('b', 'fresh')]).toEqual([['one', 'three'], ['x']]);
    });

    it('gives every text back to the byte', async () => {
      const hostile = [
        '',
        '\u0000',
        'a\u0000b',
        '\ufeffbom',
        '\ufffd',
        'é\u0301',
        '👩‍👩‍👧',
        "'; DROP TABLE runs --",
        '\r\n\t',
      ];
      const long = [
        'x'.repeat(256),
        '👍'.repeat(256),
        '👍'.repeat(257),
        `${'y'.repeat(255)}👍z`,
        '\u0000'.repeat(5_000),
      ];
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', [...hostile, ...long])]);
      expect(await texts('a')).toEqual([...hostile, ...long]);
      await engine.checkpoint();
      await reopen();
      expect(await texts('a')).toEqual([...hostile, ...long]);
    });

    it('takes any name for a run, a metric, a table and a column', async () => {
      const names = ['__proto__', 'constructor', 'select "x"', 'ä/ö', '\u0000', 'Loss', 'loss', ' '];
      for (const one of names) {
        await commit([
          { kind: 'run', run: createRun(one) },
          createPoints(one, [1], { metrics: [one] }),
          createRows(one, ['x'], { table: one, columns: [{ name: one, type: 'string', origin: 'logged' }] }),
        ]);
      }
      await reopen();
      expect((await engine.loadRuns()).map(({ id }) => id)).toEqual(names);
      const latest = await engine.latestPoints();
      expect(latest.map(({ run, count, points }) => [run, count, ...points().keys()])).toEqual(
        names.map((n) => [n, 1, n]),
      );
      const columns = await Promise.all(names.map((one) => engine.tableColumns([one], one)));
      expect(columns.map((all) => all.map(({ name: column }) => column))).toEqual(names.map((one) => [one]));
    });

    it('keeps numbers as they are', async () => {
      const values = [
        0.1,
        -2.5,
        1e308,
        5e-324,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        2 ** 60,
      ];
      const many = values.map((_, i) => i);
      await commit([
        { kind: 'run', run: createRun('a') },
        createPoints('a', many, { values, metrics: many.map((i) => `m${i}`) }),
      ]);
      const latest = [...((await engine.latestPoints())[0]?.points() ?? [])].map(([metric, { value }]) => [
        metric,
        value,
      ]);
      expect(latest.map(([metric]) => metric)).toEqual(many.map((i) => `m${i}`));
      expect(latest.every(([, value], i) => Object.is(value, values[i]))).toBe(true);
    });

    it('knows the newest point of each metric: of the newest attempt, then by step, then the one that arrived last', async () => {
      const point = (metric: string, step: number | null, value: number, attempt = 1) => ({
        kind: 'points' as const,
        ...{ run: 'a', attempt, metrics: [metric], steps: [step], times: [value], values: [value] },
      });
      const points = [
        ...[point('late', 5, 1), point('late', 3, 2)],
        ...[point('again', 5, 1), point('again', 5, 2)],
        ...[point('back', 9, 1), point('back', 2, 2, 2), point('back', 3, 3, 2)],
        ...[point('older', 9, 1, 2), point('older', 20, 2, 1)],
        ...[point('host', null, 1), point('host', null, 2)],
        ...[point('mixed', 4, 1), point('mixed', null, 2)],
        ...[point('first', null, 1), point('first', -7, 2), point('first', null, 3)],
      ];
      const expected = { late: 1, again: 2, back: 3, older: 1, host: 2, mixed: 1, first: 2 };
      await commit([{ kind: 'run', run: createRun('a') }, ...points]);
      await commit([{ kind: 'run', run: createRun('b') }, createPoints('b', [2, 1])]);
      const [a, b] = await engine.latestPoints();
      expect([...(a?.points() ?? [])].map(([metric, { value }]) => [metric, value])).toEqual(Object.entries(expected));
      expect(a?.points().get('mixed')).toEqual({ attempt: 1, step: 4, time: 1, value: 1 });
      expect(a?.points().get('host')).toEqual({ attempt: 1, step: null, time: 2, value: 2 });
      expect([a?.count, b?.count, b?.points().get('loss')?.step]).toEqual([7, 1, 2]);
    });

    it('gives the newest points of a metric as they arrived, with their commits', async () => {
      await commit([{ kind: 'run', run: createRun('a') }, createPoints('a', [1, 2, 3, 4])]);
      const first = await engine.position();
      await commit([createPoints('a', [2, 3], { attempt: 2 }), createPoints('b', [9])]);
      const of = (...metrics: string[]) => metrics.map((metric) => ({ run: 'a', metric, count: 3 }));
      const newest = (await engine.newestPoints(of('loss', 'none'), await engine.position()))?.get('a');
      expect(newest?.map(({ attempt, step, position }) => [attempt, step, position - first])).toEqual([
        [1, 4, 0],
        [2, 2, 1],
        [2, 3, 1],
      ]);
      const earlier = await engine.newestPoints(of('loss'), first);
      expect(earlier?.get('a')?.map(({ step }) => step)).toEqual([2, 3, 4]);
      const none = [{ run: 'none', metric: 'loss', count: 3 }];
      expect(await engine.newestPoints(none, await engine.position())).toEqual(new Map());
      const both = [...of('loss'), { run: 'b', metric: 'loss', count: 1 }, ...none];
      const found = await engine.newestPoints(both, await engine.position(), 4);
      expect([...(found ?? [])].map(([run, points]) => [run, points.length])).toEqual([
        ['a', 3],
        ['b', 1],
      ]);
      expect(await engine.newestPoints(both, await engine.position(), 3)).toBeUndefined();
    });

    it('adds columns as they come, and keeps a column of two types apart', async () => {
      const column = (name: string, type: 'number' | 'string') => [{ name, type, origin: 'logged' as const }];
      await commit([
        { kind: 'run', run: createRun('a') },
        { kind: 'run', run: createRun('b') },
        createRows('a', ['one']),
        createRows('a', [], { columns: column('v', 'number'), cells: [[1]], steps: [1], times: [1] }),
        createRows('b', ['text'], { columns: column('v', 'string') }),
      ]);
      expect((await engine.tableColumns(['a'], 't')).map(({ name: n, type }) => [n, type])).toEqual([
        ['text', 'string'],
        ['v', 'number'],
      ]);
      expect(await engine.tableColumns(['b'], 't')).toMatchObject([{ name: 'v', type: 'string' }]);
      expect(await engine.tableColumns(['a', 'b'], 't')).toMatchObject([{ name: 'text' }, { name: 'v', type: 'json' }]);
    });

    it('stores an event once', async () => {
      const event = { id: 'e', run: 'a', type: 'x', time: 1, title: 'first' };
      await commit([
        { kind: 'run', run: createRun('a') },
        { kind: 'events', events: [event, { ...event, title: 'again' }] },
      ]);
      await commit([{ kind: 'events', events: [{ ...event, title: 'and again' }] }]);
      expect(await engine.events({ limit: 10 })).toMatchObject([{ title: 'first' }]);
    });

    it('keeps the last state of an adapter, with the commit it came with', async () => {
      const state = (run: string, key: string, value: string) => ({
        kind: 'adapterState' as const,
        run,
        key,
        value,
      });
      await commit([
        { kind: 'run', run: createRun('a') },
        { kind: 'run', run: createRun('b') },
        state('a', 'x', 'first'),
        state('a', 'x', 'second'),
        state('a', '', '\u0000'),
        state('b', 'x', 'of b'),
      ]);
      await commit([state('a', 'x', 'third')]);
      await expect(commit([state('a', 'x', 'fourth'), createPoints('a', [0.5])])).rejects.toThrow();
      await reopen();
      expect(Object.fromEntries(await engine.adapterState('a'))).toEqual({ x: 'third', '': '\u0000' });
      await commit([state('a', 'x', 'gone'), { kind: 'delete', run: 'a' }]);
      expect(await engine.adapterState('a')).toEqual(new Map());
      expect(await engine.adapterState('b')).toEqual(new Map([['x', 'of b']]));
    });

    it('deletes a run with all that it has, and what the same commit had for it before', async () => {
      await commit([
        { kind: 'run', run: createRun('a') },
        { kind: 'run', run: createRun('b') },
        createPoints('a', [1]),
        createRows('b', ['stays']),
      ]);
      const last = await engine.reserveRows(1);
      await commit([
        createPoints('a', [2]),
        createRows('a', ['x'.repeat(1_000)], { firstRow: last }),
        { kind: 'batch', run: 'a', batchId: 'b', time: 1, accepted: 1 },
        { kind: 'delete', run: 'a' },
        { kind: 'run', run: createRun('a') },
        createPoints('a', [9]),
      ]);
      expect(await steps('a')).toEqual([9]);
      expect(await texts('a')).toEqual([]);
      expect(await texts('b')).toEqual(['stays']);
      expect(await engine.findBatches([{ run: 'a', batchId: 'b' }])).toEqual(new Map());
      expect(await batchesOf(['a'])).toEqual([]);
      const position = await engine.position();
      await commit([{ kind: 'delete', run: 'a' }]);
      await reopen();
      expect((await engine.loadRuns()).map(({ id }) => id)).toEqual(['b']);
      // No row and no position is given out twice, though the rows that had them are gone.
      expect(await engine.reserveRows(1)).toBeGreaterThan(last);
      expect(await engine.position()).toBeGreaterThan(position);
    });

    it('reads nothing of a run that is gone since it was chosen, resumed or not', async () => {
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['x']), createPoints('a', [1])]);
      const effective = { spans: [{ attempt: 1, from: null, to: null }], sharedSteps: [1] };
      for (const scopes of [
        [{ run: 'gone', effective }],
        [
          { run: 'a', effective },
          { run: 'gone', effective },
        ],
      ]) {
        const isThere = scopes.length - 1;
        const query = { scopes, table: 't', latest: true, position: await engine.position() };
        expect(await engine.countRows(query)).toBe(isThere);
        expect(await engine.tableSummaries(scopes)).toHaveLength(isThere);
        expect(await engine.metricSummaries(scopes, ['loss'])).toHaveLength(isThere);
        const series = {
          scopes,
          metrics: ['loss'],
          x: 'step',
          reduce: 'none',
          maxPoints: 9,
          everyAttempt: false,
        } as const;
        expect(
          (await engine.series({ ...series, metrics: ['loss'], position: await engine.position() })).series,
        ).toHaveLength(isThere);
      }
    });

    it('moves rows to a later attempt', async () => {
      const first = await engine.reserveRows(4);
      await commit([
        { kind: 'run', run: createRun('a') },
        createRows('a', ['old'], { firstRow: first, entryStep: 5 }),
        createRows('a', ['early'], { firstRow: first + 1, entryStep: 4 }),
        createRows('a', ['late'], { firstRow: first + 2, entryStep: 6 }),
        createRows('a', ['moved'], { firstRow: first + 3, entryStep: 5 }),
        { kind: 'adopt', run: 'a', table: 't', attempt: 2, fromRow: first + 1, step: 5 },
      ]);
      expect(await engine.reached()).toEqual(
        expect.arrayContaining([
          { run: 'a', attempt: 1, step: 6, aboveZero: 4, time: 1_000 },
          { run: 'a', attempt: 2, step: 5, aboveZero: 5, time: 1_000 },
        ]),
      );
      const scopes = [{ run: 'a', effective: { spans: [{ attempt: 2, from: null, to: null }], sharedSteps: [] } }];
      const query = { scopes, table: 't', latest: false, position: await engine.position() };
      expect(await engine.countRows(query)).toBe(1);
    });

    it('calls a run as the asker does: in answers, conditions and orders', async () => {
      const name = "it's \0 «a»";
      await commit([
        { kind: 'run', run: createRun('z~1') },
        { kind: 'run', run: createRun('n') },
        createPoints('z~1', [1]),
        createPoints('n', [1]),
        createRows('z~1', ['of z']),
        createRows('n', ['of n']),
      ]);
      const scopes = [{ run: 'z~1', as: name }, { run: 'n' }];
      const query = { scopes, table: 't', latest: false, position: await engine.position() };
      const rows = async (filter: Filter, direction: 'asc' | 'desc' = 'asc') => {
        const orderBy = [{ column: 'run', direction }];
        const page = { columns: ['run', 'text'], orderBy, offset: 0, limit: 10 };
        return (await engine.rows({ ...query, filter }, page)).rows;
      };
      const [ofZ, ofN] = [
        [name, 'of z'],
        ['n', 'of n'],
      ];
      expect(await rows([])).toEqual([ofZ, ofN]);
      expect(await rows([], 'desc')).toEqual([ofN, ofZ]);
      expect(await rows([{ column: 'run', op: 'eq', value: name }])).toEqual([ofZ]);
      expect(await rows([{ column: 'run', op: 'matches', value: '^it' }])).toEqual([ofZ]);
      expect(await rows([{ column: 'run', op: 'contains', value: '~' }])).toEqual([]);
      const { columns } = await engine.facets(query, { columns: ['run'], values: 10, like: 'IT', lenses: [] });
      expect(columns[0]?.values).toEqual([{ value: name, rows: 1 }]);
      const { rows: numbers } = await engine.rowNumbers(query, [{ column: 'run', direction: 'asc' }]);
      expect((await engine.rowsByNumber('t', scopes, numbers, ['run'])).rows).toEqual([[name], ['n']]);
      const asked = { scopes, metrics: ['loss'], x: 'step' as const, maxPoints: 10, everyAttempt: false };
      const { series } = await engine.series({ ...asked, reduce: 'none', position: await engine.position() });
      expect(series.map(({ run }) => run).sort()).toEqual([name, 'n'].sort());
    });

    it('moves rows of many runs at once, those of the same commit too, and not those that came after', async () => {
      await commit([
        { kind: 'run', run: createRun('a') },
        { kind: 'run', run: createRun('b') },
        createRows('a', ['stays', 'stays too'], { entryStep: 4 }),
        createRows('b', ['b stays', 'b moves'], { entryStep: 5 }),
        createRows('a', ['moves'], { entryStep: 5 }),
      ]);
      const first = await engine.reserveRows(6);
      const adopt = { kind: 'adopt' as const, table: 't', step: 5 };
      await commit([
        createRows('a', ['new stays', 'new moves'], { firstRow: first, entryStep: 5 }),
        createRows('a', ['lower step'], { firstRow: first + 2, entryStep: 4 }),
        createRows('a', ['higher step'], { firstRow: first + 3, entryStep: 6 }),
        { ...adopt, run: 'a', attempt: 2, fromRow: first - 1 },
        { ...adopt, run: 'b', attempt: 2, fromRow: first - 2 },
        createRows('a', ['of 2'], { firstRow: first + 4, attempt: 2, entryStep: 5 }),
        { ...adopt, run: 'a', attempt: 3, fromRow: first + 1 },
        createRows('a', ['of 3'], { firstRow: first + 5, attempt: 3, entryStep: 5 }),
      ]);
      const from = async (run: string, attempt: number) => {
        const scopes = [{ run, effective: { spans: [{ attempt, from: null, to: null }], sharedSteps: [] } }];
        const query = { scopes, table: 't', latest: false, position: await engine.position() };
        const page = await engine.rows(query, { columns: ['text'], orderBy: [], offset: 0, limit: 100 });
        return page.rows.map(([text]) => text);
      };
      const of = async (run: string, attempt: number) => {
        const later = await from(run, attempt + 1);
        return (await from(run, attempt)).filter((text) => !later.includes(text));
      };
      expect([await of('a', 1), await of('a', 2), await of('a', 3)]).toEqual([
        ['stays', 'stays too', 'lower step', 'higher step'],
        ['moves', 'new stays'],
        ['new moves', 'of 2', 'of 3'],
      ]);
      expect([await of('b', 1), await of('b', 2)]).toEqual([['b stays'], ['b moves']]);
    });

    it('reads go on while commits make tables, columns and runs: none asks for what is not there yet', async () => {
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['x'])]);
      const readAll = async () => {
        const columns = (await engine.tableColumns(['a'], 't')).map(({ name }) => name);
        const query = { scopes: [{ run: 'a' }], table: 't', latest: false, position: await engine.position() };
        const filter = columns.map((column) => ({ column, op: 'isNull' as const, value: false }));
        await Promise.all([
          engine.rows(query, { columns, orderBy: [], offset: 0, limit: 10 }),
          engine.countRows({ ...query, filter }),
          engine.tableSummaries([{ run: 'a' }]),
          engine.bytesOfRuns(),
          engine.reached(),
          engine.rowById(1e9),
        ]);
      };
      for (let i = 0; i < 12; i++) {
        const columns = [`c${i}`, `d${i}`].map((name) => ({ name, type: 'string', origin: 'logged' }) as const);
        let isDone = false;
        const committed = commit([
          { kind: 'run', run: createRun(`b${i}`) },
          { kind: 'delete', run: `b${i - 1}` },
          createRows('a', [], { columns, cells: [['y'], [null]], steps: [1], times: [1] }),
          createRows(`b${i}`, ['z'], { table: `t${i}` }),
        ]).finally(() => {
          isDone = true;
        });
        while (!isDone) {
          await readAll();
        }
        await committed;
      }
      expect((await engine.tableColumns(['a'], 't')).map(({ name }) => name)).toHaveLength(25);
      expect([await texts('b11', 't11'), await texts('b10', 't10')]).toEqual([['z'], []]);
    });

    it('reads at an earlier moment', async () => {
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['one'])]);
      const position = await engine.position();
      await commit([createRows('a', ['two'])]);
      const query = { scopes: [{ run: 'a' }], table: 't', latest: false };
      expect(await engine.countRows({ ...query, position })).toBe(1);
      expect(await engine.countRows({ ...query, position: await engine.position(), since: position })).toBe(1);
    });

    it('backs up while writes go on, into a folder that opens as a store', async () => {
      const backup = await mkdtemp(join(tmpdir(), 'rolloscope-backup-'));
      const many = Array.from({ length: 2_000 }, (_, i) => `${i} ${'x'.repeat(500)}`);
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', many)]);
      const done = engine.backup(backup);
      for (let step = 1; step <= 5; step++) {
        await commit([createPoints('a', [step])]);
      }
      await done;
      const copy = await open(backup);
      try {
        expect(copy.storeId).toBe(engine.storeId);
        expect(
          await copy.countRows({ scopes: [{ run: 'a' }], table: 't', latest: false, position: await copy.position() }),
        ).toBe(many.length);
        await commitTo(copy, [createPoints('a', [100])]);
      } finally {
        await copy.close();
      }
      await expect(engine.backup(backup)).rejects.toThrow(/already/);
      await rm(backup, { recursive: true });
      expect(await steps('a')).toEqual([1, 2, 3, 4, 5]);
    });

    it('tells which of some points a run has, whatever else it has at their times', async () => {
      await commit([
        { kind: 'run', run: createRun('a') },
        createPoints('a', [1, 2, 3, 4], {
          times: [5, 5, 6, 7],
          values: [0.1, 1e-300, Number.NaN, Number.POSITIVE_INFINITY],
        }),
      ]);
      const asked = [
        [5, 0.1],
        [5, 1e-300],
        [5, 0.2],
        [6, Number.NaN],
        [7, Number.POSITIVE_INFINITY],
        [8, 0.1],
      ].map(([time = 0, value = 0]) => ({ metric: 'loss', time, value }));
      const others = [{ metric: 'other', time: 5, value: 0.1 }, ...asked];
      expect([...(await engine.knownPoints('a', others))].sort()).toEqual([1, 2, 4, 5]);
      expect(await engine.knownPoints('nobody', asked)).toEqual(new Set());
      expect(await engine.knownPoints('a', [])).toEqual(new Set());
      expect(await engine.metricRoom(['x', 'loss'])).toEqual({ names: 1, known: new Set(['loss']) });
    });

    it('counts the columns of all runs', async () => {
      const before = await engine.columnCount();
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['x'])]);
      const each = (await engine.columnCount()) - before;
      expect(each).toBeGreaterThan(0);
      await commit([{ kind: 'run', run: createRun('b') }, createRows('b', ['x'])]);
      expect(await engine.columnCount()).toBe(before + 2 * each);
      await reopen();
      expect(await engine.columnCount()).toBe(before + 2 * each);
      await commit([{ kind: 'delete', run: 'a' }]);
      expect(await engine.columnCount()).toBe(before + each);
    });

    it('gives disk back after a delete', async () => {
      const noise = () => Array.from({ length: 40 }, () => Math.random().toString(36)).join('');
      const many = Array.from({ length: 40_000 }, noise);
      await commit([{ kind: 'run', run: createRun('a') }, createRows('a', many)]);
      await commit([{ kind: 'run', run: createRun('b') }, createRows('b', ['stays'])]);
      await engine.checkpoint();
      const full = (await engine.size()).bytes;
      expect(await engine.reclaim()).toBe(false);
      await commit([{ kind: 'delete', run: 'a' }]);
      await engine.checkpoint();
      const reading = texts('b');
      expect(await engine.reclaim()).toBe(true);
      expect((await engine.size()).bytes).toBeLessThan(full / 2);
      expect(await reading).toEqual(['stays']);
      await commit([createRows('b', ['more'])]);
      await reopen();
      expect(await texts('b')).toEqual(['stays', 'more']);
    });
  });
}
