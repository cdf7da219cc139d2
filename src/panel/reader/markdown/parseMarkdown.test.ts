import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { describe, expect, it } from 'vitest';
import { parseMarkdown } from './parseMarkdown';

/** Types of all nodes, with the text of those that have one. */
function outline(node: Nodes): string[] {
  const own = 'value' in node ? [`${node.type}:${node.value}`] : [node.type];
  return [...own, ...('children' in node ? node.children.flatMap((child) => outline(child as Nodes)) : [])];
}
const read = (text: string) => {
  const root = parseMarkdown(text);
  return root && outline(root).slice(1);
};

describe('parseMarkdown', () => {
  it('reads mathematics before anything else', () => {
    expect(read('So \\(a_1 * b_2\\) and $x_1$ or\n\\[y\n*2*\\].')).toEqual([
      'paragraph',
      'text:So ',
      'inlineMath:\\(a_1 * b_2\\)',
      'text: and ',
      'inlineMath:$x_1$',
      'text: or\n',
      'inlineMath:\\[y\n*2*\\]',
      'text:.',
    ]);
    expect(read('$$x$$')).toEqual(['paragraph', 'inlineMath:$$x$$']);
  });

  it.each(['It costs $5 and $10.', '$ x $', '\\( never closed', '$5-$10', 'a \\$5 b'])(
    'reads prices as text: %s',
    (text) => {
      expect(read(text)?.filter((one) => one.startsWith('inlineMath'))).toEqual([]);
    },
  );

  it('keeps the backslash of mathematics that was cut', () => {
    expect(read('So \\[ x^2 \\* y')).toEqual(['paragraph', 'text:So \\[ x^2 * y']);
  });

  it('reads HTML, references and indentation as text', () => {
    expect(read('<script>alert(1)</script> &lt;')).toEqual(['paragraph', 'text:<script>alert(1)</script> &lt;']);
    expect(read('    indented')).toEqual(['paragraph', 'text:indented']);
    expect(read('Title\n---')).toEqual(['paragraph', 'text:Title', 'thematicBreak']);
    expect(read('[a]: http://x "y"')).toEqual(['paragraph', 'text:[a]: http://x "y"']);
  });

  it('reads tables', () => {
    expect(read('|a|\n|-|\n|$x$|')?.slice(0, 2)).toEqual(['table', 'tableRow']);
  });

  it('leaves what would take long, and any other text takes little', () => {
    for (const text of [
      '['.repeat(3_000),
      '[a'.repeat(1_000),
      '> '.repeat(1_000),
      '*a '.repeat(1_000),
      `${'- '.repeat(50)}x`,
    ]) {
      const started = performance.now();
      parseMarkdown(text);
      expect(performance.now() - started).toBeLessThan(1_000);
    }
    expect(parseMarkdown(`${'> '.repeat(20)}x`)).toBeUndefined();
    expect(parseMarkdown('[a'.repeat(1_000))).toBeUndefined();
    expect(parseMarkdown('\\'.repeat(4_000))).toBeUndefined();
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('$', '\\(', '\\)', '\\[', '\\]', '*', '`', '\n', '\r\n', 'a', ' ', '|', '-', '[', ']', '('),
        ),
        (list) => {
          expect(() => parseMarkdown(list.join(''))).not.toThrow();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
