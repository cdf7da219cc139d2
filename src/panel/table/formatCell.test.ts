import { type Field, FieldType } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import type { TableColumn } from '../data/TableData';
import { formatCell } from './formatCell';

const format = { limit: 100, timeZone: 'utc' };

function createColumn(partial: Partial<TableColumn> = {}, config: Field['config'] = {}): TableColumn {
  const field: Field = { name: 'x', type: FieldType.number, config, values: [] };
  return { name: 'x', label: 'x', type: 'number', field, ...partial };
}

describe('formatCell', () => {
  it('shortens a float and tells the exact value', () => {
    expect(formatCell(createColumn(), 0.1 + 0.2, format)).toEqual({ text: '0.3', exact: '0.30000000000000004' });
    expect(formatCell(createColumn(), 1.1, format)).toEqual({ text: '1.1' });
  });

  it('writes a step without separators', () => {
    expect(formatCell(createColumn({ role: 'step' }), 1234567, format)).toEqual({ text: '1234567' });
  });

  it('says nothing twice where the format changes nothing', () => {
    const column = createColumn({ role: 'step' }, { decimals: 0 });
    column.field.display = (value) => ({ text: String(value), numeric: Number(value) });
    expect(formatCell(column, 45, format)).toEqual({ text: '45' });
  });

  it('begins a prompt with its question, where that is wanted', () => {
    const prompt = '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n2+2?<|im_end|>\n';
    const column = createColumn({ type: 'string', role: 'prompt' });
    expect(formatCell(column, prompt, { ...format, fromQuestion: true })).toEqual({ text: '…2+2?<|im_end|>\\n' });
    expect(formatCell(column, prompt, format).text).toMatch(/^<\|im_start\|>system/);
  });

  it('cuts a huge text before it looks at it', () => {
    const { text } = formatCell(createColumn({ type: 'string' }), 'a\n'.repeat(1_000_000), format);
    expect(text).toBe(`${'a\\n'.repeat(50)}…`);
  });

  it('marks a preview as cut', () => {
    expect(formatCell(createColumn({ type: 'string' }), 'abc', format, 4_000).text).toBe('abc…');
    expect(formatCell(createColumn({ type: 'string' }), 'abc', format, 3).text).toBe('abc');
  });

  it('is empty for what is absent, JSON for objects', () => {
    expect(formatCell(createColumn(), null, format)).toEqual({ text: '' });
    expect(formatCell(createColumn({ type: 'json' }), [{ role: 'user' }], format).text).toBe('[{"role":"user"}]');
  });

  it('follows a unit of the field', () => {
    const column = createColumn({}, { unit: 'percentunit' });
    column.field.display = (value) => ({ text: String(Number(value) * 100), suffix: '%', numeric: Number(value) });
    expect(formatCell(column, 0.5, format)).toEqual({ text: '50%', exact: '0.5' });
  });

  it('writes a time in the time zone of the dashboard', () => {
    const column = createColumn({ type: 'time' });
    expect(formatCell(column, Date.UTC(2026, 0, 2, 3, 4, 5), format)).toEqual({
      text: '2026-01-02 03:04:05',
      exact: '2026-01-02T03:04:05.000Z',
    });
  });
});
