import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKS, sceneWithSeed } from './runChecks';
import { StoreUnderTest } from './StoreUnderTest';
import { type OurStore, startOurs } from './startOurs';

/** The suite that anybody can run against their own store, against ours. */
describe('a store', () => {
  let ours: OurStore;
  let scene: Awaited<ReturnType<typeof sceneWithSeed>>;

  beforeAll(async () => {
    ours = await startOurs({ secret: { scopes: ['read', 'write'], projects: ['*'] } });
    scene = await sceneWithSeed(new StoreUnderTest(ours.url, 'secret'));
  });
  afterAll(async () => {
    await scene.clear();
    await ours.stop();
    expect(ours.logged.filter(({ event }) => event === 'fault')).toEqual([]);
  });

  describe.each(Object.entries(CHECKS))('%s', (_, checks) => {
    it.each(checks)('$promises', async (check) => {
      await check.run(scene);
    });
  });
});
