import { EventEmitter } from 'node:events';
import type { FastifyReply } from 'fastify';
import { describe, expect, it } from 'vitest';
import { Turn } from '../Turn';
import { FewAtOnce } from './FewAtOnce';
import { Room } from './Room';
import { sorted } from './sorted';

describe('few at once', () => {
  it('are worked on, and no caller keeps all others out', async () => {
    const few = new FewAtOnce({ what: 'things', atOnce: 3, patience: 5_000 });
    const order: string[] = [];
    let now = 0;
    let most = 0;
    const work = (caller: string) =>
      few.run(
        async () => {
          most = Math.max(most, ++now);
          order.push(caller);
          await new Promise((resolve) => setTimeout(resolve, 5));
          now--;
        },
        { caller },
      );
    await Promise.all([...Array.from({ length: 20 }, () => work('many')), work('one')]);
    expect(most).toBe(3);
    expect(order.indexOf('one')).toBeLessThan(4);
  });

  it('refuse one that waited too long, and let go of one that nobody waits for', async () => {
    const few = new FewAtOnce({ what: 'things', atOnce: 1, patience: 20 });
    let finish = () => {};
    const held = few.run(() => new Promise<void>((resolve) => (finish = resolve)), { caller: 'a' });
    await expect(few.run(async () => 1, { caller: 'b' })).rejects.toMatchObject({ code: 'too_busy', retryAfter: 5 });
    const gone = new AbortController();
    const waiting = few.run(async () => 1, { caller: 'c', signal: gone.signal });
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await new Promise((resolve) => setTimeout(resolve, 5));
    finish();
    await held;
    expect(await few.run(async () => 2, { caller: 'd' })).toBe(2);
  });
});

describe('room', () => {
  const reply = () => {
    const raw = Object.assign(new EventEmitter(), { closed: false });
    return { raw } as unknown as FastifyReply;
  };

  it('is held until an answer is over; a caller has half of it at the most', () => {
    const room = new Room('answers', 100);
    const first = reply();
    room.hold(first, 50, 'a');
    expect(() => room.hold(reply(), 1, 'a')).toThrow(expect.objectContaining({ code: 'too_busy' }));
    room.hold(reply(), 40, 'b');
    expect(() => room.hold(reply(), 20, 'c')).toThrow(expect.objectContaining({ code: 'too_busy' }));
    first.raw.emit('close');
    room.hold(reply(), 20, 'c');
    room.hold(reply(), 40, 'a');
  });

  it('is not held for an answer that nobody waits for any more', () => {
    const room = new Room('answers', 100);
    const over = reply();
    Object.assign(over.raw, { closed: true });
    for (let i = 0; i < 10; i++) {
      room.hold(over, 50, 'a');
    }
  });
});

it('sorts in turns as sort does, equal ones in their order', async () => {
  for (const length of [0, 1, 2_048, 2_049, 30_001]) {
    const list = Array.from({ length }, (_, i) => ({ i, key: (i * 7_919) % 101 }));
    const compare = (a: { key: number }, b: { key: number }) => a.key - b.key;
    expect(await sorted(list, compare, new Turn())).toEqual(list.toSorted(compare));
  }
});
