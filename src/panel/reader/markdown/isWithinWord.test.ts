import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';
import { isWithinWord } from './isWithinWord';
import { parseMarkdown } from './parseMarkdown';

/** What Markdown takes for emphasis, and whether it lies within a word. */
function emphasis(text: string): [string, boolean][] {
  const found: [string, boolean][] = [];
  const look = (node: Nodes) => {
    if (node.type === 'emphasis' || node.type === 'strong') {
      found.push([text.slice(node.position?.start.offset, node.position?.end.offset), isWithinWord(node, text)]);
    }
    if ('children' in node) {
      node.children.forEach(look);
    }
  };
  const root = parseMarkdown(text);
  if (root) {
    look(root);
  }
  return found;
}

describe('isWithinWord', () => {
  it.each([
    ['2*20 = <<2*20=40>>', '*20 = <<2*'],
    ['3**2 and 4**2', '**2 and 4**'],
    ['(a+b)*c, d*e', '*c, d*'],
  ])('knows multiplication: %s', (text, signs) => expect(emphasis(text)).toEqual([[signs, true]]));

  it.each([
    ['a *b* c', '*b*'],
    ['**Answer:** 4', '**Answer:**'],
    ['(*b*), c', '*b*'],
    ['*2*', '*2*'],
  ])('knows emphasis: %s', (text, signs) => expect(emphasis(text)).toEqual([[signs, false]]));
});
