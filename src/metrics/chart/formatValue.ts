import { formattedValueToString, getValueFormat } from '@grafana/data';

/** A number as short as it goes: 4 significant digits, with an exponent where it is very large or small. */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) {
    return value.toExponential(digits - 1).replace(/\.?0+e/, 'e');
  }
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(digits)));
}

/** A value with its unit; shares as percent. */
export function formatValue(value: number, unit?: string): string {
  if (unit === undefined || !Number.isFinite(value)) {
    return shortNumber(value);
  }
  if (unit === 'percentunit' || unit === 'percent') {
    return `${shortNumber(unit === 'percent' ? value : value * 100, 3)}%`;
  }
  return formattedValueToString(getValueFormat(unit)(value));
}

/** Seconds as `1:05:09`, or `0:42`. */
export function formatElapsed(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  const text = hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
  return seconds < 0 ? `-${text}` : text;
}
