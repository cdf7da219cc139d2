/**
 * A query string to its fields; one that is given twice becomes a list, which no schema takes. Never throws: Fastify
 * calls it where nothing would catch that. Broken percent-encoding is told by `hasBrokenEncoding` instead.
 */
export function parseQuery(text: string): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(fields);
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
