import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../store/http/Tokens';
import { type StartedStore, startStore } from '../bench/startStore';
import { runCommand } from '../clients/runCommand';
import { startProcess } from '../processes/startProcess';
import { StoreUnderTest } from './StoreUnderTest';

const bin = fileURLToPath(new URL('../../store/bin/rolloscope-store.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const put = (store: StartedStore, id: string) =>
  new StoreUnderTest(store.url).ask('putRun', { id, body: { project: 'p' } });
const rowsOf = (url: string, id: string, table = 't') =>
  new StoreUnderTest(url).ask('queryRows', { body: { runs: [id], table, limit: 0 } });

describe('the command', () => {
  it.each(['serve', 'import', 'backup', 'check', 'recover'])('%s explains itself with examples', async (name) => {
    const { code, stdout } = await runCommand(name, '--help');
    expect(code).toBe(0);
    expect(stdout.match(/^ +.*rolloscope-store (serve|import|backup|check|recover)/gm)?.length).toBeGreaterThanOrEqual(
      2,
    );
  });

  it.each([
    [['sevre'], 'sevre is not a command'],
    [['serve', '--prot', '1'], '--prot is not an option of this command'],
    [['serve', '--port', '99999'], 'a port is a number'],
    [['serve', '--host', '0.0.0.0'], 'Without tokens the store listens on loopback only'],
    [['serve', '--retain', '5'], 'write a duration such as'],
    [['serve', '--cache', '64MB'], 'write a size such as 512MB'],
    [['import', 'no-such-file'], 'There is no file or folder no-such-file'],
    [['backup'], 'one folder'],
    [['recover'], 'one folder'],
    [['check', 'there'], 'say where the data is with --data'],
  ])('%j says what is wrong', async (args, message) => {
    const { code, stderr } = await runCommand(...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(stderr).toContain('--help');
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('serve', () => {
  it('says where it listens once it is ready, on a free port if asked for 0', async () => {
    const store = startProcess(process.execPath, [bin, 'serve', '--port', '0', '--data', join(folder, 'zero')]);
    await expect.poll(store.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+/);
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(store.stdout())?.[0] ?? '';
    expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
    expect(await store.stop()).toBe(0);
  });

  it('ends cleanly when it is told twice, with what was logged', async () => {
    const data = join(folder, 'twice');
    const first = await startStore({ data });
    await put(first, 'r');
    first.process.kill('SIGINT');
    first.process.kill('SIGINT');
    expect(await first.stop()).toBe(0);
    expect(readdirSync(data).sort()).toEqual(['promised', 'runs.duckdb']);
    const second = await startStore({ data });
    expect((await new StoreUnderTest(second.url).ask('runs')).runs.map(({ id }) => id)).toEqual(['r']);
    expect(await second.stop()).toBe(0);
  });

  it('finishes the request under way and refuses the next', async () => {
    const store = await startStore({ data: join(folder, 'underway') });
    await put(store, 'r');
    const body = JSON.stringify({ entries: [{ step: 1, metrics: { m: 1 } }] });
    const socket = connect(Number(new URL(store.url).port), '127.0.0.1');
    const head = ['POST /api/v1/runs/r/log HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
    socket.write(`${[...head, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body.slice(0, 10)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
    store.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await fetch(`${store.url}/api/v1/health`).catch(() => 'refused')).toBe('refused');
    socket.write(body.slice(10));
    const [answer] = (await once(socket.setEncoding('utf8'), 'data')) as [string];
    expect(answer).toContain('200 OK');
    expect(await store.stop()).toBe(0);
  });

  it('waits for the one before it to let go of the folder', async () => {
    const data = join(folder, 'handover');
    const first = await startStore({ data });
    await put(first, 'r');
    const second = startStore({ data });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await first.stop()).toBe(0);
    const store = await second;
    expect((await new StoreUnderTest(store.url).ask('run', { id: 'r' })).id).toBe('r');
    await store.stop();
  });

  it('keeps the folder to itself all along: over commits, checkpoints and the rewriting after a delete', {
    timeout: 120_000,
  }, async () => {
    const data = join(folder, 'kept');
    const store = await startStore({ data });
    const under = new StoreUnderTest(store.url);
    const isKept = async () => {
      const { code, stderr } = await runCommand('check', '--data', data);
      expect([code, stderr]).toEqual([1, expect.stringContaining('another process has it open')]);
    };
    await isKept();
    await put(store, 'r');
    const table = { columns: ['text'], rows: Array.from({ length: 2_000 }, (_, i) => [`${i} `.repeat(2_000)]) };
    for (let step = 0; step < 3; step++) {
      await under.ask('log', { id: 'r', body: { entries: [{ step, tables: { t: table } }] } });
    }
    const path = join(data, 'runs.duckdb');
    await expect.poll(() => statSync(path).size).toBeGreaterThan(20 * 2 ** 20);
    await isKept();
    await under.ask('deleteRun', { id: 'r' });
    await expect.poll(() => statSync(path).size).toBeLessThan(10 * 2 ** 20);
    await isKept();
    expect(await store.stop()).toBe(0);
  });

  it('reads its tokens file again on SIGHUP, and keeps the old ones when it is broken', async () => {
    const file = join(folder, 'tokens.json');
    const entry = (token: string, more = {}) => ({ name: token, scopes: ['read'], projects: ['*'], ...more });
    writeFileSync(file, JSON.stringify([entry('one', { sha256: sha256('one') })]));
    const store = await startStore({ data: join(folder, 'tokens'), args: ['--tokens', file, '--write-token', 'w'] });
    const status = async (token: string) =>
      (await fetch(`${store.url}/api/v1/runs`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await status('one'), await status('two'), await status('w')]).toEqual([200, 401, 200]);
    const reread = async (text: string, event: string) => {
      writeFileSync(file, text);
      const before = store.stderr().length;
      store.process.kill('SIGHUP');
      await expect.poll(() => store.stderr().slice(before)).toContain(event);
    };
    await reread(JSON.stringify([entry('two', { token: 'two' })]), 'tokens_read');
    expect([await status('one'), await status('two'), await status('w')]).toEqual([401, 200, 200]);
    await reread('[{"name": "x", "scopes": ["all"]}]', 'tokens_kept');
    expect(store.stderr()).toContain('scopes[0] must be one of');
    expect(await status('two')).toBe(200);
    expect(store.stderr()).not.toContain('"one"');
    await store.stop();
  });
});

describe('check and recover', () => {
  it('tell what is missing, leave the folder to a store that runs on it, and save what can be read', {
    timeout: 120_000,
  }, async () => {
    const data = join(folder, 'damaged');
    const store = await startStore({ data });
    await put(store, 'r');
    const saved = join(folder, 'saved');
    const busy = await runCommand('check', '--data', data);
    expect([busy.code, busy.stderr]).toEqual([1, expect.stringContaining('another process has it open')]);
    // Not sooner: a second after its start the store folds its log in once, whatever is in it.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const under = new StoreUnderTest(store.url);
    for (let step = 0; step < 40; step++) {
      await under.ask('log', { id: 'r', body: { entries: [{ step, metrics: { m: step } }] } });
    }
    await store.kill();
    const whole = await runCommand('check', '--data', data);
    expect([whole.code, whole.stdout]).toEqual([0, expect.stringContaining('is whole: 1 runs, 40 points, 0 rows')]);
    const log = join(data, 'runs.duckdb.wal');
    truncateSync(log, statSync(log).size - 400);
    const damaged = await runCommand('check', '--data', data);
    expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringMatching(/runs\.duckdb\.wal.*recover NEW_FOLDER/)]);
    const refused = await runCommand('serve', '--port', '0', '--data', data);
    expect(refused).toEqual({ code: 1, stdout: '', stderr: damaged.stderr });
    const recovered = await runCommand('recover', saved, '--data', data);
    expect([recovered.code, recovered.stdout]).toEqual([
      0,
      expect.stringMatching(/Saved 1 runs of .*, without the above/),
    ]);
    expect(recovered.stderr).toMatch(/Commits after \d+ are lost; those up to \d+ were acknowledged/);
    const again = await startStore({ data: saved });
    const { runs } = await new StoreUnderTest(again.url).ask('runs');
    expect(runs.map(({ id }) => id)).toEqual(['r']);
    await again.stop();
    expect((await runCommand('recover', saved, '--data', data)).stderr).toContain('is not empty');
  });
});

describe('import', () => {
  it('takes what is right, names what is wrong, and adds nothing the second time', async () => {
    const store = await startStore({ data: join(folder, 'import') });
    const file = join(folder, 'run.jsonl');
    const good = Array.from({ length: 2_500 }, (_, step) => ({
      step,
      metrics: { m: step / 3 },
      tables: { t: { columns: ['i'], rows: [[step]] } },
      ...(step % 2 === 1 && { run: 'odd/run' }),
    }));
    const bad = ['{"step": "5"}', '{"step": 1', '{"tables": {"t": {"columns": ["a", "a"], "rows": []}}}', '{"stp": 1}'];
    writeFileSync(file, [...good.map((line) => JSON.stringify(line)), '', ...bad].join('\n'));
    const args = ['import', file, '--url', store.url, '--run', 'even', '--project', 'p', '--finish'];
    args.push('--state', join(folder, 'state'));
    const first = await runCommand(...args);
    expect(first.code).toBe(1);
    expect(first.stdout).toContain('run.jsonl: took 2,500 points of 1 metric, 2,500 rows of t into 2 runs');
    expect(first.stdout).toContain('refused 4 records');
    expect(first.stderr).toContain('run.jsonl:2502: step must be a whole number, not "5"');
    expect(first.stderr).toContain('run.jsonl:2503: The line is not JSON. Column 11');
    expect(first.stderr).toContain('run.jsonl:2504: ');
    expect(first.stderr).toContain('run.jsonl:2505: has an unknown field "stp"');
    // Also by one who does not know how far the first came: the store knows the batches.
    const again = await runCommand(...args);
    const elsewhere = await runCommand(...args, '--state', join(folder, 'another'));
    expect([again.stdout, elsewhere.code]).toEqual([expect.stringContaining('took nothing new'), 1]);
    for (const run of ['even', 'odd/run']) {
      expect((await rowsOf(store.url, run)).total).toBe(1250);
    }
    expect((await new StoreUnderTest(store.url).ask('run', { id: 'odd/run' })).state).toBe('finished');
    await store.stop();
  });

  it('says that the store refuses it, and why', async () => {
    const store = await startStore({ data: join(folder, 'refusing'), args: ['--write-token', 'w'] });
    const file = join(folder, 'one.jsonl');
    writeFileSync(file, '{"step": 1}\n');
    const args = ['import', file, '--url', store.url, '--run', 'r', '--project', 'p', '--state', join(folder, 'state')];
    const { code, stderr } = await runCommand(...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining('This store wants a token')]);
    await store.stop();
  });
});

it('backs up while the store runs and when it does not; a backup is a data folder', async () => {
  const data = join(folder, 'original');
  const store = await startStore({ data });
  await put(store, 'r');
  const entries = [{ step: 1, tables: { t: { columns: ['a'], rows: [['kept']] } } }];
  await new StoreUnderTest(store.url).ask('log', { id: 'r', body: { entries } });
  const live = join(folder, 'live');
  expect(await runCommand('backup', live, '--data', data)).toMatchObject({ code: 0 });
  expect(await runCommand('backup', live, '--data', data)).toMatchObject({ code: 2 });
  await store.stop();
  const still = join(folder, 'still');
  expect(await runCommand('backup', still, '--data', data)).toMatchObject({ code: 0 });
  for (const copy of [live, still]) {
    const restored = await startStore({ data: copy });
    expect((await rowsOf(restored.url, 'r')).total).toBe(1);
    await restored.stop();
  }
});
