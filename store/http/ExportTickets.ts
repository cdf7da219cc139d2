import { randomBytes } from 'node:crypto';
import type { ExportRequest } from '@rolloscope/contract/types';
import { CLOCK, type Clock } from '../Clock';
import { StoreError } from '../StoreError';
import type { RowStream } from '../services';
import type { Caller } from './Tokens';

export interface ExportTicket {
  stream: RowStream;
  request: ExportRequest;
  caller: string;
  /** Milliseconds of the steady clock, since the machine's may be set meanwhile. */
  endsAt: number;
}

/** Milliseconds that a ticket can be used for. */
const LIFETIME = 15 * 60_000;
/** Tickets held at one time; the oldest goes first. One caller's never push out another's, up to a quarter of all. */
const MAX_TICKETS = 1_000;
/** Rows of all tickets: each ticket remembers which rows it is of, at 8 bytes a row. */
const MAX_ROWS = 20_000_000;
const SHARE = 4;

/** Exports that were asked for and may be downloaded, each by whoever asked, as often as they like. */
export class ExportTickets {
  readonly #tickets = new Map<string, ExportTicket>();

  constructor(private readonly clock: Clock = CLOCK) {}

  create(stream: RowStream, request: ExportRequest, caller: Caller): { id: string; expiresAt: number } {
    this.#makeRoom(
      [...this.#tickets].filter(([, ticket]) => ticket.caller === caller.key),
      stream.total,
      SHARE,
    );
    this.#makeRoom([...this.#tickets], stream.total, 1);
    const id = randomBytes(24).toString('base64url');
    const endsAt = this.clock.steady() + LIFETIME;
    this.#tickets.set(id, { stream, request, caller: caller.key, endsAt });
    return { id, expiresAt: Math.round(this.clock.now() + LIFETIME) };
  }

  /** Forgets the oldest of these, until one more of so many rows fits into their share. */
  #makeRoom(tickets: [string, ExportTicket][], rows: number, share: number): void {
    let count = tickets.length + 1;
    let total = tickets.reduce((sum, [, ticket]) => sum + ticket.stream.total, rows);
    for (const [id, ticket] of tickets) {
      if (ticket.endsAt > this.clock.steady() && count <= MAX_TICKETS / share && total <= MAX_ROWS / share) {
        return;
      }
      this.#tickets.delete(id);
      count--;
      total -= ticket.stream.total;
    }
  }

  /** Throws `export_not_found`, also for the ticket of somebody else. */
  get(id: string, caller: Caller): ExportTicket {
    const ticket = this.#tickets.get(id);
    if (!ticket || ticket.endsAt <= this.clock.steady() || ticket.caller !== caller.key) {
      throw new StoreError('export_not_found', 'No such export, or it has expired; ask for it again.');
    }
    return ticket;
  }
}
