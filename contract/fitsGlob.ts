/** Says whether a text fits a glob, in which `*` stands for any characters; takes time linear in the text. */
export function fitsGlob(text: string, glob: string): boolean {
  const parts = glob.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) {
    return text === glob;
  }
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) {
    return false;
  }
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) {
      return false;
    }
    at = found + part.length;
  }
  return true;
}
