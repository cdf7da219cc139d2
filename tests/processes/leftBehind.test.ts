import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type Started, startProcess } from './startProcess';

const root = fileURLToPath(new URL('../..', import.meta.url));
const config = fileURLToPath(new URL('fixtures/vitest.config.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rolloscope-left-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A runner of its own, on one fixture that starts a store and daemons and does not end them. */
function runFixture(name: string): { runner: Started; pids(): number[] } {
  const file = join(folder, `${name}.pids`);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const runner = startProcess(process.execPath, [vitest, 'run', '--config', config, `${name}.fixture.ts`], {
    cwd: root,
    env: { ...process.env, FIXTURE_PIDS: file },
  });
  const pids = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : []);
  return { runner, pids };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
// Only Linux tells of a program that left its process group where it came from.
const expected = process.platform === 'linux' ? 3 : 1;
const started = (pids: number[]) => pids.slice(0, expected);

describe('what a test started', { timeout: 120_000 }, () => {
  it('is named when the test forgot it, and the run fails', async () => {
    const { runner, pids } = runFixture('forgets');
    expect(await runner.ended).toBe(1);
    expect(runner.output()).toMatch(/Left running by this file, and ended now:\n.*store\/dist\/cli\.js serve/);
    expect(pids()).toHaveLength(3);
    await expect.poll(() => started(pids()).filter(isRunning)).toEqual([]);
  });

  it.each(['hookFails', 'dies'])('ends with it: %s', async (name) => {
    const { runner, pids } = runFixture(name);
    expect(await runner.ended).toBe(1);
    expect(pids()).toHaveLength(3);
    await expect.poll(() => started(pids()).filter(isRunning)).toEqual([]);
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('ends when the runner gets a %s', async (signal) => {
    const { runner, pids } = runFixture('hangs');
    await expect.poll(() => pids().length).toBe(3);
    expect(pids().filter(isRunning)).toEqual(pids());
    runner.process.kill(signal);
    await runner.ended;
    await expect.poll(() => started(pids()).filter(isRunning)).toEqual([]);
    rmSync(join(folder, 'hangs.pids'));
  });
});
