import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { CLOCK, type Clock } from '../Clock';
import type { SecretFile } from '../SecretFile';
import { StoreError } from '../StoreError';

/** Milliseconds that a client may take to bring a file, its retries included. */
const VALID_MS = 60 * 60_000;

export interface Upload {
  project: string;
  /** The run as clients know it. */
  run: string;
  /** The run's own key: another run of that name is not meant. */
  runKey: string | undefined;
  /** The file's path within the run. */
  name: string;
  entity: string | undefined;
}

/**
 * Addresses where files are to be brought. Clients upload without their key, so the path itself says, signed, what may
 * be put there, until when, and on whose behalf. The secret for that is kept with the data: a store that was started
 * anew takes its own word.
 */
export class UploadTickets {
  /** Tells this process from others, whose steady clocks are theirs. */
  readonly #process = randomUUID();

  constructor(
    private readonly secret: SecretFile,
    private readonly clock: Clock = CLOCK,
  ) {}

  /** `caller`: the key of who asks. Throws `disk_full` where the secret could not be stored. */
  issue(upload: Upload, caller: string): string {
    const ticket: Ticket = {
      ...upload,
      by: this.#sign(`caller ${caller}`),
      expires: this.clock.now() + VALID_MS,
      process: this.#process,
      ends: this.clock.steady() + VALID_MS,
    };
    const payload = Buffer.from(JSON.stringify(ticket)).toString('base64url');
    return `${payload}.${this.#sign(`upload ${payload}`)}`;
  }

  /** Reads what a ticket is for, and finds the one of `callers` that asked for it. Throws `not_allowed`. */
  read<C extends { key: string }>(ticket: string, callers: Iterable<C>): { upload: Upload; caller: C } {
    const [payload = '', signature = ''] = ticket.split('.');
    if (!isSame(signature, this.#sign(`upload ${payload}`))) {
      throw new StoreError('not_allowed', 'This is not an address that the store gave for an upload.');
    }
    const { by, expires, process, ends, ...upload } = parsed(payload);
    // The machine's clock may be set meanwhile: it counts for tickets of earlier processes only.
    if (process === this.#process ? this.clock.steady() > ends : this.clock.now() > expires) {
      throw new StoreError('not_allowed', 'The address for this upload has expired; ask for a new one.');
    }
    for (const caller of callers) {
      if (isSame(by, this.#sign(`caller ${caller.key}`))) {
        return { upload, caller };
      }
    }
    throw new StoreError('not_allowed', 'The token that asked for this upload is not one that this store knows now.');
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#key()).update(text).digest('base64url');
  }

  #key(): Buffer {
    try {
      return this.secret.get();
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
      throw new StoreError('disk_full', `The secret that uploads are signed with cannot be stored: ${reason}.`);
    }
  }
}

interface Ticket extends Upload {
  by: string;
  /** Epoch milliseconds, and the same by the steady clock of the process that issued it. */
  expires: number;
  process: string;
  ends: number;
}

function parsed(payload: string): Ticket {
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
