import { describe, expect, it } from 'vitest';
import { changeView, initialView, type ViewAction } from './ViewState';

const stateAfter = (...actions: ViewAction[]) => actions.reduce(changeView, initialView('a'));

describe('changeView', () => {
  it('sorts ascending, descending, not at all, and starts at the top each time', () => {
    const sort: ViewAction = { type: 'sort', column: 'reward' };
    expect(stateAfter({ type: 'goTo', anchor: 50 }, sort)).toMatchObject({
      anchor: 0,
      orderBy: [{ column: 'reward', direction: 'asc' }],
    });
    expect(stateAfter(sort, sort).orderBy).toEqual([{ column: 'reward', direction: 'desc' }]);
    expect(stateAfter(sort, sort, sort).orderBy).toEqual([]);
    expect(stateAfter(sort, { type: 'sort', column: 'step' }).orderBy).toEqual([{ column: 'step', direction: 'asc' }]);
  });

  it('keeps columns and order, not the place, when another table shows', () => {
    const columns = ['reward', 'response'];
    const before = stateAfter(
      { type: 'setColumns', columns },
      { type: 'sort', column: 'reward' },
      { type: 'open', row: 7 },
    );
    expect(changeView(before, { type: 'show', subject: 'b' })).toEqual({
      ...before,
      subject: 'b',
      anchor: 0,
      open: undefined,
    });
  });

  it('is the very same state when the same table shows again', () => {
    const state = stateAfter({ type: 'goTo', anchor: 50 });
    expect(changeView(state, { type: 'show', subject: 'a' })).toBe(state);
  });

  it('turns the page with the open row, and stays there when it closes', () => {
    expect(stateAfter({ type: 'open', row: 12 }, { type: 'close' })).toMatchObject({ anchor: 12, open: undefined });
  });

  it('resets to the saved state', () => {
    const changed = stateAfter(
      { type: 'setColumns', columns: ['x'] },
      { type: 'goTo', anchor: 9 },
      { type: 'open', row: 9 },
    );
    expect(changeView(changed, { type: 'reset' })).toEqual(initialView('a'));
  });
});
