import { UsageError } from './UsageError';

const UNITS: Record<string, number> = { MB: 2 ** 20, GB: 2 ** 30 };
/** The least bytes of a cache: with less, the database cannot sort a table of a hundred thousand texts. */
const LEAST = 128 * 2 ** 20;

/** Reads `512MB` or `2GB` as bytes. Throws `UsageError`. */
export function parseCache(text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([MG]B)$/i.exec(text) ?? [];
  const bytes = Number(amount) * (UNITS[unit.toUpperCase()] ?? Number.NaN);
  if (!(bytes >= LEAST)) {
    throw new UsageError(`--cache ${text}: write a size such as 512MB or 2GB, of 128MB or more.`, 'serve');
  }
  return bytes;
}
