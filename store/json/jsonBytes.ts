/**
 * Counts the bytes that a JSON value takes when it is written, nearly: strings count without their escapes. Ends early
 * beyond `most`, so that what is too large costs no more than what is just not.
 */
export function jsonBytes(value: unknown, most: number): number {
  if (typeof value === 'string') {
    // One UTF-16 unit takes three bytes at the most, so that most strings need no closer look.
    return 2 + (value.length > most || value.length * 3 <= most ? value.length : Buffer.byteLength(value));
  }
  if (typeof value === 'number') {
    return String(value).length;
  }
  if (typeof value !== 'object' || value === null) {
    return 4;
  }
  let bytes = 2;
  if (Array.isArray(value)) {
    for (const one of value) {
      bytes += 1 + jsonBytes(one, most - bytes);
      if (bytes > most) {
        break;
      }
    }
    return bytes;
  }
  for (const [name, one] of Object.entries(value)) {
    bytes += name.length + 4 + jsonBytes(one, most - bytes);
    if (bytes > most) {
      break;
    }
  }
  return bytes;
}
