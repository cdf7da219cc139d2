import { UsageError } from './UsageError';

const UNITS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads `90s`, `10m`, `12h` or `30d` as milliseconds. Throws `UsageError`. */
export function parseDuration(option: string, text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
  if (!(milliseconds > 0)) {
    throw new UsageError(`--${option} ${text}: write a duration such as 90s, 10m, 12h or 30d.`, 'serve');
  }
  return milliseconds;
}
