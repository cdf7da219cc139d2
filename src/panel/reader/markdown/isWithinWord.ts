import type { Nodes } from 'mdast';

/** `2*20 = <<2*20=40>>` multiplies: signs that cling to a word or number on the outside emphasize nothing. */
export function isWithinWord({ position }: Nodes, text: string): boolean {
  const before = text[(position?.start.offset ?? 0) - 1] ?? '';
  const after = text[position?.end.offset ?? text.length] ?? '';
  return /[\w)\]]/.test(before) || /[\w(]/.test(after);
}
