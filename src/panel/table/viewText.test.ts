import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeView, initialView, type ViewAction } from './ViewState';
import { readView, writeView } from './viewText';

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((one) => one.isWellFormed());
const condition = fc.oneof(
  fc.record({
    column: text,
    op: fc.constantFrom('ge' as const, 'lt' as const),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
  }),
  fc.record({ column: text, op: fc.constant('in' as const), value: fc.array(text, { maxLength: 3 }) }),
  fc.record({ column: text, op: fc.constant('isNull' as const) }),
);
const action: fc.Arbitrary<ViewAction> = fc.oneof(
  fc.record({ type: fc.constant('goTo' as const), anchor: fc.nat(1e9) }),
  fc.record({ type: fc.constant('sort' as const), column: text, add: fc.boolean() }),
  fc.record({ type: fc.constant('lens' as const), lens: fc.constantFrom('worst' as const, undefined) }),
  fc.record({
    type: fc.constant('filterColumn' as const),
    column: text,
    conditions: fc.array(condition, { maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('search' as const),
    search: fc.record({ text, mode: fc.constantFrom('plain' as const, 'word' as const, 'regex' as const) }),
  }),
  fc.record({ type: fc.constant('setColumns' as const), columns: fc.array(text, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type: fc.constant('pin' as const), columns: fc.array(text, { maxLength: 3 }) }),
  fc.record({ type: fc.constant('resize' as const), column: text, width: fc.integer({ min: 40, max: 2000 }) }),
  fc.record({ type: fc.constant('open' as const), row: fc.nat(1e9), rowId: text }),
  fc.constant({ type: 'close' as const }),
  fc.record({ type: fc.constant('setDistribution' as const), isOpen: fc.boolean() }),
);

describe('a view in an address', () => {
  it('comes back as it was, through the encoding of an address too', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
        const view = actions.reduce(changeView, initialView('k3'));
        const address = new URLSearchParams({ 'rollouts-1': writeView(view) }).toString();
        const read = readView(new URLSearchParams(address).get('rollouts-1') ?? '');
        // Without a place in the table there is no need to say which table it is.
        expect({ ...read, subject: 'k3' }).toEqual(view);
      }),
    );
  });

  it('is empty where nothing has changed, and short and readable where little has', () => {
    expect(writeView(initialView('k3'))).toBe('');
    const actions: ViewAction[] = [
      { type: 'lens', lens: 'worst' },
      { type: 'search', search: { text: 'not possible', mode: 'word', case: true } },
      { type: 'sort', column: 'reward' },
      { type: 'sort', column: 'step', add: true },
      { type: 'sort', column: 'step', add: true },
      { type: 'open', row: 17, rowId: 'r1_9' },
    ];
    expect(writeView(actions.reduce(changeView, initialView('k3')))).toBe(
      'lens.worst~search.word%2B!not%20possible~sort.reward!-step~at.k3!17~row.r1_9',
    );
  });

  it('reads whatever someone wrote, and keeps to the defaults where it is wrong', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (some) => void readView(some)));
    for (const wrong of [
      'lens.nothing',
      'filter.like%20%5B%22a%22%5D',
      'search.fuzzy!x',
      'at.k!-5',
      '__proto__.x',
      '%',
    ]) {
      expect({ ...readView(wrong), subject: '' }).toEqual(initialView(''));
    }
  });
});
