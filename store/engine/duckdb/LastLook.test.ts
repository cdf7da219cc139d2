import { expect, it } from 'vitest';
import { LastLook } from './LastLook';

it('is the last one while work goes on that a look would wait for, also one that has begun', async () => {
  const looks: Array<(value: number) => void> = [];
  const look = new LastLook(() => new Promise<number>((resolve) => looks.push(resolve)));
  const first = look.take();
  looks[0]?.(1);
  expect(await first).toBe(1);
  const begun = look.take();
  let end = () => {};
  const work = look.without(() => new Promise<void>((resolve) => (end = resolve)));
  expect([await begun, await look.take(), looks.length]).toEqual([1, 1, 2]);
  looks[1]?.(2);
  end();
  await work;
  const next = look.take();
  looks[2]?.(3);
  expect(await next).toBe(3);
});

it('fails as the look does', async () => {
  let fails = false;
  const look = new LastLook(async () => {
    if (fails) {
      throw new Error('closed');
    }
    return 1;
  });
  expect(await look.take()).toBe(1);
  fails = true;
  await expect(look.take()).rejects.toThrow('closed');
});
