import { spawn, spawnSync } from 'node:child_process';
import { freePort } from '../browser/harness';

const PACKAGES = { prometheus: 'prometheus', promtool: 'prometheus', alertmanager: 'prometheus-alertmanager' } as const;

/** The path of a program of Prometheus'; Debian calls the Alertmanager by its package's name. */
export function program(name: keyof typeof PACKAGES): string {
  const names = name === 'alertmanager' ? ['prometheus-alertmanager', 'alertmanager'] : [name];
  const found = names.find((one) => spawnSync(one, ['--version']).status === 0);
  if (!found) {
    throw new Error(`The tests of alerting need ${name}: apt-get install ${PACKAGES[name]}, or put it on the PATH.`);
  }
  return found;
}

/** Runs promtool and gives what it says, and whether it was content. */
export function promtool(args: string[], input?: string): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(program('promtool'), args, {
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
export async function startProgram(
  name: 'prometheus' | 'alertmanager',
  args: (port: number) => string[],
): Promise<Running> {
  const port = await freePort();
  const child = spawn(program(name), args(port), { stdio: 'pipe' });
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
      throw new Error(`${name} did not come up:\n${output}`);
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
