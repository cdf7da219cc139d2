import { describe, expect, it } from 'vitest';
import type { RowStream } from '../services';
import { ExportTickets } from './ExportTickets';
import { ANYBODY, type Caller } from './Tokens';

const request = { runs: ['r'], table: 't', format: 'csv' as const };
const rows = (total: number): RowStream => ({ columns: [], total, chunks: async function* () {} });

describe('ExportTickets', () => {
  it('gives a ticket back to whoever asked for it, until it expires', () => {
    const time = { wall: 1e12, steady: 5 };
    const tickets = new ExportTickets({ now: () => time.wall, steady: () => time.steady });
    const { id, expiresAt } = tickets.create(rows(1), request, ANYBODY);
    const somebodyElse: Caller = { ...ANYBODY, key: 'else' };
    expect(id).toMatch(/^[\w-]{32}$/);
    expect(tickets.get(id, ANYBODY).request).toBe(request);
    expect(() => tickets.get(id, somebodyElse)).toThrow('No such export');
    time.steady += expiresAt - time.wall - 1;
    time.wall += 86_400_000;
    expect(tickets.get(id, ANYBODY).request).toBe(request);
    time.steady++;
    time.wall = 0;
    expect(() => tickets.get(id, ANYBODY)).toThrow('No such export');
  });

  it('lets the oldest go when there are too many, or when they remember too many rows', () => {
    const tickets = new ExportTickets();
    const first = tickets.create(rows(1), request, ANYBODY).id;
    const second = tickets.create(rows(4_000_000), request, ANYBODY).id;
    const third = tickets.create(rows(4_500_000), request, ANYBODY).id;
    expect(() => tickets.get(first, ANYBODY)).toThrow();
    expect(() => tickets.get(second, ANYBODY)).toThrow();
    expect(tickets.get(third, ANYBODY).stream.total).toBe(4_500_000);
    for (let i = 0; i < 1_000; i++) {
      tickets.create(rows(1), request, ANYBODY);
    }
    expect(() => tickets.get(third, ANYBODY)).toThrow();
  });

  it('forgets for one caller what that one asked for, and nobody else', () => {
    const tickets = new ExportTickets();
    const other: Caller = { ...ANYBODY, key: 'other' };
    const kept = tickets.create(rows(4_000_000), request, other).id;
    for (let i = 0; i < 2_000; i++) {
      tickets.create(rows(i % 100 === 0 ? 30_000_000 : 2), request, ANYBODY);
    }
    // Rows beyond all limits have the whole room to themselves.
    expect(() => tickets.get(kept, other)).toThrow();
    const again = tickets.create(rows(4_000_000), request, other).id;
    for (let i = 0; i < 2_000; i++) {
      tickets.create(rows(1_000_000), request, ANYBODY);
    }
    expect(tickets.get(again, other).stream.total).toBe(4_000_000);
  });
});
