import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { diskFull } from '../disk/diskFull';
import type { RunOfFile } from '../disk/ownFolder';
import { TableFiles } from './TableFiles';

let data: string;
let tables: string;
let runs: RunOfFile[];
let left: number;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'rolloscope-files-'));
  tables = join(data, 'wandb', 'tables');
  runs = [{ id: 'a', key: '1' }, { id: 'b' }];
  left = Number.POSITIVE_INFINITY;
});
afterEach(() => rm(data, { recursive: true, force: true }));

const [a, b] = [{ id: 'a', key: '1' }, { id: 'b' }];
const requireRoom = async (bytes: number) => {
  if (bytes > left) {
    throw diskFull(left);
  }
};
const open = () => TableFiles.open(tables, { data, runs: () => runs, requireRoom });
async function* chunks(count = 1, size = 600_000) {
  for (let i = 0; i < count; i++) {
    left -= size;
    yield Buffer.alloc(size, i);
  }
}
const names = () => readdir(tables).catch(() => []);

it('a file that the disk has no room for is refused, and nothing of it stays', async () => {
  const files = await open();
  left = 3_000_000;
  const source = chunks(20);
  await expect(files.receive(a, 'x', source)).rejects.toMatchObject({ code: 'disk_full' });
  expect(await names()).toEqual([]);
  // Read to its end: an answer before that would be lost.
  expect((await source.next()).done).toBe(true);
  left = Number.POSITIVE_INFINITY;
  expect(await files.receive(a, 'x', chunks())).toBe(true);
  expect(await files.read(a, 'x')).toHaveLength(600_000);
});

it('a sender that goes away leaves nothing', async () => {
  const files = await open();
  async function* broken() {
    yield Buffer.alloc(10);
    throw new Error('gone');
  }
  await expect(files.receive(a, 'x', broken())).rejects.toThrow('gone');
  expect(await names()).toEqual([]);
});

it('files of runs that are gone are removed, at once or at the next start; a run made anew has none of them', async () => {
  let files = await open();
  await files.receive(a, 'x', chunks());
  await files.receive(b, 'x', chunks());
  runs = [{ id: 'a', key: '2' }, { id: 'b' }];
  await files.sweep();
  expect(await names()).toHaveLength(1);
  expect(await files.read(b, 'x')).toBeDefined();
  expect(await files.read({ id: 'a', key: '2' }, 'x')).toBeUndefined();
  runs = [];
  files = await open();
  expect(await names()).toEqual([]);
});

it('a file that waits is forgotten after a day of the store’s own, whatever its time is and the clock says', async () => {
  const HOUR = 3_600_000;
  await (await open()).receive(a, 'x', chunks());
  for (const name of await names()) {
    await utimes(join(tables, name), 1, 1);
  }
  const files = await open();
  expect(await files.read(a, 'x')).toBeDefined();
  await files.forgetOld(0);
  await files.receive(b, 'y', chunks());
  await files.forgetOld(HOUR);
  await files.forgetOld(24 * HOUR);
  expect(await names()).toHaveLength(2);
  // One that came anew waits anew.
  await files.receive(b, 'y', chunks());
  await files.forgetOld(27 * HOUR);
  expect(await files.read(a, 'x')).toBeUndefined();
  expect(await files.read(b, 'y')).toBeDefined();
  await files.forgetOld(53 * HOUR);
  expect(await names()).toEqual([]);
});

it('a copy has every file that the data may wait for: none is removed while it is made', async () => {
  const files = await open();
  const copy = join(data, 'copy');
  await files.receive(a, 'x', chunks());
  await files.copied(copy, async ({ bytes, copy }) => {
    expect(bytes).toBe(600_000);
    await files.remove(a, 'x');
    await files.receive(b, 'y', chunks());
    await copy();
    await expect(files.copied(join(data, 'other'), copy)).rejects.toMatchObject({ code: 'too_busy' });
  });
  expect(await readdir(copy)).toHaveLength(2);
  expect(await names()).toHaveLength(1);
  expect(await files.read(b, 'y')).toBeDefined();
});

it('links are not followed out of the data folder', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'rolloscope-outside-'));
  const secret = join(outside, 'secret');
  await writeFile(secret, 'of another');
  let files = await open();
  await files.receive(a, 'x', chunks());
  const [name = ''] = await names();
  await rm(join(tables, name));
  await symlink(secret, join(tables, name));
  expect(await files.read(a, 'x')).toBeUndefined();
  const copy = join(data, 'copy');
  await files.copied(copy, ({ copy }) => copy());
  expect(existsSync(copy)).toBe(false);
  // What comes takes the place of the link, not of what it leads to.
  await files.receive(a, 'x', chunks());
  expect(await readFile(secret, 'utf8')).toBe('of another');
  await rm(tables, { recursive: true });
  await symlink(outside, tables);
  await expect(files.receive(a, 'x', chunks())).rejects.toThrow(/leads out of the data folder/);
  await expect(files.sweep()).rejects.toThrow(/leads out/);
  await expect(open()).rejects.toThrow(/leads out/);
  expect(await readdir(outside)).toEqual(['secret']);
  // A link within it is the owner's way to arrange things.
  await rm(tables);
  await mkdir(join(data, 'elsewhere'));
  await symlink(join(data, 'elsewhere'), tables);
  files = await open();
  expect(await files.receive(a, 'x', chunks())).toBe(true);
  await rm(outside, { recursive: true });
});
