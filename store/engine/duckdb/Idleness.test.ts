import { expect, it } from 'vitest';
import { Idleness } from './Idleness';

it('does what is to be done once each time that nobody was there for a while, and who comes meanwhile waits', async () => {
  const idleness = new Idleness(0);
  const told: string[] = [];
  const look = () => idleness.look(async () => void told.push('rest'));
  await look();
  await look();
  expect(told).toEqual(['rest']);
  await idleness.use(async () => {
    await look();
    told.push('use');
  });
  let end = () => {};
  const resting = idleness.look(async () => {
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    told.push('long rest');
  });
  const used = idleness.use(async () => told.push('use after it'));
  await new Promise((resolve) => setTimeout(resolve, 20));
  end();
  await Promise.all([resting, used]);
  expect(told).toEqual(['rest', 'use', 'long rest', 'use after it']);
});

it('waits for as long as it was told', async () => {
  const idleness = new Idleness(60_000);
  let isDone = false;
  await idleness.look(async () => {
    isDone = true;
  });
  expect(isDone).toBe(false);
});
