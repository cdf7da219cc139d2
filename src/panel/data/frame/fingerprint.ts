const EDGE = 48;

/** A short text that equal rows share and others hardly ever: for frames that come without row ids. FNV-1a, 64 bits. */
export function fingerprint(cells: Iterable<unknown>): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  const add = (text: string) => {
    for (let i = 0; i < text.length; i++) {
      low = Math.imul(low ^ text.charCodeAt(i), 0x01000193);
      high = Math.imul(high ^ text.charCodeAt(i), 0x01000193) + (low >>> 25);
    }
    low = Math.imul(low ^ 0x1f, 0x01000193);
  };
  for (const cell of cells) {
    // Long texts differ at their ends or in length; reading all of each would cost more than it tells.
    const text = typeof cell === 'string' ? cell : (JSON.stringify(cell) ?? '');
    add(text.length > 2 * EDGE ? `${text.length}:${text.slice(0, EDGE)}${text.slice(-EDGE)}` : text);
  }
  return (high >>> 0).toString(36) + (low >>> 0).toString(36);
}
