import { LogRequest, MetricsRequest, RowsRequest, RunPut } from '@rolloscope/contract';
import type { TSchema } from 'typebox';
import { describe, expect, it } from 'vitest';
import type { StoreError } from '../StoreError';
import { checker } from './checker';

function refusal(schema: TSchema, value: unknown): string {
  try {
    checker(schema, 'The body')(value);
  } catch (cause) {
    const { code, message } = cause as StoreError;
    return `${code}: ${message}`;
  }
  return 'taken';
}

const log = (entry: unknown) => refusal(LogRequest, { entries: [{}, entry] });
const rows = (partial: object) => refusal(RowsRequest, { runs: ['r'], table: 't', ...partial });

describe('checker', () => {
  it('gives a good value back as it is', () => {
    const body = { entries: [{ step: 1, metrics: { ['__proto__']: 1, 'a/b': 'NaN' } }] };
    expect(checker(LogRequest, 'The body')(body)).toBe(body);
  });

  it.each([
    [{ step: '5' }, 'entries[1].step must be a whole number, not "5".'],
    [{ step: null }, 'entries[1].step must be a whole number, not null.'],
    [{ step: true }, 'entries[1].step must be a whole number, not true.'],
    [{ step: 1.5 }, 'entries[1].step must be a whole number, not 1.5.'],
    [{ metric: {} }, 'entries[1] has an unknown field "metric"; known are step, time, metrics, tables.'],
    [
      { metrics: { 'a b': 'nan' } },
      'entries[1].metrics["a b"] must be a number or one of "NaN", "Infinity", "-Infinity" or the digits of a large integer, not "nan".',
    ],
    [{ metrics: { '': 1 } }, 'entries[1].metrics has a name that must not be empty.'],
    [{ tables: { t: { columns: ['a'] } } }, 'entries[1].tables.t.rows is missing.'],
    [
      { tables: { t: { columns: [{ name: 'a', rôle: 1 }], rows: [] } } },
      'entries[1].tables.t.columns[0] has an unknown',
    ],
    [
      { tables: { t: { columns: [5], rows: [] } } },
      'entries[1].tables.t.columns[0] must be a string or an object, not 5.',
    ],
    ['x', 'entries[1] must be an object, not "x".'],
  ])('says what is wrong with the entry %j', (entry, message) => {
    expect(log(entry)).toContain(`invalid_request: ${message}`);
  });

  it('finds a fault inside the alternative that was meant', () => {
    expect(rows({ filter: [{ anyOf: [{ column: 'a', op: 'like' }] }] })).toContain(
      'filter[0].anyOf[0].op must be one of',
    );
    expect(rows({ search: { text: 'x', mode: 'fuzzy' } })).toContain(
      'search.mode must be one of "plain", "word", "regex"',
    );
    expect(rows({ runs: { where: 'x' } })).toBe('invalid_request: runs.where must be a list, not "x".');
    expect(refusal(MetricsRequest, { runs: ['r'], metrics: ['m'], x: 'time ' })).toContain(
      'x must be one of "step", "time"',
    );
  });

  it('names limits', () => {
    expect(refusal(LogRequest, { entries: Array(10_001).fill({}) })).toBe(
      'limit_exceeded: entries has 10,001 entries; the limit is 10,000.',
    );
    expect(rows({ limit: 1_001 })).toBe('limit_exceeded: limit is 1,001; the limit is 1,000.');
    expect(rows({ table: '😀'.repeat(257) })).toBe('limit_exceeded: table has 257 characters; the limit is 256.');
    expect(rows({ runs: Array(1_001).fill('r') })).toContain('limit_exceeded: runs has 1,001 entries');
  });

  it('says what the body itself is', () => {
    expect(refusal(RunPut, undefined)).toBe('invalid_request: The body must be an object, not nothing.');
    expect(refusal(RunPut, [])).toBe('invalid_request: The body must be an object, not an empty list.');
    expect(refusal(RunPut, {})).toBe('invalid_request: project is missing.');
  });
});
