import { expect, it } from 'vitest';
import type { Page } from '../data/TableData';
import { labelCell } from './labelCell';

const page = (cells: Record<string, unknown>) => ({ cell: (_: number, name: string) => cells[name] ?? null }) as Page;

it('says at a glance, and in words, what people say', () => {
  const said = {
    labelStars: 2,
    labelVerdict: 'hack',
    labelVerdicts: 2,
    labelComment: 'a\nb',
    labelPeople: 'ada, \u202ebob',
  };
  expect(labelCell(page(said), 0)).toEqual({
    text: '★2 hack ≠ ✎',
    means: '2 stars; hack, the newest of 2 different verdicts; “a\\nb”; by ada, \\u202ebob',
  });
  expect(labelCell(page({ labelStars: 1, labelPeople: 'ada' }), 0)).toEqual({ text: '★', means: '1 star; by ada' });
  expect(labelCell(page({}), 0)).toEqual({ text: '', means: '' });
});
