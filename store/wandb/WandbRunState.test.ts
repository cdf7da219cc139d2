import { expect, it } from 'vitest';
import { STATE, takeUnseen, type WandbRunState } from './WandbRunState';

const tell = (line: string) => line;
const take = (state: WandbRunState, file: string, offset = 0) =>
  takeUnseen(state, file, { offset, content: ['{}'] }, tell).lines.length;

it('of many writers of one run those are remembered that wrote last, and the one that is alone', () => {
  const state = STATE.empty();
  take(state, 'history');
  for (let i = 0; i < 3_050; i++) {
    take(state, `history ${i}`);
    take(state, 'history first', i);
  }
  expect(Object.keys(state.files).length).toBeLessThan(3_010);
  expect(JSON.stringify(state).length).toBeLessThan(300_000);
  // What comes again of those that are remembered is seen to.
  expect(take(state, 'history')).toBe(0);
  expect(take(state, 'history 3049')).toBe(0);
  expect(take(state, 'history first', 3_049)).toBe(0);
});
