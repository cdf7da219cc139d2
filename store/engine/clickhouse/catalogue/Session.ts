import { StoreError } from '../../../StoreError';
import type { Ask, Postgres } from './Postgres';

export interface SessionOptions {
  /** Milliseconds without a sign of life after which another process takes over. */
  lease: number;
  /** Milliseconds for which a process that opens waits for the one that owns the runs to go, or to be dead. */
  patience: number;
  /** Told once that it has to wait. */
  onWait?(): void;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** One that comes beside another stands by, for as long as that lives. */
export const SESSION: SessionOptions = { lease: 6_000, patience: Number.POSITIVE_INFINITY };

const PAUSE_MS = 250;
const SIGNS_A_LEASE = 4;

/**
 * This process as the owner of the runs. Its number is the epoch: who takes over has a higher one. All clocks that count
 * are PostgreSQL's.
 */
export class Session {
  private isLost = false;
  private tellReplaced = () => {};
  readonly replaced = new Promise<void>((resolve) => {
    this.tellReplaced = resolve;
  });
  private readonly timer: NodeJS.Timeout;
  private sign: Promise<void> = Promise.resolve();

  private constructor(
    private readonly postgres: Postgres,
    readonly number: number,
    private readonly options: SessionOptions,
  ) {
    this.timer = setInterval(() => {
      this.sign = this.sign.then(() => this.giveSign());
    }, options.lease / SIGNS_A_LEASE);
    this.timer.unref();
  }

  /** Takes the runs as soon as nobody has them. Throws `unavailable` where somebody still does when patience ends. */
  static async begin(postgres: Postgres, options: SessionOptions): Promise<Session> {
    const end = performance.now() + options.patience;
    for (let tries = 0; ; tries++) {
      const session = await postgres.transaction((ask) => take(ask, options.lease));
      if (session !== undefined) {
        return new Session(postgres, session, options);
      }
      if (tries === 0) {
        options.onWait?.();
      }
      if (performance.now() > end || options.signal?.aborted) {
        throw new StoreError(
          'unavailable',
          'Another store writes to this PostgreSQL database. Stop it, or name another database in --postgres.',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  /** Says why nothing can be written from here any more. */
  get trouble(): string | undefined {
    return this.isLost
      ? 'Another store took over the runs while this one gave no sign of life. Restart this one to go on here.'
      : undefined;
  }

  /** It was found out that somebody took over. */
  lose(): StoreError {
    this.isLost = true;
    this.tellReplaced();
    clearInterval(this.timer);
    return new StoreError('unavailable', this.trouble ?? '', 1);
  }

  /** Leaves the runs to whoever comes next. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.sign;
    await this.postgres.transaction((ask) => dismiss(ask, [this.number])).catch(() => undefined);
  }

  private async giveSign(): Promise<void> {
    const kept = await this.postgres
      .ask(
        `UPDATE sessions SET until = clock_timestamp() + $2 * interval '1 ms' WHERE session = $1 RETURNING session`,
        [this.number, this.options.lease],
      )
      // Until it answers again nobody else can take over either.
      .catch(() => undefined);
    if (kept?.length === 0) {
      this.lose();
    }
  }
}

/** Declares those dead that gave no sign of life, and takes the runs where none is left: the session's number then. */
async function take(ask: Ask, lease: number): Promise<number | undefined> {
  // One at a time; signs of life wait for it, too.
  await ask('LOCK TABLE sessions IN SHARE ROW EXCLUSIVE MODE');
  // Waits for those that open a commit this moment: it is seen, and dies with them.
  const ended = await ask<[number]>('SELECT session FROM sessions WHERE until < clock_timestamp() FOR UPDATE');
  await dismiss(ask, ended.flat());
  const [begun] = await ask<[number]>(
    `INSERT INTO sessions (until) SELECT clock_timestamp() + $1 * interval '1 ms'
     WHERE NOT EXISTS (SELECT FROM sessions) RETURNING session`,
    [lease],
  );
  return begun?.[0];
}

/** What these sessions had open is dead, and so are they. */
async function dismiss(ask: Ask, sessions: number[]): Promise<void> {
  if (sessions.length > 0) {
    await bury(ask, 'session = ANY($1)', sessions);
    await ask('DELETE FROM sessions WHERE session = ANY($1)', [sessions]);
  }
}

/** Marks open commits dead. */
export async function bury(ask: Ask, which: string, ...values: unknown[]): Promise<void> {
  await ask(
    `WITH buried AS (DELETE FROM commits WHERE ${which} RETURNING position)
     INSERT INTO dead SELECT position, position FROM buried`,
    values,
  );
}
