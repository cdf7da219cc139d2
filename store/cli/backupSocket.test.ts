import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listenForBackups, requestBackup } from './backupSocket';

const before = process.env.TMPDIR;
let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rolloscope-socket-'));
  // Too long for a socket of its own.
  data = join(folder, 'd'.repeat(100));
  mkdirSync(data);
  process.env.TMPDIR = folder;
});
afterEach(() => {
  if (before === undefined) {
    delete process.env.TMPDIR;
  } else {
    process.env.TMPDIR = before;
  }
  rmSync(folder, { recursive: true, force: true });
});

it('lies in a folder that is the own user’s alone, where the path of the data is too long', async () => {
  const asked: string[] = [];
  const socket = await listenForBackups(data, async (to) => void asked.push(to));
  const [own = ''] = readdirSync(folder).filter((name) => name.startsWith('rolloscope-'));
  expect(statSync(join(folder, own)).mode & 0o777).toBe(0o700);
  expect(await requestBackup(data, '/copy')).toBe(true);
  expect(asked).toEqual(['/copy']);
  socket.close();
});

it('is not looked for in a folder that others may write to: they could answer in the name of the store', async () => {
  const open = join(folder, `rolloscope-${process.getuid?.() ?? 0}`);
  mkdirSync(open);
  chmodSync(open, 0o777);
  await expect(requestBackup(data, '/copy')).rejects.toThrow('open to others');
  await expect(listenForBackups(data, async () => {})).rejects.toThrow('open to others');
});
