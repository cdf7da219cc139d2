import { expect, it } from 'vitest';
import { type MetricsView, readView, writeView } from './MetricsView';

const INITIAL: MetricsView = {
  search: '',
  log: undefined,
  smoothing: undefined,
  x: 'step',
  closed: [],
  only: undefined,
  range: undefined,
};

it('is empty while nothing was changed', () => {
  expect(writeView(INITIAL)).toBe('');
  expect(readView('')).toEqual(INITIAL);
});

it('comes back from the address as it was, whatever names hold', () => {
  const view: MetricsView = {
    search: 'loss ~!.* %7E',
    log: false,
    smoothing: 0.65,
    x: 'elapsed',
    closed: ['a~b', '', 'c!d.e'],
    only: 'actor/grad~norm!50%.max',
    range: { from: 10, to: 250 },
  };
  expect(readView(writeView(view))).toEqual(view);
});

it.each(['range.9!3', 'range.a!b', 'smooth.-', 'x.sideways', 'log.maybe', 'nothing', '~~', '.'])(
  'leaves at its default what cannot be read: %s',
  (text) => {
    expect(readView(text)).toEqual(INITIAL);
  },
);

it('keeps smoothing within what a line bears', () => {
  expect(readView('smooth.7').smoothing).toBe(0.99);
  expect(readView('smooth.-1').smoothing).toBe(0);
});
