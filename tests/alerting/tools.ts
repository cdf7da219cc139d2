import { spawnSync } from 'node:child_process';
import { toolPath } from '../../.config/testTools';
import { freePort } from '../processes/freePort';
import { startProcess } from '../processes/startProcess';

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

/** Starts a program that listens on a port, a free one where none is given, and waits until it is ready. */
export async function startProgram(
  program: string,
  args: (port: number) => string[],
  chosen?: number,
): Promise<Running> {
  const port = chosen ?? (await freePort());
  const started = startProcess(program, args(port));
  const url = `http://127.0.0.1:${port}`;
  const giveUp = Date.now() + 30_000;
  while (!(await fetch(`${url}/-/ready`).catch(() => undefined))?.ok) {
    if (started.process.exitCode !== null || Date.now() > giveUp) {
      await started.kill();
      throw new Error(`${program} did not come up:\n${started.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    output: started.output,
    async stop() {
      await started.stop();
    },
  };
}
