/** A cell's value as text, uncut and unescaped. Objects are JSON, on one line unless `indent` is given. */
export function readableText(value: unknown, indent?: number): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'object') {
    return JSON.stringify(value, null, indent);
  }
  return String(value);
}
