import { randomBytes } from 'node:crypto';
import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiskRoom } from '../../store/engine/duckdb/DiskRoom';
import { isChanging } from '../crash/isChanging';
import { type AttackedStore, attackedStore } from './attackedStore';
import { type SmallDisk, smallDisk } from './smallDisk';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 60_000 });
const MB = 2 ** 20;
/** So many times the disk becomes full in the middle of the same work. */
const TIMES = 2;
const ROWS = 2_000;

let disk: SmallDisk;
let data: string;
let store: AttackedStore;
/** Of acknowledged calls, the steps, by run. */
let kept: Map<string, number[]>;
const rewritten = () => join(data, 'runs.duckdb.rewrite');
const text = () => randomBytes(1_500).toString('base64');
async function log(run: string, step: number, rows = ROWS): Promise<number> {
  const table = { columns: ['n', 'text'], rows: Array.from({ length: rows }, (_, i) => [i, text()]) };
  const entries = [{ step, metrics: { loss: step }, ...(rows > 0 && { tables: { t: table } }) }];
  const { status } = await store.call('POST', `/api/v1/runs/${run}/log`, { batchId: `${run}-${step}`, entries });
  expect([200, 507]).toContain(status);
  if (status === 200) {
    kept.set(run, [...(kept.get(run) ?? []), step]);
  }
  return status;
}
const create = (run: string) => store.call('PUT', `/api/v1/runs/${run}`, { project: 'p' });
const remove = async (run: string) => {
  const { status, text: said } = await store.call('DELETE', `/api/v1/runs/${run}`);
  expect([status, said]).toEqual([200, JSON.stringify({ deleted: run })]);
  kept.delete(run);
};
const health = async () => ((await store.call('GET', '/api/v1/health')).json as { status: string }).status;

/** Everything acknowledged is there, once; its rows, too, where they were logged with it. */
async function expectAll(): Promise<void> {
  for (const [run, steps] of kept) {
    const asked = { runs: [run], metrics: ['loss'], reduce: 'none' };
    const { json } = await store.call('POST', '/api/v1/query/metrics', asked);
    expect([run, (json as { series: Array<{ step: number[] }> }).series[0]?.step]).toEqual([run, steps]);
  }
}
/** Once there is room, it is well and goes on, and nothing is lost. */
async function expectGoesOn(run: string, step: number): Promise<void> {
  await expect.poll(() => log(run, step, 0), { timeout: 60_000, interval: 300 }).toBe(200);
  await expect.poll(health, { timeout: 30_000 }).toBe('ok');
  await expectAll();
  store.expectWell();
}
/** Fills the disk, as soon as something is so. */
async function fillWhen(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 60_000; !(await isSo()); await sleep(1)) {
    expect(performance.now(), 'it never came to that').toBeLessThan(end);
  }
  disk.fill();
}

/** Resolves when a file of that name comes or changes; a minute at the most. */
const told = (watched: FSWatcher, name: string) =>
  new Promise<void>((resolve, reject) => {
    const end = setTimeout(() => reject(new Error(`${name} never came`)), 60_000);
    watched.on('change', (_, one) => {
      if (one === name) {
        clearTimeout(end);
        resolve();
      }
    });
  });

describe('a disk that becomes full to its last byte', () => {
  beforeEach(async () => {
    disk = smallDisk(200);
    data = join(disk.folder, 'data');
    store = await attackedStore({ data });
    kept = new Map();
  });
  afterEach(async () => {
    await store.stop();
    disk.remove();
  });

  it('while the log is folded in: runs can be deleted all the same', async () => {
    await create('keeps');
    for (let time = 1; time <= TIMES; time++) {
      const run = `large-${time}`;
      await create(run);
      let isFilled = false;
      const filled = fillWhen(() => isChanging(data)).then(() => {
        isFilled = true;
      });
      // A busy machine may miss the moment: then there is more to be folded in.
      for (let step = 0; step < 6 || (!isFilled && step < 30); step++) {
        await log(run, step);
        await sleep(step >= 5 && !isFilled ? 1_500 : 0);
      }
      await filled;
      // Others take what is let go of, again and again.
      for (let i = 0; i < 4; i++) {
        await log('keeps', 100 * time + 10 + i, 0);
        await sleep(700);
        disk.fill();
      }
      let step = 100 * time + 20;
      const full = async () => {
        disk.fill();
        await log('keeps', ++step, 0);
        return health();
      };
      await expect.poll(full, { timeout: 30_000 }).toBe('degraded');
      await expectAll();
      await remove(run);
      disk.clear();
      await expectGoesOn('keeps', 100 * time + 99);
    }
  });

  it('while the file is written anew: it goes on with the old one', async () => {
    // What stays lies behind what goes: else the end of the file would be given back by itself. A stop folds all of it in.
    for (const [run, steps] of [
      ['large', 8],
      ['keeps', 5],
    ] as const) {
      await create(run);
      for (let step = 0; step < steps; step++) {
        expect(await log(run, step)).toBe(200);
      }
      await store.stop();
      store = await attackedStore({ data });
    }
    // It may be there for a moment only: the system tells, where looking again and again could miss it.
    const watched = watch(data);
    const begun = told(watched, basename(rewritten()));
    await remove('large');
    await begun;
    disk.fill();
    watched.close();
    await expect.poll(() => existsSync(rewritten()), { timeout: 30_000 }).toBe(false);
    await expectAll();
    disk.clear();
    await expectGoesOn('keeps', 100);
  });
});

it('what is held of a disk while others fill it is not let go of to them', async () => {
  const own = smallDisk(20);
  try {
    const room = new DiskRoom(own.folder, async () => 500 * MB);
    await expect(room.keep({ reserve: 64 * MB, log: 0 })).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(room.heldBytes).toBeGreaterThan(18 * MB);
    expect(statSync(join(own.folder, 'reserve')).size).toBe(room.heldBytes);
  } finally {
    own.remove();
  }
});
