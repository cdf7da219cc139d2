import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { InOrder } from './InOrder';

it('lets calls of one key go on in the order in which they came, whichever is ready first', async () => {
  const order = new InOrder();
  const gone: string[] = [];
  const call = (key: string, name: string, milliseconds: number) =>
    order.go(key, sleep(milliseconds, name), async (ready) => {
      gone.push(ready);
      return name.toUpperCase();
    });
  const answers = await Promise.all([call('a', 'slow', 60), call('a', 'quick', 0), call('b', 'other', 0)]);
  expect(answers).toEqual(['SLOW', 'QUICK', 'OTHER']);
  expect(gone).toEqual(['other', 'slow', 'quick']);
});

it('goes on after one that failed, and waits for no end', async () => {
  const order = new InOrder();
  const failed = order.go('a', Promise.reject(new Error('no')), async () => 'never');
  const endless = order.go('a', Promise.resolve(), () => new Promise(() => {}));
  const last = order.go('a', Promise.resolve('yes'), async (ready) => ready);
  await expect(failed).rejects.toThrow('no');
  expect(await last).toBe('yes');
  expect(await Promise.race([endless, sleep(10, 'still')])).toBe('still');
});
