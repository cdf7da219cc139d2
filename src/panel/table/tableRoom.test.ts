import { FieldType } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import type { TableColumn } from '../data/TableData';
import { DEFAULT_OPTIONS } from '../options';
import { chooseColumns } from './columns';
import { HEIGHTS } from './panelLayout';
import { tableRoom } from './tableRoom';
import { initialView } from './ViewState';

const column = (name: string, role: TableColumn['role']): TableColumn => ({
  name,
  label: name,
  type: 'string',
  ...(role && { role }),
  field: { name, type: FieldType.string, config: {}, values: [] },
});
const COLUMNS = [column('prompt', 'prompt'), column('response', 'response'), column('note', undefined)];
const NONE = { columns: undefined, pinned: undefined };

describe('chooseColumns', () => {
  it('takes the viewer before the panel, and the pinned ones first', () => {
    expect(chooseColumns(COLUMNS, {}, NONE).names).toEqual(['prompt', 'response']);
    const saved = { columns: ['prompt', 'note'], pinned: ['note'] };
    expect(chooseColumns(COLUMNS, saved, NONE)).toMatchObject({ names: ['note', 'prompt'], pinned: ['note'] });
    const own = { columns: ['response', 'prompt'], pinned: [] };
    expect(chooseColumns(COLUMNS, saved, own)).toMatchObject({ names: ['response', 'prompt'], pinned: [] });
  });
});

describe('tableRoom', () => {
  const needs = {
    columns: chooseColumns(COLUMNS, {}, NONE),
    characters: {},
    total: 10_000,
    hasTicks: false,
    maxPageRows: 1_000,
  };
  const box = { width: 900, height: 600 };
  const view = initialView('table');

  it('has as many rows on a page as fit, unless the panel or the table says fewer', () => {
    const { pageSize, layout } = tableRoom(box, DEFAULT_OPTIONS, view, needs);
    const { rowHeight, rowsHeight } = layout(false);
    expect(pageSize).toBe(Math.floor(rowsHeight / rowHeight));
    expect(pageSize).toBeGreaterThan(3);
    expect(tableRoom(box, { ...DEFAULT_OPTIONS, pageSize: 50 }, view, needs).pageSize).toBe(50);
    expect(tableRoom(box, { ...DEFAULT_OPTIONS, pageSize: 50 }, view, { ...needs, maxPageRows: 20 }).pageSize).toBe(20);
  });

  it('gives the strip of faults room of the rows, and takes no row off the page for it', () => {
    const { layout } = tableRoom(box, DEFAULT_OPTIONS, view, needs);
    expect(layout(false).bodyHeight - layout(true).bodyHeight).toBe(HEIGHTS.strip);
  });

  it('leaves room for the bar that scrolls sideways where columns are wider than the panel', () => {
    const wide = { ...view, widths: { prompt: 1_500 } };
    const [narrow, scrolled] = [view, wide].map((one) => tableRoom(box, DEFAULT_OPTIONS, one, needs).layout(false));
    expect(scrolled?.rowsHeight).toBeLessThan(narrow?.rowsHeight ?? 0);
  });
});
