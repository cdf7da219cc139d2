import { describe, expect, it } from 'vitest';
import { textWindow, WINDOW } from './textWindow';

describe('textWindow', () => {
  it('is the whole of a usual text', () => {
    expect(textWindow('a\nb\n', 1)).toBe('a\nb\n');
  });

  it('is bounded by characters and by lines, and grows by windows', () => {
    expect(textWindow('x'.repeat(500_000), 1)).toHaveLength(WINDOW.characters);
    expect(textWindow('x'.repeat(500_000), 2)).toHaveLength(2 * WINDOW.characters);
    const lines = 'a\n'.repeat(10_000);
    expect(textWindow(lines, 1).split('\n')).toHaveLength(WINDOW.lines);
    expect(textWindow(lines, 2).split('\n')).toHaveLength(2 * WINDOW.lines);
    expect(textWindow(lines, 3)).toBe(lines);
  });
});
