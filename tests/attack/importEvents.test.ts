import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maskedCrc32c } from '../../store/tensorboard/crc32c';
import { event, field, frame, version } from '../../store/testing/eventBytes';
import { type StartedStore, startStore } from '../bench/startStore';
import { readRun } from '../clients/readRun';
import { Moments, SEED } from '../crash/Moments';
import { expectRefused, IMPORT_BYTES, Imports } from './Imports';
import { watchMemory } from './watchMemory';

const MB = 2 ** 20;
const name = (what: string) => `events.out.tfevents.1764547200.${what}.1.0`;

let store: StartedStore;
let imports: Imports;
beforeAll(async () => {
  store = await startStore();
  imports = new Imports(store.url);
});
afterAll(async () => {
  await store.stop();
  imports.remove();
});

/** A file of one scalar, after what is put before it. */
const scalar = (tag: string, step = 1) => frame(event(step, tag, step));
const file = (...frames: Buffer[]) => Buffer.concat([frame(version()), ...frames]);
/** A record that says to be so long. */
function lying(length: bigint, data = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(length, 0);
  head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
  return Buffer.concat([head, data]);
}
const changed = (bytes: Buffer, at: number) => {
  const other = Buffer.from(bytes);
  other[at] = (other[at] ?? 0) ^ 0xff;
  return other;
};
const nested = (depth: number): Buffer => (depth === 0 ? Buffer.alloc(0) : field(1, nested(depth - 1)));
/** A value of hyperparameters that is a list of a list of a list. */
const list = (depth: number): Buffer => (depth === 0 ? field(3, 'x') : field(6, field(1, list(depth - 1))));
const hparams = field(
  5,
  field(
    1,
    Buffer.concat([
      field(1, '_hparams_/session_start_info'),
      field(
        9,
        field(
          1,
          Buffer.concat([
            field(1, 'hparams'),
            field(2, field(3, field(1, Buffer.concat([field(1, 'deep'), field(2, list(500))])))),
          ]),
        ),
      ),
    ]),
  ),
);
/** How many points a metric of a run has. */
const count = async (run: string, tag: string) => {
  const points = await readRun(store.url, run)
    .points(tag)
    .catch(() => []);
  return points.length;
};
const counts = (run: string, ...tags: string[]) => Promise.all(tags.map((tag) => count(run, tag)));

it('each file that is broken is told of in a line, in bounded memory, and the others are taken', {
  timeout: 300_000,
}, async () => {
  const before = scalar('before');
  const empty = Buffer.from([0x0a, 0x00]);
  const cases: Record<string, { bytes: Buffer; reason: RegExp }> = {
    'length-crc': { bytes: file(before, changed(scalar('x'), 9)), reason: /its length does not fit its checksum/ },
    'data-crc': { bytes: file(before, changed(scalar('x'), 14)), reason: /its data does not fit its checksum/ },
    'no-length': { bytes: file(before, lying(2n ** 63n)), reason: /it says to be 9223372036854775808 bytes long/ },
    'no-event': {
      bytes: file(before, frame(Buffer.from('no protobuf at all')), scalar('after')),
      reason: /is no event/,
    },
    fields: {
      bytes: file(before, frame(field(5, Buffer.alloc(60 * MB, empty))), scalar('after')),
      reason: /more than 100000 fields/,
    },
    strings: {
      bytes: file(
        before,
        frame(field(5, field(1, field(8, Buffer.alloc(60 * MB, Buffer.from([0x42, 0x00])))))),
        scalar('after'),
      ),
      reason: /more than 100000 fields/,
    },
    deep: { bytes: file(before, frame(hparams), scalar('after')), reason: /nested more than 20 deep/ },
  };
  const folder = imports.folderOf('broken', {
    [name('good')]: file(scalar('good'), frame(field(5, nested(1_000)))),
    // What says to be longer than it is may be half written.
    [name('cut')]: file(before, scalar('x').subarray(0, 20)),
    [name('claims-4GB')]: file(before, lying(2n ** 32n, Buffer.alloc(MB))),
    ...Object.fromEntries(Object.entries(cases).map(([what, { bytes }]) => [name(what), bytes])),
    [name('zlast')]: file(scalar('last')),
  });
  // A record that really is as long is passed over.
  const long = join(folder, name('long'));
  const length = 300 * MB;
  writeFileSync(long, file(before, lying(BigInt(length))));
  truncateSync(long, file(before).length + 12 + length + 4);
  appendFileSync(long, scalar('after'));
  const { code, told, bytes } = await imports.run(folder);
  process.stdout.write(`${told}${Math.round(bytes / MB)} MB at the most\n`);
  expect(code, told).toBe(1);
  for (const [what, { reason }] of Object.entries(cases)) {
    expectRefused(told, name(what), reason);
  }
  expectRefused(told, name('long'), /is longer than 128 MB, and is passed over/);
  expect(await counts('broken', 'good', 'before', 'after', 'last')).toEqual([1, 1, 1, 1]);
});

it('bytes that mean nothing, and files changed or cut anywhere, end no import', { timeout: 120_000 }, async () => {
  const moments = new Moments(SEED);
  const whole = file(...Array.from({ length: 20 }, (_, step) => scalar('x', step)));
  const files: Record<string, Buffer> = {};
  for (let n = 0; n < 15; n++) {
    files[name(`cut-${n}`)] = whole.subarray(0, moments.between(0, whole.length - 1));
    files[name(`changed-${n}`)] = changed(whole, moments.between(0, whole.length - 1));
    files[name(`random-${n}`)] = Buffer.from(Array.from({ length: 500 }, () => moments.between(0, 255)));
    const noise = Buffer.from(Array.from({ length: 200 }, () => moments.between(0, 255)));
    files[name(`noise-${n}`)] = file(frame(noise), scalar('after'));
  }
  const folder = imports.folderOf('random', { ...files, [name('good')]: file(scalar('good')) });
  const { told } = await imports.run(folder);
  expect(told, `DRAW_SEED=${SEED}`).not.toMatch(/ is not a function|at .*\.m?js:\d|undefined \(/);
  expect(await counts('random', 'good', 'after')).toEqual([1, 1]);
});

it('files that change while they are followed: grow, shrink, become a link or a pipe', {
  timeout: 180_000,
}, async () => {
  const names = ['grows', 'shrinks', 'link', 'pipe', 'half'];
  const folder = imports.folderOf('live', Object.fromEntries(names.map((one) => [name(one), file(scalar(one))])));
  const path = (one: string) => join(folder, name(one));
  const arrives = (tag: string, points: number) =>
    expect.poll(() => count('live', tag), { timeout: 60_000 }).toBe(points);
  const follower = imports.start(folder, '--follow');
  const memory = watchMemory(follower.process.pid ?? 0);
  for (const one of names) {
    await arrives(one, 1);
  }
  const outside = imports.folderOf('elsewhere', { [name('secret')]: file(scalar('secret')) });
  rmSync(path('link'));
  symlinkSync(join(outside, name('secret')), path('link'));
  rmSync(path('pipe'));
  expect(spawnSync('mkfifo', [path('pipe')]).status).toBe(0);
  truncateSync(path('shrinks'), 5);
  const next = scalar('half', 2);
  appendFileSync(path('half'), next.subarray(0, 15));
  appendFileSync(path('grows'), scalar('grows', 2));
  await arrives('grows', 2);
  appendFileSync(path('half'), next.subarray(15));
  await arrives('half', 2);
  appendFileSync(path('grows'), changed(scalar('grows', 3), 14));
  await expect.poll(() => follower.output(), { timeout: 60_000 }).toContain('its data does not fit its checksum');
  appendFileSync(path('half'), scalar('half', 3));
  await arrives('half', 3);
  expect(follower.process.exitCode, follower.output()).toBeNull();
  await follower.kill();
  expect(memory.end()).toBeLessThan(IMPORT_BYTES);
  expect(await count('live', 'secret')).toBe(0);
});
