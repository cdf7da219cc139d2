import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { keepPrivate } from './keepPrivate';

const root = mkdtempSync(join(tmpdir(), 'rolloscope-private-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8);

it('closes a folder of an older version, what the store made in it, and nothing else', async () => {
  const data = join(root, 'old');
  mkdirSync(join(data, 'wandb', 'tables'), { recursive: true });
  const own = ['runs.duckdb', 'runs.duckdb.wal', 'wandb/upload.key', 'wandb/tables/one'].map((name) =>
    join(data, name),
  );
  const elsewhere = join(root, 'elsewhere');
  const notOurs = join(data, 'train.sh');
  for (const file of [...own, elsewhere, notOurs]) {
    writeFileSync(file, '');
    chmodSync(file, 0o755);
  }
  for (const folder of [data, join(data, 'wandb'), join(data, 'wandb', 'tables')]) {
    chmodSync(folder, 0o777);
  }
  symlinkSync(elsewhere, join(data, 'wandb', 'link'));
  const link = join(root, 'link');
  symlinkSync(data, link);
  const logged: unknown[] = [];
  await keepPrivate(link, (line) => logged.push(line));
  expect([data, join(data, 'wandb'), join(data, 'wandb', 'tables')].map(modeOf)).toEqual(['700', '700', '700']);
  expect(own.map(modeOf)).toEqual(['700', '700', '700', '700']);
  expect([elsewhere, notOurs].map(modeOf)).toEqual(['755', '755']);
  expect(logged).toEqual([]);
});

it('leaves a folder that many share as it is, and says so in one line', async () => {
  const shared = join(root, 'shared');
  mkdirSync(shared);
  chmodSync(shared, 0o1777);
  const logged: Array<{ event: string; message?: unknown }> = [];
  await keepPrivate(shared, (line) => logged.push(line));
  expect(modeOf(shared)).toBe('1777');
  expect(logged).toHaveLength(1);
  expect(logged[0]?.message).toMatch(/Others on this machine may use .*shared \(mode 1777\)/);
});
