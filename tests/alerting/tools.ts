import { spawn, spawnSync } from 'node:child_process';
import { toolPath } from '../../.config/testTools';
import { freePort } from '../processes/freePort';

/** Runs promtool and gives what it says, and whether it was content. */
export function promtool(args: string[], input?: string): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(toolPath('promtool'), args, {
    encoding: 'utf8',
    ...(input && { input }),
  });
  return { ok: status === 0, output: stdout + stderr };
}

export interface Running {
  url: string;
  output(): string;
  stop(): Promise<void>;
}

/** Starts a program that listens on a free port, and waits until it is ready. */
export async function startProgram(program: string, args: (port: number) => string[]): Promise<Running> {
  const port = await freePort();
  const child = spawn(program, args(port), { stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-20_000);
    });
  }
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const giveUp = Date.now() + 30_000;
  while (!(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok) {
    if (child.exitCode !== null || Date.now() > giveUp) {
      child.kill('SIGKILL');
      throw new Error(`${program} did not come up:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    output: () => output,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
