import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slug } from '../../docs/.vitepress/slug';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Block {
  language: string;
  text: string;
}

export interface Page {
  /** Its path from the root, with `/`. */
  path: string;
  text: string;
  blocks: Block[];
  /** What its links and pictures lead to, as they are written. */
  links: string[];
  anchors: Set<string>;
}

/** Pages beside those of `docs/`. */
const OTHERS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md', 'store/README.md'];
const FENCE = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;

function read(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8');
  const prose = text.replace(FENCE, '');
  const blocks = [...text.matchAll(FENCE)].map(([, indent = '', language = '', inside = '']) => ({
    language,
    text: inside.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
  const links = [...prose.replace(/`[^`\n]*`/g, '').matchAll(/\]\(\s*([^)\s]+)\s*\)/g)].map((match) => match[1] ?? '');
  const headings = [...prose.matchAll(/^#+ (.*)$/gm)].map((match) => slug((match[1] ?? '').replace(/[`*]/g, '')));
  return { path, text, blocks, links, anchors: new Set(headings) };
}

/** Every page that a person reads. */
export const PAGES: readonly Page[] = [
  ...OTHERS,
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => path.endsWith('.md') && !/(^|\/)(node_modules|\.vitepress)\//.test(path))
    .map((path) => `docs/${path}`)
    .sort(),
].map(read);

/** Every block of a language, with the page that has it. */
export const blocksOf = (...languages: string[]) =>
  PAGES.flatMap(({ path, blocks }) =>
    blocks.filter(({ language }) => languages.includes(language)).map(({ text }) => ({ path, text })),
  );

/** Where a link of a page leads: a path from the root and an anchor, each empty where it has none; undefined for the web. */
export function target(page: Page, link: string): { path: string; anchor: string } | undefined {
  if (/^[a-z]+:/.test(link)) {
    return undefined;
  }
  const [file = '', anchor = ''] = link.split('#');
  // Only the site's first page links as the site does.
  const path = file.startsWith('/') ? `docs${file}` : posix.join(posix.dirname(page.path), file);
  return { path: file === '' ? page.path : path, anchor };
}
