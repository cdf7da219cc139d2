import { fingerprint } from '../data/frame/fingerprint';

/** A short name of a table, from its `TableData.key`, for an address. */
export function subjectOf(key: string): string {
  // The key is taken in pieces, because of a longer text only the ends would count.
  return key === '' ? '' : fingerprint(key.match(/[\s\S]{1,64}/g) ?? []);
}
