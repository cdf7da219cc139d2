import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/**
 * The programs that tests need besides Node and its packages: the one list. Tests ask `toolPath` for each they start, which
 * is also how `npm test` knows what the files that it is to run will want (`neededTools`), and looks for it first.
 */
export interface Tool {
  /** The name that people read, such as `Chromium (or CHROMIUM_PATH)`. */
  name: string;
  /** Debian's packages of it. */
  packages: string[];
  /** The program, or undefined where this machine has none that will do. */
  find(): string | undefined;
}

const CHROMIUM_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** A check that a Python can run the clients of W&B, MLflow and trackio; Debian keeps ensurepip apart from it. */
const PYTHON_CHECK = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';

const runs = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;
const firstThatRuns = (...programs: string[]) => programs.find((program) => runs(program, '--version'));

const DEBIAN_POSTGRES = '/usr/lib/postgresql';
/** Lists whole paths, since its other programs are beside it. Debian has no link to it where programs are sought. */
const postgresPrograms = () =>
  [
    ...(process.env.PATH ?? '').split(delimiter),
    ...(existsSync(DEBIAN_POSTGRES) ? readdirSync(DEBIAN_POSTGRES) : []).map((one) => `${DEBIAN_POSTGRES}/${one}/bin`),
  ]
    .map((folder) => join(folder, 'postgres'))
    .filter((program) => existsSync(program));
const postgresVersion = (program: string) =>
  Number(/ (\d+)/.exec(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1] ?? 0);

export const TOOLS = {
  chromium: {
    name: 'Chromium (or CHROMIUM_PATH)',
    packages: ['chromium'],
    find() {
      // It is loaded when it is needed, since not every test that wants a tool wants a browser.
      const { chromium } = createRequire(import.meta.url)('playwright-core') as typeof import('playwright-core');
      return [process.env.CHROMIUM_PATH, ...CHROMIUM_PLACES, chromium.executablePath()].find(
        (path) => path !== undefined && path !== '' && existsSync(path),
      );
    },
  },
  python: {
    name: 'Python 3.10 or newer with venv (or PYTHON)',
    packages: ['python3', 'python3-venv'],
    find: () => [process.env.PYTHON || 'python3'].find((python) => runs(python, '-c', PYTHON_CHECK)),
  },
  prometheus: { name: 'Prometheus', packages: ['prometheus'], find: () => firstThatRuns('prometheus') },
  promtool: { name: 'promtool', packages: ['prometheus'], find: () => firstThatRuns('promtool') },
  alertmanager: {
    name: 'Alertmanager',
    packages: ['prometheus-alertmanager'],
    find: () => firstThatRuns('prometheus-alertmanager', 'alertmanager'),
  },
  postgres: {
    name: 'PostgreSQL 14 or newer',
    packages: ['postgresql'],
    find: () => postgresPrograms().find((program) => postgresVersion(program) >= 14),
  },
  curl: { name: 'curl', packages: ['curl'], find: () => firstThatRuns('curl') },
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;
export const TOOL_NAMES = Object.keys(TOOLS) as ToolName[];

export const missingTools = (names: readonly ToolName[]) => names.filter((name) => TOOLS[name].find() === undefined);

/** Debian's packages of some tools, each once. */
export const packagesOf = (names: readonly ToolName[]) => [...new Set(names.flatMap((name) => TOOLS[name].packages))];

/** One line that says what to install. */
export function whatToInstall(missing: readonly ToolName[]): string {
  const names = missing.map((name) => TOOLS[name].name).join(', ');
  return `The tests need ${names}. Debian and Ubuntu: apt-get install ${packagesOf(missing).join(' ')}`;
}

/** The program that a test starts; throws with what to install where there is none. */
export function toolPath(name: ToolName): string {
  const path = TOOLS[name].find();
  if (path === undefined) {
    throw new Error(whatToInstall([name]));
  }
  return path;
}
