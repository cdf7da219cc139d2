import type { Run, RunEvent } from '@rolloscope/contract/types';
import { expect, it } from 'vitest';
import { eventsFrame } from './eventsFrame';

const event = (partial: Partial<RunEvent>): RunEvent => ({
  id: 'e',
  run: 'a',
  type: 'checkpoint',
  time: 10,
  title: 'Saved',
  ...partial,
});
const runs = new Map([['a', { id: 'a', name: 'first' } as Run]]);

function columnsOf(events: RunEvent[], linkTo?: (run: string, step: number | undefined) => string) {
  const { fields } = eventsFrame({ events }, { refId: 'A', runs, ...(linkTo && { linkTo }) });
  return Object.fromEntries(fields.map(({ name, values }) => [name, values]));
}

it('are annotations with whose they are, and a link to their rollouts', () => {
  const columns = columnsOf([event({ step: 70, text: 'to disk' })], (run, step) => `/d/x?run=${run}&step=${step}`);
  expect(columns).toMatchObject({ time: [10], timeEnd: [10], title: ['Saved'], tags: [['checkpoint', 'first']] });
  expect(columns.text).toEqual([
    'to disk · first · step 70<br><a href="/d/x?run=a&amp;step=70">Rollouts of this step</a>',
  ]);
});

it('are never HTML of whoever logged them', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const { title, text } = columnsOf([event({ title: hostile, text: hostile, run: hostile })], () => `/"${hostile}`);
  for (const shown of [title?.[0], text?.[0]]) {
    expect(shown.replaceAll('<br><a href="', '').replaceAll('">Rollouts of this run</a>', '')).not.toMatch(/[<>"]/);
  }
});

it('are regions from a crash to where the run went on, and from an alert to its recovery', () => {
  const columns = columnsOf([
    event({ id: 'crash', type: 'crash', time: 10 }),
    event({ id: 'other', type: 'reopen', time: 12, run: 'b' }),
    event({ id: 'alert', type: 'regression', time: 15 }),
    event({ id: 'back', type: 'attempt', time: 20 }),
    event({ id: 'good', type: 'recovery', time: 30, values: { closes: 'alert' } }),
    event({ id: 'late', type: 'failed', time: 40 }),
  ]);
  expect(columns.timeEnd).toEqual([20, 12, 30, 20, 30, 40]);
});
