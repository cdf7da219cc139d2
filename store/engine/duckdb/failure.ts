import { diskFullBy, isDiskFull } from '../../disk/diskFull';
import { StoreError } from '../../StoreError';
import { damageFound, damageIn } from './damaged';

const RETRY_SECONDS = 2;

/** A failure of the database as the contract names it, where it does; any other as it is. */
export function asStoreError(error: unknown): unknown {
  const message = String(error);
  if (error instanceof StoreError) {
    return error;
  }
  if (isDiskFull(error)) {
    return diskFullBy(error);
  }
  const damage = /^(Error: )?(IO|FATAL|INTERNAL|Serialization) Error/i.test(message) ? damageIn(error) : undefined;
  if (damage !== undefined) {
    return damageFound(damage);
  }
  if (/out of memory|failed to (pin|allocate)|failed to offload/i.test(message)) {
    return new StoreError(
      'out_of_memory',
      'The database needs more memory for this than it has. Retry in a moment, ask for less (fewer runs, rows or columns), or start the store with a larger --cache.',
      RETRY_SECONDS,
    );
  }
  return error;
}

/** The same for work under way. */
export const named = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error) => {
    throw asStoreError(error);
  });
