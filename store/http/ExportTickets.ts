import { randomBytes } from 'node:crypto';
import type { ExportRequest } from '@rolloscope/contract/types';
import { StoreError } from '../StoreError';
import type { RowStream } from '../services';
import type { Caller } from './Tokens';

export interface ExportTicket {
  stream: RowStream;
  request: ExportRequest;
  caller: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** Milliseconds that a ticket can be used for. */
const LIFETIME = 15 * 60_000;
/** Tickets held at one time; the oldest goes first. */
const MAX_TICKETS = 1_000;
/** Rows of all tickets: each ticket remembers which rows it is of, at 8 bytes a row. */
const MAX_ROWS = 20_000_000;
/** Exports read at one time. */
const MAX_READING = 8;

/** Exports that were asked for and may be downloaded, each by whoever asked, as often as they like. */
export class ExportTickets {
  readonly #tickets = new Map<string, ExportTicket>();
  #rows = 0;
  #reading = 0;

  create(stream: RowStream, request: ExportRequest, caller: Caller): { id: string; expiresAt: number } {
    const now = Date.now();
    this.#rows += stream.total;
    for (const [id, ticket] of this.#tickets) {
      if (ticket.expiresAt > now && this.#tickets.size < MAX_TICKETS && this.#rows <= MAX_ROWS) {
        break;
      }
      this.#tickets.delete(id);
      this.#rows -= ticket.stream.total;
    }
    const id = randomBytes(24).toString('base64url');
    const expiresAt = now + LIFETIME;
    this.#tickets.set(id, { stream, request, caller: caller.key, expiresAt });
    return { id, expiresAt };
  }

  /** Throws `export_not_found`, also for the ticket of somebody else. */
  get(id: string, caller: Caller): ExportTicket {
    const ticket = this.#tickets.get(id);
    if (!ticket || ticket.expiresAt <= Date.now() || ticket.caller !== caller.key) {
      throw new StoreError('export_not_found', 'No such export, or it has expired; ask for it again.');
    }
    return ticket;
  }

  /** Counts an export as read until `done` is called. Throws `too_busy`. */
  begin(): { done: () => void } {
    if (this.#reading >= MAX_READING) {
      throw new StoreError('too_busy', `${MAX_READING} exports are being downloaded already; retry in 5 seconds.`, 5);
    }
    this.#reading++;
    let isDone = false;
    return {
      done: () => {
        this.#reading -= isDone ? 0 : 1;
        isDone = true;
      },
    };
  }
}
