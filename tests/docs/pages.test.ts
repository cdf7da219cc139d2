import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { toolPath } from '../../.config/testTools';
import { runProcess, runToSuccess } from '../processes/startProcess';
import { blocksOf, PAGES, root, target } from './pages';

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

describe('the pages', () => {
  it('link to pages, headings, files and pictures that exist', () => {
    const pages = new Map(PAGES.map((page) => [page.path, page]));
    const links = PAGES.flatMap((page) => page.links.map((link) => ({ page, link })));
    expect(links.length).toBeGreaterThan(150);
    const dead = links.filter(({ page, link }) => {
      const to = target(page, link);
      if (to === undefined) {
        return false;
      }
      const there = pages.get(to.path);
      return !existsSync(join(root, to.path)) || (to.anchor !== '' && !there?.anchors.has(to.anchor));
    });
    expect(dead.map(({ page, link }) => `${page.path}: ${link}`)).toEqual([]);
  });

  it('show every picture that there is', () => {
    const all = PAGES.map(({ text }) => text).join('\n');
    const manifest = readFileSync(join(root, 'src/plugin.json'), 'utf8');
    const pictures = readdirSync(join(root, 'docs/img'));
    expect(pictures.length).toBeGreaterThan(20);
    expect(pictures.filter((picture) => !`${all}${manifest}`.includes(`img/${picture}`))).toEqual([]);
  });

  it('are in the site’s list and in the README', () => {
    const guides = PAGES.map(({ path }) => path).filter(
      (path) => /^docs\/[\w-]+\.md$/.test(path) && !path.endsWith('/index.md'),
    );
    const site = readFileSync(join(root, 'docs/.vitepress/config.ts'), 'utf8');
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    expect(guides.length).toBeGreaterThan(15);
    expect(guides.filter((path) => !new RegExp(`'/?${path.slice(5, -3)}'`).test(site))).toEqual([]);
    expect(guides.filter((path) => !readme.includes(`(${path}`))).toEqual([]);
  });

  it('have JSON and YAML that parse', () => {
    const wrong = [
      ...blocksOf('json').map((block) => ({ ...block, parse: (text: string): unknown => JSON.parse(text) })),
      ...blocksOf('yaml').map((block) => ({ ...block, parse: (text: string): unknown => parseYaml(text) })),
    ].flatMap(({ path, text, parse }) => {
      try {
        parse(text);
        return [];
      } catch (cause) {
        return [`${path}: ${cause}\n${text}`];
      }
    });
    expect(blocksOf('json', 'yaml').length).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
  });

  it('have Python that compiles', async () => {
    const sources = blocksOf('python');
    expect(sources.length).toBeGreaterThan(3);
    const program = 'import json, sys\nfor path, text in json.loads(sys.argv[1]): compile(text, path, "exec")';
    const given = JSON.stringify(sources.map(({ path, text }) => [path, text]));
    await runToSuccess(toolPath('python'), ['-c', program, given]);
  });

  it('have shell lines that a shell takes', async () => {
    const lines = blocksOf('sh');
    expect(lines.length).toBeGreaterThan(30);
    for (const { path, text } of lines) {
      const { code, stderr } = await runProcess('sh', ['-n', '-c', text]);
      expect([path, code, stderr]).toEqual([path, 0, '']);
    }
  });

  it('name scripts of npm that exist', () => {
    const used = blocksOf('sh', 'bash').flatMap(({ path, text }) =>
      [...text.matchAll(/\bnpm run (?:-s )?([a-z\d-]+)/g)].map((match) => ({ path, name: match[1] ?? '' })),
    );
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter(({ name }) => !(name in scripts))).toEqual([]);
  });

  it('name commands and options of the store that its help knows', async () => {
    const store = 'store/bin/rolloscope-store.js';
    const help = (...args: string[]) => runToSuccess(process.execPath, [store, ...args], { cwd: root });
    const known = new Map<string, string>();
    const unknown: string[] = [];
    // A command goes on after a backslash, and ends with the line, or where another begins.
    const calls = blocksOf('sh').flatMap(({ path, text }) =>
      text
        .replaceAll(/\\\n/g, ' ')
        .split(/\n|&&|\||\$\(/)
        .flatMap((line) => {
          const [, command = '', rest = ''] =
            /\brolloscope-store ([a-z-]+)((?: [^#]*)?)/.exec(line.replace(/^docker .*/, '')) ?? [];
          return command === '' ? [] : [{ path, command, rest }];
        }),
    );
    expect(calls.length).toBeGreaterThan(25);
    for (const { path, command, rest } of calls) {
      const text = known.get(command) ?? (await help(command, '--help'));
      known.set(command, text);
      const options = rest.match(/(?<= )--[a-z-]+/g) ?? [];
      unknown.push(
        ...options
          .filter((option) => option !== '--help' && !text.includes(option))
          .map((one) => `${path}: ${command} ${one}`),
      );
    }
    expect(unknown).toEqual([]);
  });
});

describe('the pages of trainers', () => {
  const pages = readdirSync(join(root, 'docs/trainers')).sort();

  it('are all in the list of docs/logging.md and in the site’s', () => {
    const logging = readFileSync(join(root, 'docs/logging.md'), 'utf8');
    const site = readFileSync(join(root, 'docs/.vitepress/config.ts'), 'utf8');
    const listed = new Set([...logging.matchAll(/\(trainers\/([\w-]+\.md)\)/g)].map((match) => match[1]));
    expect([...listed].sort()).toEqual(pages);
    const shown = [...(/const TRAINERS = \{([^}]*)\}/.exec(site)?.[1] ?? '').matchAll(/^ {2}'?([\w-]+)'?:/gm)];
    expect(shown.map((match) => `${match[1]}.md`).sort()).toEqual(pages);
  });

  it.each(pages.filter((page) => page !== 'others.md'))('%s has lines to change, and what is seen', (page) => {
    const text = readFileSync(join(root, 'docs/trainers', page), 'utf8');
    expect(text).toContain('## What you see');
    expect(text).toMatch(/```(sh|yaml|python)\n/);
  });
});
