const UNITS = [
  { from: 86_400, one: 86_400, unit: 'd', rest: { one: 3_600, unit: 'h' } },
  { from: 3_600, one: 3_600, unit: 'h', rest: { one: 60, unit: 'min' } },
  { from: 120, one: 60, unit: 'min', rest: { one: 1, unit: 's' } },
] as const;

/** A duration as one says it: `3.4 ms`, `0.25 s`, `41.2 s`, `2 min 5 s`, `1 h 2 min`. */
export function formatSeconds(seconds: number): string {
  const large = UNITS.find(({ from }) => seconds >= from);
  if (large) {
    const { one, unit, rest } = large;
    const count = Math.round(seconds / rest.one);
    const [whole, left] = [Math.floor((count * rest.one) / one), count % (one / rest.one)];
    return `${whole.toLocaleString('en')} ${unit}${left > 0 ? ` ${left} ${rest.unit}` : ''}`;
  }
  return seconds === 0 || seconds >= 0.01 ? `${threeDigits(seconds)} s` : `${threeDigits(seconds * 1_000)} ms`;
}

const threeDigits = (value: number) => String(Number(value.toPrecision(3)));
