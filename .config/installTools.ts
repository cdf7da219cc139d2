import { spawnSync } from 'node:child_process';
import { missingTools, packagesOf, type ToolName, whatToInstall } from './testTools';

const APT_GET = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq'];
const succeeds = (program: string, ...args: string[]) => spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** apt-get, where it may be run without asking anybody: as root, or on a CI machine whose sudo wants no password. */
function aptGet(): string[] | undefined {
  if (!succeeds('apt-get', '--version')) {
    return undefined;
  }
  if (process.getuid?.() === 0) {
    return APT_GET;
  }
  return process.env.CI && succeeds('sudo', '-n', 'true') ? ['sudo', '-n', ...APT_GET] : undefined;
}

/** Installs the tools that are missing, where it can. Returns the one line to stop with when some are missing still. */
export function installTools(needed: readonly ToolName[]): string | undefined {
  const missing = missingTools(needed);
  if (missing.length === 0) {
    return undefined;
  }
  const [program, ...before] = aptGet() ?? [];
  if (program === undefined) {
    return whatToInstall(missing);
  }
  const packages = packagesOf(missing);
  console.log(`  installing ${packages.join(', ')}`);
  for (const args of [['update'], ['install', '-y', ...packages]]) {
    const { status, stderr } = spawnSync(program, [...before, ...args], { encoding: 'utf8' });
    if (status !== 0) {
      return `${whatToInstall(missing)}; apt-get ${args[0]} failed here: ${stderr.trim().split('\n').at(-1)}`;
    }
  }
  const still = missingTools(missing);
  return still.length > 0 ? whatToInstall(still) : undefined;
}
