import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toolPath } from '../.config/testTools';
import { type Server, startStore } from './browser/harness';
import { runToSuccess } from './processes/startProcess';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map((match) => match[1] ?? '');

describe('README', () => {
  let store: Server;
  beforeAll(async () => {
    store = await startStore();
  });
  afterAll(() => store.stop());

  it('names only scripts that exist', () => {
    const used = [...readme.matchAll(/npm (?:run )?([a-z]+)/g)].map((match) => match[1] ?? '');
    const own = used.filter((name) => !['ci', 'install', 'start', 'test'].includes(name));
    expect(used.length).toBeGreaterThan(3);
    expect([...own, 'start', 'test'].filter((name) => !(name in scripts))).toEqual([]);
  });

  it('begins with its two ways to start, which are those of the files that a release has', () => {
    const [clone, release] = blocks('sh');
    expect(clone?.split('\n').map((line) => line.replace(/ *#.*/, ''))).toEqual(['npm ci', 'npm start', '']);
    // tests/release installs, serves and unzips just these.
    expect(release).toMatch(/^npm install --global \.\/rolloscope-store-VERSION\.tgz\nrolloscope-store serve\nunzip /);
    expect(readme.indexOf('docs/img/')).toBeLessThan(readme.indexOf('```sh'));
  });

  it('links to files and pictures that exist', () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('shows the Python example as it is, in five lines and an import', async () => {
    const [python] = blocks('python');
    expect(python).toBe(readFileSync(join(root, 'examples', 'log.py'), 'utf8'));
    expect(python?.trim().split('\n').length).toBeLessThanOrEqual(7);
  });

  it('has commands of the store that its help knows', async () => {
    const options =
      blocks('sh')
        .join('\n')
        .replace(/^npm .*$/gm, '')
        .match(/--[a-z-]+/g) ?? [];
    const helps = await Promise.all(
      ['serve', 'import'].map((name) =>
        runToSuccess(process.execPath, ['store/bin/rolloscope-store.js', name, '--help'], { cwd: root }),
      ),
    );
    const known = helps.join('\n');
    expect(options.filter((option) => !known.includes(option))).toEqual([]);
  });

  it('logs a run from a shell with curl alone', async () => {
    toolPath('curl');
    await runToSuccess('sh', [join(root, 'examples', 'log.sh'), store.url]);
    const answer = await fetch(`${store.url}/api/v1/runs/from-curl`);
    expect(await answer.json()).toMatchObject({ state: 'finished', summary: { 'critic/rewards/mean': 0.5 } });
  });
});
