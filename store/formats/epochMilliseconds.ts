/** Epoch seconds of this century and before: what a number may be taken for. */
const SECONDS = [946_684_800, 4_102_444_800] as const;
/** Units in a millisecond: of seconds, milliseconds, microseconds, nanoseconds. */
const UNITS = [0.001, 1, 1_000, 1_000_000];

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;
const ASCTIME = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +(?:[A-Z][a-z]{2} +\d{1,2}|\d{1,2} +[A-Z][a-z]{2}) +.*\d{4}/;
const SLASHED = /^(\d{4})[/_](\d\d)[/_](\d\d)([T ].*)?$/;
const NUMBER = /^\d{9,19}(?:\.\d+)?$/;
const ZONE = /(?:Z|GMT|UTC|[+-]\d\d:?\d\d)$/i;

/**
 * Epoch milliseconds of a moment, however it is written: a number, or a text of one, of seconds, milliseconds,
 * microseconds or nanoseconds of this century, told by its size; ISO 8601, also with a space; what C's asctime and HTTP
 * write. A text without a zone is UTC, as the clocks of clusters are. Undefined for anything else, such as seconds since
 * the beginning of a run.
 */
export function epochMilliseconds(value: unknown): number | undefined {
  if (typeof value === 'number') {
    return ofNumber(value);
  }
  if (typeof value !== 'string' || value.length > 64) {
    return undefined;
  }
  const text = value.trim();
  return NUMBER.test(text) ? ofNumber(Number(text)) : ofText(text.replace(SLASHED, '$1-$2-$3$4'));
}

function ofNumber(value: number): number | undefined {
  for (const unit of UNITS) {
    const milliseconds = value / unit;
    if (milliseconds >= SECONDS[0] * 1_000 && milliseconds <= SECONDS[1] * 1_000) {
      return Math.round(milliseconds);
    }
  }
  return undefined;
}

function ofText(text: string): number | undefined {
  const [, day, clock = '00:00:00', fraction = '0', zone = 'Z'] = ISO.exec(text) ?? [];
  if (day !== undefined) {
    const time = clock.length === 5 ? `${clock}:00` : clock;
    const offset = /^(Z|UTC)$/i.test(zone) ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
    return valid(Date.parse(`${day}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`));
  }
  return ASCTIME.test(text) ? valid(Date.parse(ZONE.test(text) ? text : `${text} UTC`)) : undefined;
}

const valid = (time: number) => (Number.isNaN(time) || time < 0 ? undefined : time);
