import { StoreError } from '../../../StoreError';

/** The place of a database, and who asks it: messages may name all of that. */
export interface PostgresPlace {
  /** `host:port`. */
  server: string;
  database: string;
  user: string;
}

/** The oldest version that has all that is asked of it. */
export const LEAST_VERSION = 14;

const RETRY_S = 2;
/** What only a person can mend takes longer. */
const MEND_S = 30;

/** Returns what PostgreSQL, or the way to it, said, and what to do. Its codes: PostgreSQL's appendix A. */
export function postgresFault(cause: unknown, { server, database, user }: PostgresPlace): StoreError {
  if (cause instanceof StoreError) {
    return cause;
  }
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  const reason = message.split('\n')[0];
  const refuse = (text: string) => new StoreError('unavailable', text, MEND_S);
  switch (code) {
    case '28P01':
    case '28000':
      return refuse(
        `PostgreSQL at ${server} does not let ${user} in: ${reason}. Check user and password of --postgres.`,
      );
    case '3D000':
      return refuse(`PostgreSQL at ${server} has no database ${database}; make it: CREATE DATABASE "${database}".`);
    case '42501':
      return refuse(
        `${user} may not do all that the store needs in ${database} at ${server}: ${reason}. Make it the owner: ALTER DATABASE "${database}" OWNER TO "${user}", and of the schema rolloscope where there is one.`,
      );
    case '25006':
      return refuse(
        `PostgreSQL at ${server} only lets read: it is a standby, or set so. Name the primary in --postgres.`,
      );
    case '53100':
      return new StoreError('disk_full', `PostgreSQL at ${server} has a full disk: ${reason}.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return refuse(`There is no host of the name in --postgres (${server}): ${reason}.`);
    default:
      return isPassing(cause)
        ? new StoreError(
            'unavailable',
            `PostgreSQL at ${server} cannot be reached: ${reason}. Retry in a moment.`,
            RETRY_S,
          )
        : new StoreError('unavailable', `PostgreSQL at ${server} refused: ${reason}.`, RETRY_S);
  }
}

/**
 * Tells whether something failed that says nothing of what was asked: the connection broke, the server stops or starts.
 * Then it is not known whether a transaction was committed.
 */
export function isPassing(cause: unknown): boolean {
  const { code, message } = cause as { code?: unknown; message?: unknown };
  // The driver's own words have no code.
  return typeof code === 'string'
    ? /^(E[A-Z]+|08...|57P0[1-5]|53[023]00|40001|40P01)$/.test(code)
    : /^(Connection terminated|timeout e|Query read timeout|Client (was|has))/.test(String(message));
}
