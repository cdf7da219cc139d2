import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../../tests/servers/postgres';
import { createPoints, createRows, createRun } from '../../conformance/changes';
import type { Change, RowsChange } from '../../Engine';
import { sortChanges } from '../../sortChanges';
import { PostgresCatalogue } from './PostgresCatalogue';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());

/** Signs of life come too seldom for a test to see one: a session ends where `expire` says so. */
const TIMES = { lease: 600_000, patience: 300 };

let url: string;
let databases = 0;
const opened: PostgresCatalogue[] = [];
const open = async () => {
  const catalogue = await PostgresCatalogue.open(url, TIMES);
  opened.push(catalogue);
  return catalogue;
};
beforeEach(async () => {
  url = await server.createDatabase(`d${++databases}`);
});
afterEach(async () => {
  for (const one of opened.splice(0)) {
    await one.close();
  }
});

async function sql(text: string, to = url): Promise<unknown[]> {
  const client = new Client(to);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
const expire = () => sql("UPDATE rolloscope.sessions SET until = now() - interval '1 s'");

const rows = (run: string, firstRow: number, partial: Partial<RowsChange> = {}): RowsChange => ({
  ...createRows(run, ['x']),
  ...partial,
  firstRow,
});
async function commit(catalogue: PostgresCatalogue, changes: Change[]) {
  const sorted = sortChanges(changes);
  const one = await catalogue.open(sorted);
  await catalogue.publish(one, sorted);
  return one;
}
const batch = (run: string, batchId: string, time = 1): Change => ({ kind: 'batch', run, batchId, time, accepted: 1 });

describe('a commit', () => {
  it('is seen from its publication on, whole, and by who comes later', async () => {
    const catalogue = await open();
    const sorted = sortChanges([{ kind: 'run', run: createRun('a') }, createPoints('a', [1]), batch('a', 'b')]);
    const first = await catalogue.open(sorted);
    expect([first.position, [...first.freshRuns]]).toEqual([1, ['a']]);
    expect([(await catalogue.moment()).position, await catalogue.loadRuns()]).toEqual([0, []]);
    expect(await catalogue.runKeys(['a'])).toEqual(new Map());
    await catalogue.publish(first, sorted);
    expect(await catalogue.moment()).toEqual({ position: 1, dead: [] });
    expect(await catalogue.runKeys(['a', 'b'])).toEqual(first.keys.runs);
    const { storeId } = catalogue;
    await catalogue.close();
    const again = await open();
    expect([again.storeId, again.openedAt, await again.newestBatch()]).toEqual([storeId, 1, 1]);
    expect(again.opening).not.toBe(catalogue.opening);
    expect((await again.loadRuns()).map(({ id }) => id)).toEqual(['a']);
    expect([await again.reserveRows(3), await again.reserveRows(1)]).toEqual([1, 4]);
    expect(Number.isInteger(await again.bytes()) && (await again.bytes()) > 0).toBe(true);
  });

  it('is dead where it is abandoned, or forgotten', async () => {
    const catalogue = await open();
    const sorted = sortChanges([{ kind: 'run', run: createRun('a') }]);
    await catalogue.abandon(await catalogue.open(sorted));
    const forgotten = await catalogue.open(sorted);
    const next = await catalogue.open(sorted);
    await expect(catalogue.publish(forgotten, sorted)).rejects.toMatchObject({ code: 'unavailable' });
    await catalogue.abandon(next);
    expect(await catalogue.moment()).toEqual({
      position: 3,
      dead: [1, 2, 3].map((position) => ({ from: position, to: position })),
    });
    expect(await catalogue.loadRuns()).toEqual([]);
  });

  it('that cannot be kept leaves nothing', async () => {
    const catalogue = await open();
    const sorted = sortChanges([{ kind: 'run', run: createRun('a') }, batch('a', 'b'), createPoints('a', [0.5])]);
    const one = await catalogue.open(sorted);
    await expect(catalogue.publish(one, sorted)).rejects.toThrow(/integer|bigint/);
    await catalogue.abandon(one);
    expect([await catalogue.loadRuns(), (await catalogue.findBatches([{ run: 'a', batchId: 'b' }])).size]).toEqual([
      [],
      0,
    ]);
    await commit(catalogue, [{ kind: 'run', run: createRun('a') }]);
    expect(await catalogue.loadRuns()).toEqual([createRun('a')]);
  });

  it('tells the newest points and how far attempts came', async () => {
    const catalogue = await open();
    await commit(catalogue, [
      { kind: 'run', run: createRun('a') },
      createPoints('a', [5, 3], { metrics: ['late', 'first'], values: [Number.NaN, Number.NEGATIVE_INFINITY] }),
      createPoints('a', [0], { metrics: ['late'], values: [7] }),
      rows('a', 1, { entryStep: 9, times: [5_000] }),
    ]);
    const points = async () => Object.fromEntries((await catalogue.latestPoints())[0]?.points() ?? []);
    expect(await points()).toEqual({
      late: { attempt: 1, step: 5, time: 1_005, value: Number.NaN },
      first: { attempt: 1, step: 3, time: 1_003, value: Number.NEGATIVE_INFINITY },
    });
    expect(await catalogue.reached()).toEqual([{ run: 'a', attempt: 1, step: 9, aboveZero: 3, time: 5_000 }]);
    await commit(catalogue, [
      createPoints('a', [4], { metrics: ['late'] }),
      createPoints('a', [2], { metrics: ['first'], attempt: 2 }),
    ]);
    expect(await points()).toMatchObject({ late: { step: 5 }, first: { attempt: 2, step: 2 } });
    expect(Object.keys(await points())).toEqual(['late', 'first']);
  });

  it('keeps any text to the character', async () => {
    const catalogue = await open();
    const odd = '\0 \u0001 \u00010 \'«\0»"\\{,}';
    const label = { person: odd, proven: true, star: false, verdict: odd, comment: odd, version: 1, time: 1 };
    const rollout = { run: odd, table: odd, key: odd };
    const event = { id: odd, run: odd, type: odd, time: 1, title: odd, values: { metric: odd, kind: 3 } };
    await commit(catalogue, [
      { kind: 'run', run: createRun(odd, { notes: odd }) },
      createPoints(odd, [1], { metrics: [odd] }),
      rows(odd, 1, { table: odd, columns: [{ name: odd, type: 'string', origin: 'logged', role: 'prompt' }] }),
      { kind: 'events', events: [event] },
      batch(odd, odd),
      { kind: 'adapterState', run: odd, key: odd, value: odd },
      { kind: 'label', rollout, label },
    ]);
    await catalogue.close();
    const again = await open();
    expect(await again.loadRuns()).toEqual([createRun(odd, { notes: odd })]);
    expect([...((await again.latestPoints())[0]?.points().keys() ?? [])]).toEqual([odd]);
    expect(await again.columnsOf([odd])).toEqual(
      new Map([[odd, new Map([[odd, [{ name: odd, type: 'string', origin: 'logged', role: 'prompt' }]]])]]),
    );
    expect(await again.events({ limit: 9, types: [odd], runs: [odd], from: 1, to: 1 })).toEqual([event]);
    expect(await again.eventMarks({ limit: 9, types: [odd], runs: [odd] })).toEqual([
      { ...event, values: { metric: odd } },
    ]);
    expect(await again.findBatches([{ run: odd, batchId: odd }])).toEqual(new Map([[odd, new Map([[odd, 1]])]]));
    expect(await again.adapterState(odd)).toEqual(new Map([[odd, odd]]));
    expect(await again.labelsOf(rollout)).toEqual([label]);
  });
});

describe('a delete', () => {
  it('hides at once, and lists what is to be removed behind', async () => {
    const catalogue = await open();
    const before = await commit(catalogue, [
      { kind: 'run', run: createRun('a') },
      createPoints('a', [1]),
      rows('a', 1),
      batch('a', 'b'),
      { kind: 'adopt', run: 'a', table: 't', attempt: 2, fromRow: 0, step: 1 },
    ]);
    expect(await catalogue.adoptions(['a'])).toHaveLength(1);
    expect([await catalogue.columnCount(), (await catalogue.tableRoom('a', 't')).tablesOfRun]).toEqual([1, 1]);
    const after = await commit(catalogue, [
      { kind: 'delete', run: 'a' },
      createPoints('a', [9], { metrics: ['other'] }),
    ]);
    const key = before.keys.runs.get('a') ?? 0;
    expect(after.keys.runs.get('a')).toBeGreaterThan(key);
    expect(await catalogue.runIds([key])).toEqual(new Map());
    expect([await catalogue.loadRuns(), await catalogue.adoptions(['a']), await catalogue.columnCount()]).toEqual([
      [],
      [],
      0,
    ]);
    expect((await catalogue.latestPoints()).map((one) => [...one.points().keys()])).toEqual([['other']]);
    expect(await catalogue.removals()).toEqual([{ key, position: after.position }]);
    await catalogue.removed([key]);
    expect(await catalogue.removals()).toEqual([]);
  });
});

describe('labels', () => {
  it('are told as they were at a moment', async () => {
    const catalogue = await open();
    const rollout = { run: 'a', table: 't', key: '1 x' };
    const said = { person: 'ann', proven: true, star: true, verdict: null, comment: null, version: 1, time: 5 };
    const first = await commit(catalogue, [
      { kind: 'run', run: createRun('a') },
      { kind: 'label', rollout, label: said },
    ]);
    const other = { ...said, person: 'bob' };
    await commit(catalogue, [{ kind: 'label', rollout, label: other }]);
    const last = await commit(catalogue, [{ kind: 'label', rollout, label: { ...said, star: false, version: 2 } }]);
    const at = async ({ position }: { position: number }) => catalogue.labelled(['a', 'none'], 't', position);
    expect(await at(first)).toEqual([{ run: 'a', key: '1 x', labels: [said] }]);
    expect(await at(last)).toEqual([{ run: 'a', key: '1 x', labels: [other] }]);
    expect([await catalogue.labelledAt(['a'], 't'), await catalogue.labelledAt(['a'], 'u')]).toEqual([
      last.position,
      0,
    ]);
    expect([await catalogue.labelCount('a'), await catalogue.labelCount('none')]).toEqual([3, 0]);
  });
});

describe('positions and rows that ClickHouse is ahead with', () => {
  it('are never given out', async () => {
    const catalogue = await open();
    await commit(catalogue, [{ kind: 'run', run: createRun('a') }]);
    await catalogue.skipPositions(1_000_000);
    await catalogue.skipPositions(5);
    await catalogue.skipRows(77);
    expect(await catalogue.moment()).toEqual({ position: 1_000_000, dead: [{ from: 2, to: 1_000_000 }] });
    expect([(await commit(catalogue, [])).position, await catalogue.reserveRows(1)]).toEqual([1_000_001, 78]);
  });
});

describe('another store', () => {
  it('is kept out while this one lives', async () => {
    const catalogue = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Another store'),
    });
    const coming = PostgresCatalogue.open(url, { ...TIMES, patience: 60_000 });
    await commit(catalogue, [{ kind: 'run', run: createRun('a') }]);
    await catalogue.close();
    opened.push(await coming);
    expect((await (await coming).loadRuns()).map(({ id }) => id)).toEqual(['a']);
  });

  it('takes over from a dead one, whose open commit is dead, and which can do nothing more when it wakes', async () => {
    const first = await open();
    await commit(first, [{ kind: 'run', run: createRun('a') }]);
    const sorted = sortChanges([createPoints('a', [1])]);
    const lost = await first.open(sorted);
    await expire();
    const second = await open();
    expect(await second.moment()).toEqual({ position: 2, dead: [{ from: 2, to: 2 }] });
    expect(first.trouble()).toBeUndefined();
    await expect(first.publish(lost, sorted)).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
      retryAfter: 1,
    });
    expect(first.trouble()).toContain('took over');
    await expect(first.open(sorted)).rejects.toMatchObject({ code: 'unavailable' });
    await commit(second, [createPoints('a', [7])]);
    expect((await second.latestPoints())[0]?.points().get('loss')?.step).toBe(7);
  });

  it('finds nothing open of one that wakes as it takes over', async () => {
    const first = await open();
    await commit(first, [{ kind: 'run', run: createRun('a') }]);
    await expire();
    const zombie = new Client(url);
    await zombie.connect();
    await zombie.query('BEGIN');
    await zombie.query('INSERT INTO rolloscope.commits SELECT 2, session FROM rolloscope.sessions');
    await zombie.query('UPDATE rolloscope.store SET position = 2');
    const coming = open();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await zombie.query('COMMIT');
    await zombie.end();
    expect(await (await coming).moment()).toEqual({ position: 2, dead: [{ from: 2, to: 2 }] });
    await expect(first.open(sortChanges([]))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('learns by itself that it is no longer the owner', async () => {
    const first = await PostgresCatalogue.open(url, { lease: 200, patience: 0 });
    opened.push(first);
    await sql('DELETE FROM rolloscope.sessions');
    await expect.poll(() => first.trouble()).toContain('took over');
  });

  it('may make the tables at the same moment', async () => {
    const all = await Promise.allSettled([1, 2, 3].map(open));
    expect(all.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await sql('SELECT count(*)::INTEGER AS n FROM rolloscope.migrations')).toEqual([{ n: 1 }]);
  });
});

describe('a server that is killed', () => {
  it('between the opening of a commit and its publication loses nothing: it is published when the server is back', async () => {
    const catalogue = await open();
    const sorted = sortChanges([{ kind: 'run', run: createRun('a') }, batch('a', 'b')]);
    const one = await catalogue.open(sorted);
    await server.kill9();
    await expect(catalogue.moment()).rejects.toMatchObject({ code: 'unavailable', status: 503 });
    const published = catalogue.publish(one, sorted);
    await server.restart();
    await published;
    expect(await catalogue.moment()).toEqual({ position: 1, dead: [] });
    expect((await catalogue.loadRuns()).map(({ id }) => id)).toEqual(['a']);
  });

  it('at any moment leaves each commit whole or not there, and nothing acknowledged is lost', async () => {
    const catalogue = await open();
    await commit(catalogue, [{ kind: 'run', run: createRun('a') }]);
    const acknowledged: number[] = [];
    let isOver = false;
    const writing = (async () => {
      for (let n = 1; !isOver; n++) {
        const event = { id: String(n), run: 'a', type: 'x', time: n, title: 'x' };
        const changes: Change[] = [createPoints('a', [n]), batch('a', String(n)), { kind: 'events', events: [event] }];
        await commit(catalogue, changes).then(
          () => acknowledged.push(n),
          () => new Promise((resolve) => setTimeout(resolve, 20)),
        );
      }
    })();
    for (let kills = 0; kills < 5; kills++) {
      await new Promise((resolve) => setTimeout(resolve, 60 + 37 * kills));
      await server.restart();
    }
    const so = acknowledged.length;
    await expect.poll(() => acknowledged.length).toBeGreaterThan(so);
    isOver = true;
    await writing;
    const events = (await catalogue.events({ limit: 1e6 })).map(({ id }) => id);
    const batches: string[] = [];
    await catalogue.batchIds(['a'], (_, id) => batches.push(id));
    expect(acknowledged.map(String).filter((id) => !events.includes(id))).toEqual([]);
    expect(batches.toSorted()).toEqual(events.toSorted());
    const { position, dead } = await catalogue.moment();
    // Each position is the first commit's, one's of these, or a dead one's.
    expect(position).toBe(1 + events.length + dead.length);
    expect((await catalogue.reached())[0]?.step).toBe(Math.max(...events.map(Number)));
  });
});

describe('what is wrong with a database is told', () => {
  const refusal = async (to: string) =>
    PostgresCatalogue.open(to, TIMES).then(
      () => 'opened',
      (cause: { message: string; code: string }) => `${cause.code}: ${cause.message}`,
    );

  it('where it cannot be reached or does not let in', async () => {
    const database = `d${databases}`;
    expect(await refusal('postgres://postgres@127.0.0.1:1/x')).toMatch(
      /^unavailable: PostgreSQL at 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/,
    );
    const wrong = await refusal(server.urlOf({ database, password: 'hunter2' }));
    expect(wrong).toMatch(/does not let postgres in: .*Check user and password of --postgres\.$/);
    expect(wrong).not.toContain('hunter2');
    expect(await refusal(server.urlOf({ database: 'none' }))).toMatch(
      /has no database none; make it: CREATE DATABASE "none"/,
    );
  });

  it('where its user may not make tables, or not write', async () => {
    await sql("CREATE ROLE guest LOGIN PASSWORD 'secret'");
    const guest = server.urlOf({ database: `d${databases}`, user: 'guest' });
    expect(await refusal(guest)).toMatch(/^unavailable: guest may not do all .*ALTER DATABASE "d\d+" OWNER TO "guest"/);
    await (await open()).close();
    expect(await refusal(guest)).toMatch(/^unavailable: guest may not do all/);
    await sql(`ALTER DATABASE "d${databases}" SET default_transaction_read_only = on`);
    expect(await refusal(url)).toMatch(/only lets read/);
  });

  it('where a newer store made it, or another encoding', async () => {
    await (await open()).close();
    await sql('INSERT INTO rolloscope.migrations VALUES (99, now())');
    expect(await refusal(url)).toMatch(/of a newer version of the store \(99; this one knows 1\)\. Start that version/);
    await sql("CREATE DATABASE latin ENCODING 'SQL_ASCII' TEMPLATE template0", server.url);
    expect(await refusal(server.urlOf({ database: 'latin' }))).toMatch(/in SQL_ASCII; make one in UTF8/);
  });
});
