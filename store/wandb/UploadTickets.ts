import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../StoreError';

/** How long a client may take to bring a file, its retries included. */
const VALID_MS = 60 * 60_000;

export interface Upload {
  run: string;
  /** The file's path within the run. */
  name: string;
  /** The run as clients know it. */
  entity: string | undefined;
  wandbName: string;
}

/**
 * Where a file is to be brought: clients upload without their key, so the path itself says, signed, what may be put
 * there and until when. The key for that is kept with the data: a store that was started anew takes its own word.
 */
export class UploadTickets {
  #key: Buffer | undefined;

  constructor(
    private readonly folder: string,
    private readonly now: () => number = Date.now,
  ) {}

  issue(upload: Upload): string {
    const payload = Buffer.from(JSON.stringify({ ...upload, expires: this.now() + VALID_MS })).toString('base64url');
    return `${payload}.${this.#sign(payload)}`;
  }

  /** Throws `not_allowed`. */
  read(ticket: string): Upload {
    const [payload = '', signature = ''] = ticket.split('.');
    const expected = Buffer.from(this.#sign(payload));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new StoreError('not_allowed', 'This is not an address that the store gave for an upload.');
    }
    const { expires, ...upload } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Upload & {
      expires: number;
    };
    if (this.now() > expires) {
      throw new StoreError('not_allowed', 'The address for this upload has expired; ask for a new one.');
    }
    return { ...upload, entity: upload.entity };
  }

  #sign(payload: string): string {
    this.#key ??= keyIn(this.folder);
    return createHmac('sha256', this.#key).update(payload).digest('base64url');
  }
}

function keyIn(folder: string): Buffer {
  const file = join(folder, 'upload.key');
  try {
    return readFileSync(file);
  } catch {
    mkdirSync(folder, { recursive: true });
    const key = randomBytes(32);
    writeFileSync(file, key, { mode: 0o600 });
    return key;
  }
}
