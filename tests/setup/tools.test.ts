import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { installTools } from '../../.config/installTools';
import { neededTools, sourcesOf } from '../../.config/neededTools';
import { TOOL_NAMES } from '../../.config/testTools';
import { CLIENTS } from '../clients/installClients';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-tools-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PARTS = ['contract', 'store', 'preview', 'examples', 'src', 'tests'];

async function sourcesIn(...folders: string[]): Promise<string[]> {
  const found = await Promise.all(
    folders.map(async (one) =>
      (await readdir(join(root, one), { recursive: true })).map((file) => join(root, one, file)),
    ),
  );
  return found.flat().filter((file) => /^(?!.*node_modules).*\.tsx?$/.test(file));
}
const testsIn = async (...folders: string[]) =>
  (await sourcesIn(...folders)).filter((file) => /\.test\.tsx?$/.test(file));

const needed = async (...files: string[]) =>
  neededTools(
    root,
    await sourcesOf(
      root,
      files.map((file) => join(root, file)),
    ),
  );

describe('the tools that tests need', () => {
  it('are read from what a test imports', async () => {
    expect(await needed('tests/browser/seedPicture.test.ts')).toEqual(['chromium']);
    expect(await needed('tests/wandb/newest.test.ts')).toEqual(['python']);
    expect(await needed('tests/alerting/rules.test.ts')).toEqual(['promtool']);
    expect(await needed('store/json/jsonPieces.test.ts')).toEqual([]);
  });

  it('are each needed by some test', async () => {
    const all = await testsIn(...PARTS);
    expect(await neededTools(root, await sourcesOf(root, all))).toEqual(TOOL_NAMES);
  });
});

/** Programs of every machine that has a clone and Node. */
const OF_ALL = ['bash', 'diff', 'git', 'mkfifo', 'mount', 'npm', 'npx', 'sh', 'tar', 'umount'];
/** Taken where a machine has one; `tests/release/checkers.ts` brings its own where it has none. */
const IF_THERE = ['helm'];

it('tests start no program that is not looked for first, and install nothing by themselves', async () => {
  const own = fileURLToPath(import.meta.url);
  const files = [...(await testsIn(...PARTS)), ...(await sourcesIn('tests'))].filter((file) => file !== own);
  const texts = files.map((file) => [relative(root, file), readFileSync(file, 'utf8')] as const);
  const started = texts.flatMap(([, text]) =>
    [...text.matchAll(/\b(?:spawnSync|execFileSync|startProgram|\w+Process|runToSuccess)\(\s*'([\w./-]+)'/g)].map(
      ([, program]) => program ?? '',
    ),
  );
  expect(new Set(started).size).toBeGreaterThan(4);
  expect(started.filter((program) => ![...OF_ALL, ...IF_THERE].includes(program))).toEqual([]);
  expect(texts.filter(([, text]) => /'python3'|env\.PYTHON\b/.test(text)).map(([file]) => file)).toEqual([]);
  const installers = texts
    .filter(([, text]) => /=> *\n? *installPackage\(|(?<!function )installFromNpm\(/.test(text))
    .map(([file]) => file);
  expect(installers.toSorted()).toEqual([...CLIENTS.keys()].toSorted());
});

describe('npm test', () => {
  const npmTest = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', '.config/test.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: folder, HOME: folder },
    });

  it('says in one line what to install where it cannot, and stops before anything else', () => {
    const { status, stdout, stderr } = npmTest('tests/alerting', 'tests/trackio');
    expect(status).toBe(1);
    expect(stdout).toBe('== tools\n');
    expect(stderr).toMatch(/^The tests need .*Python 3\.10 or newer.*Prometheus, promtool, Alertmanager.*\n$/);
    expect(stderr).toMatch(/: apt-get install .*python3 python3-venv prometheus prometheus-alertmanager\n$/);
  });

  it('names a folder that is not there', () => {
    const { status, stdout, stderr } = npmTest('sotre');
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toBe('There is no sotre. Name a folder or a test file: npm test -- store\n');
  });
});

describe('installing', () => {
  const log = join(folder, 'log');
  /** A program of the machine, as a script for the shell. */
  const program = (name: string, script: string) => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  const aptGet = (install: string) =>
    program('apt-get', `echo "$DEBIAN_FRONTEND $*" >> ${log}\ncase "$*" in *install*) ${install};; esac`);
  beforeEach(() => {
    vi.stubEnv('PATH', folder);
    vi.stubEnv('CI', 'true');
    writeFileSync(log, '');
    program('sudo', 'shift; exec "$@"');
    program('env', 'export "$1"; shift; exec "$@"');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(join(folder, 'curl'), { force: true });
  });

  it('asks apt-get for the packages that are missing, and nobody for consent', () => {
    aptGet(`echo '#!/bin/sh' > ${folder}/curl; /bin/chmod +x ${folder}/curl`);
    expect(installTools(['curl'])).toBeUndefined();
    const calls = readFileSync(log, 'utf8').split('\n').slice(1, 3);
    expect(calls).toEqual(['noninteractive -qq update', 'noninteractive -qq install -y curl']);
  });

  it('does nothing when nothing is missing', () => {
    symlinkSync('/bin/true', join(folder, 'curl'));
    expect(installTools(['curl'])).toBeUndefined();
    expect(readFileSync(log, 'utf8')).toBe('');
  });

  it('tells why it could not', () => {
    aptGet('echo "E: no such package" >&2; exit 100');
    expect(installTools(['curl'])).toMatch(
      /^The tests need curl\..*; apt-get install failed here: E: no such package$/,
    );
  });

  it('tells what to install when apt-get is content and the tool is missing still', () => {
    aptGet('true');
    expect(installTools(['curl'])).toBe('The tests need curl. Debian and Ubuntu: apt-get install curl');
  });
});
