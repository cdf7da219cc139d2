import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SliceRoom } from './SliceRoom';

let room: SliceRoom;
let turns: string[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  room = new SliceRoom();
  turns = [];
});
afterEach(() => {
  vi.useRealTimers();
});

async function enter(caller: string, signal?: AbortSignal) {
  const held = await room.enter(caller, signal);
  turns.push(caller);
  return held;
}
const settle = () => new Promise(setImmediate);

it('lets two callers hold a slice, each one, and the next in when one leaves', async () => {
  const first = await enter('a');
  void enter('a');
  const other = await enter('b');
  void enter('c');
  await settle();
  expect(turns).toEqual(['a', 'b']);
  first.leave();
  await settle();
  expect(turns).toEqual(['a', 'b', 'a']);
  other.leave();
  await settle();
  expect(turns).toEqual(['a', 'b', 'a', 'c']);
});

it('gives turns to callers, however many exports one of them has waiting', async () => {
  const held = [await enter('a'), await enter('b')];
  const passThrough = async (caller: string) => (await enter(caller)).leave();
  const waiting = [...Array.from({ length: 10 }, () => passThrough('a')), passThrough('c'), passThrough('d')];
  for (const one of held) {
    one.leave();
  }
  await Promise.all(waiting);
  expect(turns.indexOf('d')).toBeLessThan(6);
  expect(turns).toHaveLength(14);
});

it('lets go of whoever is cancelled while it waits', async () => {
  const held = await enter('a');
  const abort = new AbortController();
  const gone = enter('a', abort.signal);
  const next = enter('a');
  abort.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  held.leave();
  await expect(next).resolves.toBeDefined();
});

it('gives up a slice that nobody goes on with, once another waits, and never twice', async () => {
  const held = await enter('a');
  const giveUp = vi.fn(held.leave);
  const unwatch = held.watch(giveUp);
  vi.advanceTimersByTime(60_000);
  expect(giveUp).not.toHaveBeenCalled();
  const next = enter('a');
  await settle();
  expect(turns).toEqual(['a']);
  vi.advanceTimersByTime(2_000);
  expect(giveUp).toHaveBeenCalledTimes(1);
  await next;
  // What leaves anew, as the export does in the end, is not what the other one holds by now.
  held.leave();
  unwatch();
  void enter('a');
  await settle();
  expect(turns).toEqual(['a', 'a']);
});

it('keeps the slice of whoever goes on in time', async () => {
  const held = await enter('a');
  void enter('a');
  const giveUp = vi.fn();
  for (let part = 0; part < 20; part++) {
    const unwatch = held.watch(giveUp);
    vi.advanceTimersByTime(1_900);
    unwatch();
  }
  await settle();
  expect(giveUp).not.toHaveBeenCalled();
  expect(turns).toEqual(['a']);
});
