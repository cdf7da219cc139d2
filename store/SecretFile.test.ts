import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { SecretFile } from './SecretFile';

const root = mkdtempSync(join(tmpdir(), 'rolloscope-secret-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
let path: string;
let logged: string[];
beforeEach(() => {
  folder = mkdtempSync(join(root, 'of-'));
  path = join(folder, 'deep', 'a.key');
  logged = [];
});
const open = (at = path) => new SecretFile(at, ({ event }) => logged.push(event));

it('is made once, for its owner alone, and is the same for whoever opens it later', () => {
  const secret = open().get();
  expect(secret).toHaveLength(32);
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['a.key']);
  const again = open();
  again.check();
  expect(again.get()).toEqual(secret);
  expect(logged).toEqual([]);
});

it.each([
  ['empty', Buffer.alloc(0)],
  ['cut', Buffer.from('short')],
  ['too long', Buffer.alloc(33, 'abcdefghijklmnop')],
  ['zeros, as after a loss of power', Buffer.alloc(32)],
])('%s: is replaced at the start, and that is told', (_, bytes) => {
  const at = join(folder, 'a.key');
  writeFileSync(at, bytes, { mode: 0o644 });
  const secret = open(at);
  secret.check();
  expect(logged).toEqual(['secret_replaced']);
  const fresh = readFileSync(at);
  expect(fresh).toHaveLength(32);
  expect(fresh).not.toEqual(bytes);
  expect(secret.get()).toEqual(fresh);
  expect(lstatSync(at).mode & 0o777).toBe(0o600);
});

it('is not taken from where a link leads', () => {
  const elsewhere = join(folder, 'known');
  writeFileSync(elsewhere, Buffer.from('0123456789abcdef0123456789abcdef'));
  const at = join(folder, 'a.key');
  symlinkSync(elsewhere, at);
  const secret = open(at).get();
  expect(secret).not.toEqual(readFileSync(elsewhere));
  expect(lstatSync(at).isSymbolicLink()).toBe(false);
  expect(logged).toEqual(['secret_replaced']);
});

it('is there whole or not at all: where it cannot be written nothing is, and it is tried again', () => {
  writeFileSync(join(folder, 'deep'), 'a file where the folder should be');
  const secret = open();
  secret.check();
  expect(() => secret.get()).toThrow('EEXIST');
  rmSync(join(folder, 'deep'));
  expect(secret.get()).toEqual(readFileSync(path));
});

it('takes no notice of what a write that was cut off left behind', () => {
  writeFileSync(join(folder, 'a.key.new'), 'half');
  const at = join(folder, 'a.key');
  expect(open(at).get()).toEqual(readFileSync(at));
  expect(readdirSync(folder)).toEqual(['a.key']);
});
