/** Says whether a text fits a pattern of SQL's LIKE: `%` stands for any characters, `_` for one. */
export function like(text: string, pattern: string): boolean {
  const parts = pattern.split('%');
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) {
    return text.length === first.length && fitsAt(text, first, 0);
  }
  const end = text.length - last.length;
  if (end < first.length || !fitsAt(text, first, 0) || !fitsAt(text, last, end)) {
    return false;
  }
  let at = first.length;
  for (const part of others) {
    while (at + part.length <= end && !fitsAt(text, part, at)) {
      at++;
    }
    if (at + part.length > end) {
      return false;
    }
    at += part.length;
  }
  return true;
}

function fitsAt(text: string, part: string, at: number): boolean {
  for (let i = 0; i < part.length; i++) {
    if (part[i] !== '_' && part[i] !== text[at + i]) {
      return false;
    }
  }
  return true;
}
