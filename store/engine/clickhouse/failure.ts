import { tooSlow } from '../../pacing/withinTime';
import { StoreError } from '../../StoreError';

const RETRY_SECONDS = 2;

/** Codes of ClickHouse, by what they mean to who asks. */
const TOO_SLOW = new Set(['159', '160']);
const NO_MEMORY = new Set(['241']);
const NO_DISK = new Set(['243']);
const NOT_ALLOWED = new Set(['192', '193', '194', '497', '516']);
/** It has too many parts to merge, or too much under way. */
const BUSY = new Set(['202', '252']);
const READ_ONLY = new Set(['164', '242']);

/** A failure of the server as the contract names it, where it does; any other as it is. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) {
    return error;
  }
  const code = 'code' in error ? String(error.code) : '';
  if (TOO_SLOW.has(code)) {
    return tooSlow();
  }
  if (NO_MEMORY.has(code)) {
    return new StoreError(
      'out_of_memory',
      'ClickHouse needs more memory for this than it may take. Retry in a moment, or ask for less: fewer runs, rows or columns.',
      RETRY_SECONDS,
    );
  }
  if (NO_DISK.has(code)) {
    return new StoreError('disk_full', 'The disk of ClickHouse is full. Make room on it; clients keep their data.', 30);
  }
  if (NOT_ALLOWED.has(code)) {
    return unavailable('ClickHouse refuses the user: check the name, the password and what it may do', error);
  }
  if (READ_ONLY.has(code)) {
    return unavailable('ClickHouse takes no writes', error);
  }
  if (BUSY.has(code)) {
    return unavailable('ClickHouse is busy', error);
  }
  const isOfConnection = /^E[A-Z]+$/.test(code) || /timeout|socket hang up|aborted/i.test(error.message);
  return isOfConnection ? unavailable('ClickHouse does not answer', error) : error;
}

const unavailable = (what: string, { message }: Error) =>
  new StoreError('unavailable', `${what}: ${message.split('\n')[0]}. Retry in a moment.`, RETRY_SECONDS);
