const SURROGATE = /[\ud800-\udfff]/;

/**
 * Unicode characters of a text: its UTF-16 units, less one for each surrogate pair. All lengths that are shown, stored or
 * compared count so.
 */
export function charCount(text: string): number {
  // Most texts have none, and V8 knows at once of a text of one-byte characters that it has none.
  if (!SURROGATE.test(text)) {
    return text.length;
  }
  let pairs = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    pairs += code >= 0xd800 && code < 0xdc00 ? 1 : 0;
  }
  return text.length - pairs;
}
