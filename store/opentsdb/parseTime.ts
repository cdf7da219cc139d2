import { badRequest, shown } from './OpenTsdbError';

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  n: 30 * 86_400_000,
  y: 365 * 86_400_000,
};

/** `30s`, `1m`, `2h` to milliseconds; undefined for what is no duration. Months have 30 days, years 365. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,9})(ms|[smhdwny])$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (UNITS[unit] ?? Number.NaN);
  return milliseconds > 0 ? milliseconds : undefined;
}

/**
 * A point in time as OpenTSDB takes it, to epoch milliseconds: seconds (up to ten digits), milliseconds, `1h-ago`,
 * `now`, or `2026/01/31-12:00:00` in UTC.
 */
export function parseTime(value: unknown, name: string, now: number): number {
  const text = typeof value === 'number' ? String(Math.trunc(value)) : value;
  const time = typeof text === 'string' ? timeOf(text, now) : undefined;
  if (time === undefined || !Number.isFinite(time)) {
    throw badRequest(`Invalid ${name} time: ${shown(value)}. Use epoch seconds or milliseconds, or 1h-ago.`);
  }
  // Nothing is logged before the epoch.
  return Math.max(0, time);
}

function timeOf(text: string, now: number): number | undefined {
  if (text === 'now') {
    return now;
  }
  if (text.endsWith('-ago')) {
    const ago = parseDuration(text.slice(0, -'-ago'.length));
    return ago === undefined ? undefined : now - ago;
  }
  if (/^\d{1,14}$/.test(text)) {
    return text.length <= 10 ? Number(text) * 1_000 : Number(text);
  }
  const parts = /^(\d{4})\/(\d\d)\/(\d\d)(?:[- ](\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text)?.slice(1);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = (parts ?? []).map((part) =>
    Number(part ?? 0),
  );
  return parts && Date.UTC(year, month - 1, day, hour, minute, second);
}
