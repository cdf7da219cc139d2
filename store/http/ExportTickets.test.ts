import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RowStream } from '../services';
import { ExportTickets } from './ExportTickets';
import { ANYBODY, type Caller } from './Tokens';

const request = { runs: ['r'], table: 't', format: 'csv' as const };
const rows = (total: number): RowStream => ({ columns: [], total, chunks: async function* () {} });

describe('ExportTickets', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives a ticket back to whoever asked for it, until it expires', () => {
    vi.useFakeTimers();
    const tickets = new ExportTickets();
    const { id, expiresAt } = tickets.create(rows(1), request, ANYBODY);
    const somebodyElse: Caller = { ...ANYBODY, key: 'else' };
    expect(id).toMatch(/^[\w-]{32}$/);
    expect(tickets.get(id, ANYBODY).request).toBe(request);
    expect(() => tickets.get(id, somebodyElse)).toThrow('No such export');
    vi.setSystemTime(expiresAt);
    expect(() => tickets.get(id, ANYBODY)).toThrow('No such export');
  });

  it('lets the oldest go when there are too many, or when they remember too many rows', () => {
    const tickets = new ExportTickets();
    const first = tickets.create(rows(1), request, ANYBODY).id;
    const second = tickets.create(rows(19_000_000), request, ANYBODY).id;
    const third = tickets.create(rows(5_000_000), request, ANYBODY).id;
    expect(() => tickets.get(first, ANYBODY)).toThrow();
    expect(() => tickets.get(second, ANYBODY)).toThrow();
    expect(tickets.get(third, ANYBODY).stream.total).toBe(5_000_000);
    for (let i = 0; i < 1_000; i++) {
      tickets.create(rows(1), request, ANYBODY);
    }
    expect(() => tickets.get(third, ANYBODY)).toThrow();
  });

  it('lets so many be read at one time, and one more when one is done', () => {
    const tickets = new ExportTickets();
    const readings = Array.from({ length: 8 }, () => tickets.begin());
    expect(() => tickets.begin()).toThrow('retry in 5 seconds');
    readings[0]?.done();
    readings[0]?.done();
    tickets.begin();
    expect(() => tickets.begin()).toThrow();
  });
});
