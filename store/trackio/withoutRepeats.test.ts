import { expect, it } from 'vitest';
import { type NewestCompletions, withoutRepeats } from './withoutRepeats';

const run = { project: 'p', name: 'r', id: 'r' };

/** The names that a call still logs. */
function logged(newest: NewestCompletions, logId: string, rows: object[], more: object = {}): string[] {
  const values = { completions: { _type: 'trackio.table', _value: rows } };
  const steps = withoutRepeats({ run, values, step: 1, logId, ...more }, newest);
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      return Object.keys(value);
    }
  }
}

it('rows that TRL shows once more at its end are left out, and no others', () => {
  const newest: NewestCompletions = {};
  const rows = [{ step: 12, prompt: 'p', completion: 'c' }];
  expect(logged(newest, 'a', rows)).toEqual(['completions']);
  expect(logged(newest, 'b', rows)).toEqual([]);
  // The answer was lost, or the store was full: the call comes again.
  expect(logged(newest, 'a', rows)).toEqual(['completions']);
  // Another process takes the step again.
  expect(logged(newest, 'c', rows, { config: {} })).toEqual(['completions']);
});

it('rows without a step of their own may be the same at the next one', () => {
  const newest: NewestCompletions = {};
  const rows = [{ prompt: 'p', completion: 'c' }];
  expect(logged(newest, 'a', rows)).toEqual(['completions']);
  expect(logged(newest, 'b', rows)).toEqual(['completions']);
});
