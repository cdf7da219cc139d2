const OPENING = ['<think>', '<thinking>', '<reasoning>', '[THINK]'];
const CLOSING = ['</think>', '</thinking>', '</reasoning>', '[/THINK]'];

/** Searches from the front, which is many times faster than from the end. */
function lastIndexOf(text: string, part: string): number {
  let last = -1;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    last = at;
  }
  return last;
}

/** Returns false when a thinking part opens last and is never closed; null when there is none. */
export function thinkClosed(text: string): boolean | null {
  const lastOf = (tags: readonly string[]) => Math.max(...tags.map((tag) => lastIndexOf(text, tag)));
  const opened = lastOf(OPENING);
  const closed = lastOf(CLOSING);
  return opened < 0 && closed < 0 ? null : closed > opened;
}
