import { expect, it } from 'vitest';
import { atOnce } from '../Turn';
import { byStep } from './byStep';

const columns = ['step', { name: 'x', role: 'prompt' as const }];

it('gives the rows of each step an entry of their own, those without one the step of the table', () => {
  const rows = [
    [5, 'a'],
    [10, 'b'],
    [5, 'c'],
    [null, 'd'],
  ];
  expect(atOnce(byStep('t', { columns, rows }, 7))).toEqual([
    { step: 5, tables: { t: { columns, rows: [rows[0], rows[2]] } } },
    { step: 10, tables: { t: { columns, rows: [rows[1]] } } },
    { step: 7, tables: { t: { columns, rows: [rows[3]] } } },
  ]);
  expect(atOnce(byStep('t', { columns: ['x'], rows: [['a']] }, undefined))).toEqual([
    { tables: { t: { columns: ['x'], rows: [['a']] } } },
  ]);
  expect(atOnce(byStep('t', { columns, rows: [] }, 1))).toEqual([]);
});

it('keeps a table whole whose steps are an index', () => {
  const rows = Array.from({ length: 2_000 }, (_, i) => [i, 'a']);
  expect(atOnce(byStep('t', { columns, rows }, undefined))).toEqual([{ tables: { t: { columns, rows } } }]);
});
