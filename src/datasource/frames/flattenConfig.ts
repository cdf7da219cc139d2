/** Config values of nested objects by their dotted path, as text. */
export function flattenConfig(config: Record<string, unknown>, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(config)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [inner, text] of flattenConfig(value as Record<string, unknown>, `${prefix}${key}.`)) {
        flat.set(inner, text);
      }
    } else {
      flat.set(`${prefix}${key}`, textOf(value));
    }
  }
  return flat;
}

/** Digits of a number: what comes after them is how computers write it (0.1 + 0.2), not what somebody chose. */
const DIGITS = 12;

const textOf = (value: unknown): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(DIGITS)))
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
