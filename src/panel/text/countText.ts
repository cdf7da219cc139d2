/** Writes a count with its noun, such as `1,234 characters`: UTF-16 units are counted, as everywhere in a browser. */
export function countText(count: number, one: string): string {
  return `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
}
