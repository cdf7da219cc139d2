import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { commitTo, createPoints, createRows, createRun } from './changes';
import { ALONE, type EngineUnderTest } from './EngineUnderTest';

/** Tests what an engine does for itself, and copies of it. */
export function upkeepConformance(store: EngineUnderTest): void {
  it('backs up while writes go on, into a folder that opens as a store', async () => {
    // One that is on other machines is backed up there.
    if (!store.engine.backup) {
      return;
    }
    const backup = await mkdtemp(join(tmpdir(), 'rolloscope-backup-'));
    const many = Array.from({ length: 2_000 }, (_, i) => `${i} ${'x'.repeat(500)}`);
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', many)]);
    const done = store.engine.backup(backup);
    for (let step = 1; step <= 5; step++) {
      await store.commit([createPoints('a', [step])]);
    }
    await done;
    const copy = await store.open(backup);
    try {
      expect(copy.storeId).toBe(store.engine.storeId);
      expect(
        await copy.countRows({ scopes: [{ run: 'a' }], table: 't', latest: false, position: await copy.position() }),
      ).toBe(many.length);
      await commitTo(copy, [createPoints('a', [100])]);
    } finally {
      await copy.close();
    }
    await expect(store.engine.backup(backup)).rejects.toThrow(/already/);
    await rm(backup, { recursive: true });
    expect(await store.steps('a')).toEqual([1, 2, 3, 4, 5]);
  });

  it('keeps itself well beside commits, and changes nothing that is read', async () => {
    await store.commit([{ kind: 'run', run: createRun('a') }, createRows('a', ['one']), createPoints('a', [1])]);
    expect((await store.engine.upkeep(ALONE)).isOpen).toBe(true);
    const waiting: Array<() => void> = [];
    const busy = {
      isIdle: false,
      between: async <T>(work: () => Promise<T>): Promise<T> => {
        await new Promise<void>((resolve) => waiting.push(resolve));
        return work();
      },
    };
    const kept = store.engine.upkeep(busy);
    await store.commit([createRows('a', ['two'])]);
    for (const go of waiting) {
      go();
    }
    expect(await kept).toMatchObject({ isOpen: true });
    expect([await store.texts('a'), await store.steps('a')]).toEqual([['one', 'two'], [1]]);
  });

  it('is not replaced while nobody else opens it', async () => {
    const soon = new Promise<string>((resolve) => setTimeout(() => resolve('nobody'), 50));
    expect(await Promise.race([store.engine.replaced?.then(() => 'somebody'), soon].filter(Boolean))).toBe('nobody');
  });

  it('refuses files for which there is no room beside it', async () => {
    await store.engine.requireRoom?.(1);
    if (store.engine.requireRoom) {
      await expect(store.engine.requireRoom(Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: 'disk_full' });
    }
  });
}
