import { createHmac } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { sha256, type TokenEntry } from '../../store/http/Tokens';
import { runCommand } from '../clients/runCommand';
import { WireClient } from '../wandb/WireClient';
import { type AttackedStore, attackedStore } from './attackedStore';

const root = mkdtempSync(join(tmpdir(), 'rolloscope-secrets-'));
const TOKENS = join(root, 'tokens.json');
const TABLE = JSON.stringify({ columns: ['prompt', 'reward'], data: [['p', 1]] });
const PATH = 'media/table/x_1_abc.table.json';
let store: AttackedStore | undefined;

afterEach(async () => {
  await store?.stop();
  store = undefined;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function writeTokens(...names: string[]): void {
  const entry = (name: string): TokenEntry => ({
    name,
    sha256: sha256(name),
    scopes: ['read', 'write'],
    projects: [name === 'other' ? 'q' : 'p'],
  });
  writeFileSync(TOKENS, JSON.stringify(names.map(entry)), { mode: 0o600 });
}

async function start(data: string): Promise<AttackedStore> {
  store = await attackedStore({ data, args: ['--tokens', TOKENS] });
  return store;
}

const client = (of: AttackedStore, run = 'r') => new WireClient(of.url, 'p', run, 'writer');
const put = (url: string, body = TABLE) => fetch(url, { method: 'PUT', body });
/** The same ticket, at the store's address of now. */
const movedTo = (of: AttackedStore, url: string) => of.url + new URL(url).pathname;

/** Everything below a folder, with the folder itself. */
function everything(path: string): string[] {
  const stats = lstatSync(path);
  return [path, ...(stats.isDirectory() ? readdirSync(path).flatMap((name) => everything(join(path, name))) : [])];
}

it('a key that a full disk left empty opens nothing: it is replaced at the start, and a forged upload is refused', async () => {
  const data = join(root, 'forged');
  writeTokens('writer');
  const key = join(data, 'wandb', 'upload.key');
  mkdirSync(join(data, 'wandb'), { recursive: true });
  writeFileSync(key, '');
  const ours = await start(data);
  expect(readFileSync(key)).toHaveLength(32);
  expect(ours.stderr()).toContain('secret_replaced');
  await client(ours).begin();
  const ticket = new URL(await client(ours).uploadUrl(PATH)).pathname.split('/').at(-1) ?? '';
  const [payload = ''] = ticket.split('.');
  for (const secret of ['', '\0'.repeat(32)]) {
    for (const signed of [payload, `upload ${payload}`]) {
      const signature = createHmac('sha256', secret).update(signed).digest('base64url');
      expect((await put(`${ours.url}/wandb/uploads/${payload}.${signature}`)).status).toBe(403);
    }
  }
  for (const forged of ['', '.', `${payload}.`, payload, `${ticket}x`, `x${ticket}`, `.${ticket.split('.')[1]}`]) {
    expect((await put(`${ours.url}/wandb/uploads/${forged}`)).status, forged).toBeGreaterThanOrEqual(400);
  }
  ours.expectWell();
});

it('a ticket holds over a restart, for its own run and file alone, and as long as its token does', async () => {
  const data = join(root, 'tickets');
  writeTokens('writer', 'other');
  let ours = await start(data);
  await client(ours).begin();
  const url = await client(ours).uploadUrl(PATH);
  expect((await put(url)).status).toBe(200);
  await ours.stop();
  ours = await start(data);
  expect((await put(movedTo(ours, url))).status).toBe(200);

  const [payload = '', signature = ''] = new URL(url).pathname.slice('/wandb/uploads/'.length).split('.');
  const other = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), run: 'r2' };
  const forged = Buffer.from(JSON.stringify(other)).toString('base64url');
  expect((await put(`${ours.url}/wandb/uploads/${forged}.${signature}`)).status).toBe(403);

  // The run goes, and another one of its id comes: the ticket was not for that.
  const bearer = { authorization: 'Bearer writer' };
  expect((await ours.call('DELETE', '/api/v1/runs/r', undefined, bearer)).status).toBe(200);
  expect((await put(movedTo(ours, url))).status).toBe(404);
  await client(ours).begin();
  expect((await put(movedTo(ours, url))).status).toBe(404);

  const fresh = await client(ours).uploadUrl(PATH);
  writeTokens('other');
  ours.process.kill('SIGHUP');
  await expect.poll(async () => (await put(fresh)).status).toBe(403);
});

it('no ticket reaches the log, whatever fails', async () => {
  const data = join(root, 'logged');
  writeTokens('writer');
  const ours = await start(data);
  const headers = { authorization: 'Bearer writer' };
  await client(ours).begin();
  const tickets = [await client(ours).uploadUrl(PATH)];
  const entries = [{ step: 1, tables: { t: { columns: ['a'], rows: [[1]] } } }];
  await ours.call('POST', '/api/v1/runs/r/log', { entries }, headers);
  const created = await ours.call('POST', '/api/v1/export', { runs: ['r'], table: 't', format: 'csv' }, headers);
  const { path } = created.json as { path: string };
  tickets.push(`${ours.url}/api/v1${path}`);
  // Where the folder of tables should be stands a file, so that every upload is a fault.
  rmSync(join(data, 'wandb', 'tables'), { recursive: true, force: true });
  writeFileSync(join(data, 'wandb', 'tables'), '');
  expect((await put(`${tickets[0]}?X-Amz-Signature=very-secret`)).status).toBeGreaterThanOrEqual(500);
  await fetch(`${tickets[1]}/more?token=very-secret`, { headers });
  await fetch(`${tickets[1]}?token=very-secret`, { headers });
  expect(ours.stderr()).toContain('/wandb/uploads/');
  for (const ticket of tickets) {
    expect(ours.stderr()).not.toContain(new URL(ticket).pathname.split('/').at(-1)?.slice(0, 20));
  }
  expect(ours.stderr()).not.toContain('very-secret');
});

it('nobody but the owner can read the data, its copies and its folder, also one that was open before', async () => {
  const data = join(root, 'private');
  writeTokens('writer');
  mkdirSync(data, { mode: 0o755 });
  chmodSync(data, 0o755);
  let ours = await start(data);
  await client(ours).begin();
  await client(ours).uploadTable(PATH, ['a'], [[1]]);
  const copy = join(root, 'copy');
  expect((await runCommand('backup', copy, '--data', data)).code).toBe(0);
  const isOpen = (path: string) => (statSync(path).mode & 0o077) !== 0;
  expect(everything(data).length).toBeGreaterThan(3);
  expect([...everything(data), ...everything(copy)].filter(isOpen)).toEqual([]);
  await ours.stop();

  for (const path of everything(data)) {
    chmodSync(path, lstatSync(path).isDirectory() ? 0o777 : 0o666);
  }
  ours = await start(data);
  expect(everything(data).filter(isOpen)).toEqual([]);
  expect(ours.stderr()).not.toContain('open_to_others');
});

it('a tokens file that others can read is told of in a line, at the start and whenever it is read again', async () => {
  writeTokens('writer');
  chmodSync(TOKENS, 0o640);
  const ours = await start(join(root, 'tokens'));
  const told = () => ours.stderr().match(/^.*tokens_open_to_others.*mode 640.*chmod 600 .*tokens\.json.*$/gm) ?? [];
  expect(told()).toHaveLength(1);
  ours.process.kill('SIGHUP');
  await expect.poll(() => told().length).toBe(2);
  chmodSync(TOKENS, 0o600);
});
