import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExportSlots } from './ExportSlots';

describe('ExportSlots', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function* parts() {
    yield 1;
    yield 2;
  }
  /** Exports whose first part is read, and waits for the client. */
  async function begin(slots: ExportSlots, caller: string, count: number) {
    const cut: number[] = [];
    const passing = await Promise.all(
      Array.from({ length: count }, async (_, i) => {
        const slot = slots.begin(caller, () => cut.push(i));
        const passed = slot.pass(parts());
        await passed.next();
        return { slot, passed };
      }),
    );
    return { cut, passing };
  }

  it('lets one caller download so many at one time, and one more when one is done; others go on', async () => {
    const slots = new ExportSlots();
    const { passing, cut } = await begin(slots, 'a', 8);
    expect(() => slots.begin('a', () => {})).toThrow('retry in 5 seconds');
    await begin(slots, 'b', 8);
    passing[0]?.slot.done();
    passing[0]?.slot.done();
    slots.begin('a', () => {});
    expect(() => slots.begin('a', () => {})).toThrow();
    expect(cut).toEqual([]);
  });

  it('ends the one whose client has not taken it for longest, for one that wants to begin', async () => {
    const slots = new ExportSlots();
    const { cut, passing } = await begin(slots, 'a', 8);
    vi.advanceTimersByTime(3_000);
    for (const { passed } of passing.slice(0, 2)) {
      await passed.next();
    }
    await begin(slots, 'a', 1);
    expect(cut).toEqual([2]);
    for (const caller of ['b', 'c']) {
      await begin(slots, caller, 8);
    }
    // By now everybody together has as many as there may be.
    await begin(slots, 'd', 1);
    expect(cut).toEqual([2, 3]);
  });
});
