import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SecretFile } from '../SecretFile';
import { lastLines } from './consoleRows';
import { UploadTickets } from './UploadTickets';

const HOUR = 3_600_000;
const UPLOAD = { project: 'p', run: 'r', runKey: 'k', name: 'media/table/x.json', entity: undefined };
const CALLER = { key: 'c' };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rolloscope-tickets-'));
});
afterAll(() => rm(folder, { recursive: true }));

function ticketsAt(time: { wall: number; steady: number }) {
  const secret = new SecretFile(join(folder, 'upload.key'), () => {});
  return new UploadTickets(secret, { now: () => time.wall, steady: () => time.steady });
}

it('an upload may take an hour, whatever happens to the machine’s clock', () => {
  const time = { wall: 10 * HOUR, steady: 10 * HOUR };
  const tickets = ticketsAt(time);
  const ticket = tickets.issue(UPLOAD, CALLER.key);
  const read = (by = tickets) => by.read(ticket, [CALLER]).upload.name;
  time.wall += 24 * HOUR;
  expect(read()).toBe(UPLOAD.name);
  time.wall -= 48 * HOUR;
  time.steady += HOUR + 1;
  expect(read).toThrow(/expired/);
});

it('an upload to a store that was started anew is in time by the machine’s clock', () => {
  const ticket = ticketsAt({ wall: 10 * HOUR, steady: 10 * HOUR }).issue(UPLOAD, CALLER.key);
  const readAt = (wall: number) => ticketsAt({ wall, steady: 0 }).read(ticket, [CALLER]).upload.run;
  expect(readAt(10.9 * HOUR)).toBe('r');
  expect(() => readAt(11.1 * HOUR)).toThrow(/expired/);
});

it('the last console lines are kept up to so many, and so many characters', () => {
  const lines = (count: number, chars: number) =>
    Array.from({ length: count }, (_, number) => ({ number, text: 'x'.repeat(chars) }));
  expect(lastLines(lines(500, 10)).map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, i) => 300 + i));
  expect(lastLines(lines(100, 4_000))).toHaveLength(25);
  expect(lastLines(lines(3, 4))).toHaveLength(3);
  expect(lastLines([])).toEqual([]);
});
