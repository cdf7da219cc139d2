/**
 * A query string to its fields; one that is given twice becomes a list, which no schema takes. Never throws: Fastify
 * calls it where nothing would catch that. Broken percent-encoding is told by `hasBrokenEncoding` instead.
 */
export function parseQuery(text: string): Record<string, unknown> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = fields.get(name);
    if (values) {
      values.push(value);
    } else {
      fields.set(name, [value]);
    }
  }
  return Object.fromEntries([...fields].map(([name, values]) => [name, values.length > 1 ? values : values[0]]));
}

/** True when percent-encoding somewhere in a URL does not decode to UTF-8. */
export function hasBrokenEncoding(url: string): boolean {
  try {
    decodeURIComponent(url);
    return false;
  } catch {
    return true;
  }
}
