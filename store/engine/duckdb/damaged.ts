import { StoreError } from '../../StoreError';

/** Says what can be done about a folder whose files are damaged. Whoever refuses it changes nothing of it. */
export function damaged(directory: string, what: string): StoreError {
  const recover = `rolloscope-store recover NEW_FOLDER --data ${directory}`;
  return new StoreError(
    'data_damaged',
    `${what} Nothing was changed. Start the store on a backup, or save what can be read with: ${recover}`,
  );
}

/** Says what a store found damaged while it ran; what else it has can still be read. */
export function damageFound(what: string): StoreError {
  const how =
    'Stop the store and run rolloscope-store check, then start it on a backup or use rolloscope-store recover.';
  return new StoreError('data_damaged', `The store's data is damaged: ${what}. ${how}`);
}

/** DuckDB's words for a file that is not what it wrote. */
const DAMAGE = /corrupt|checksum|not a valid duckdb database|could not read enough bytes|failed to deserialize/i;

/** Returns what DuckDB says, on one line, if that is that its file is damaged; else undefined. */
export function damageIn(error: unknown): string | undefined {
  const text = error instanceof Error ? error.message : String(error);
  return DAMAGE.test(text) ? (text.split('\n')[0] ?? text) : undefined;
}
