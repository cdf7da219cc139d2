import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';
import { mathFromMarkdown, mathSyntax } from './mathSyntax';

/**
 * The parts of Markdown that do not count in what a model wrote: HTML is text, character references stay as written,
 * indented text is no code, a line of dashes makes no heading of the line above, and nothing is defined out of sight.
 */
const OFF = ['htmlFlow', 'htmlText', 'characterReference', 'codeIndented', 'setextUnderline', 'definition'];

/** Longer lines, and deeper nesting than anybody writes, would take a Markdown parser long. */
const LONGEST_LINE = 8_000;
const NESTED = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){12}/m;
const MOST_OPENERS = 400;

/** The syntax tree of a piece of prose; undefined where it is better read as it stands. */
export function parseMarkdown(text: string): Root | undefined {
  if (text.length > LONGEST_LINE || NESTED.test(text) || countOpeners(text) > MOST_OPENERS) {
    return undefined;
  }
  return fromMarkdown(text, {
    extensions: [gfmTable(), mathSyntax, { disable: { null: OFF } }],
    mdastExtensions: [gfmTableFromMarkdown(), mathFromMarkdown],
  });
}

/** Brackets, runs of signs that may open something, and escapes: a parser tries each in several ways. */
function countOpeners(text: string): number {
  return text.match(/[[*_`~$<]+|\\/g)?.length ?? 0;
}
