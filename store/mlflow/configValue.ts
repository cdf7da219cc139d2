/** A number as Python writes it, when no digit of it would be lost. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

/**
 * The value of a parameter, which MLflow clients send as Python's `str` of it: numbers and booleans are typed again.
 * Texts that only look like a number (`007`, `1_000`, whole numbers beyond 2^53) stay texts; so do `None`, `nan` and
 * lists.
 */
export function configValue(text: string): string | number | boolean {
  if (text === 'True' || text === 'False') {
    return text === 'True';
  }
  const number = Number(text);
  const isWhole = /^-?\d+$/.test(text);
  return NUMBER.test(text) && Number.isFinite(number) && (!isWhole || Number.isSafeInteger(number)) ? number : text;
}

/** A config value as MLflow has it: text. */
export function paramText(value: unknown): string {
  if (typeof value === 'boolean') {
    return value ? 'True' : 'False';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
