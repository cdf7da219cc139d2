import { afterAll, beforeAll, expect, it } from 'vitest';
import { ClickHouseEngine } from '../../store/engine/clickhouse/ClickHouseEngine';
import { PostgresCatalogue } from '../../store/engine/clickhouse/catalogue/PostgresCatalogue';
import { Server } from '../../store/engine/clickhouse/Server';
import { commitTo, createPoints, createRows, createRun } from '../../store/engine/conformance/changes';
import { type ClickHouseServer, startClickHouse } from '../servers/clickhouse';
import { type PostgresServer, startPostgres } from '../servers/postgres';

let clickHouse: ClickHouseServer;
let postgres: PostgresServer;
beforeAll(async () => {
  [clickHouse, postgres] = await Promise.all([startClickHouse(), startPostgres()]);
});
afterAll(() => Promise.all([clickHouse.remove(), postgres.remove()]));

const open = async (name: string) =>
  ClickHouseEngine.open(`${clickHouse.url}/${name}`, await PostgresCatalogue.open(await postgres.createDatabase(name)));

const steps = async (engine: ClickHouseEngine) => {
  const asked = { scopes: [{ run: 'a' }], metrics: ['loss'], x: 'step', reduce: 'none', maxPoints: 1_000 } as const;
  const query = { ...asked, scopes: [{ run: 'a' }], metrics: ['loss'], everyAttempt: false };
  const { series } = await engine.series({ ...query, position: await engine.position() });
  return series[0]?.step ?? [];
};

it('says what is wrong with an address, a password, and a user who may not write', async () => {
  const { url, readerUrl } = clickHouse;
  await expect(Server.connect(url.replace('secret', 'wrong'))).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/refuses the user.*password/),
  });
  await expect(Server.connect('http://127.0.0.1:1')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/does not answer/),
  });
  await expect(Server.connect(`${readerUrl}/other`)).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/takes no writes/),
  });
});

it('loses nothing acknowledged, and shows nothing of what failed, where the server is killed', async () => {
  const engine = await open('killed');
  await engine.commit([{ kind: 'run', run: createRun('a') }]);
  const acknowledged: number[] = [];
  const refused: number[] = [];
  for (let step = 1; step <= 30; step++) {
    const killed = step % 10 === 5 ? clickHouse.kill9() : undefined;
    const isKept = await commitTo(engine, [createPoints('a', [step]), createRows('a', [`${step}`])]).then(
      () => true,
      (error) => {
        expect(error).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) });
        return false;
      },
    );
    (isKept ? acknowledged : refused).push(step);
    if (killed) {
      await killed;
      await clickHouse.restart();
    }
  }
  expect(await steps(engine)).toEqual(acknowledged);
  expect(acknowledged.length).toBeGreaterThan(20);
  const query = { scopes: [{ run: 'a' }], table: 't', latest: false, position: await engine.position() };
  expect(await engine.countRows(query)).toBe(acknowledged.length);
  await commitTo(engine, refused.length > 0 ? [createPoints('a', refused)] : []);
  expect(await steps(engine)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  await engine.close();
});

it('writes lines once for a token, however often they are sent', async () => {
  const engine = await open('once');
  const line = [1, 1, 1, null, 1_000, 0.5, '7', 9];
  for (let time = 0; time < 3; time++) {
    await engine.server.insert('points', '9-points', [line]);
  }
  expect((await engine.server.read('SELECT count() FROM points WHERE position = 9')).first(0)).toBe(1);
  await engine.close();
});
