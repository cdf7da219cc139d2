import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppOptions } from '../../store/app';
import { CHECKS, sceneWithSeed } from './runChecks';
import { StoreUnderTest } from './StoreUnderTest';
import { type OurStore, startOurs } from './startOurs';

/** The suite that anybody can run against their own store, against ours as it is started with some options. */
export function holdOurs(name: string, options: () => Promise<Partial<AppOptions>>): void {
  describe(name, () => {
    let ours: OurStore | undefined;
    let scene: Awaited<ReturnType<typeof sceneWithSeed>>;

    beforeAll(async () => {
      ours = await startOurs({ secret: { scopes: ['read', 'write'], projects: ['*'] } }, await options());
      scene = await sceneWithSeed(new StoreUnderTest(ours.url, 'secret'));
    });
    afterAll(async () => {
      await scene?.clear();
      await ours?.stop();
      expect(ours?.logged.filter(({ event }) => event === 'fault')).toEqual([]);
    });

    describe.each(Object.entries(CHECKS))('%s', (_, checks) => {
      it.each(checks)('$promises', async (check) => {
        await check.run(scene);
      });
    });
  });
}
