import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Script {
  process: ChildProcess;
  /** Everything it wrote, to stdout and stderr. */
  output(): string;
  /** Resolves with the exit code; null when it was killed. */
  ended: Promise<number | null>;
}

export interface ScriptOptions {
  python: string;
  /** What Python is given: a script and its arguments, or `-m` and a module. */
  args: string[];
  /** Where it runs, and what it takes for its home. */
  folder: string;
  env: Record<string, string>;
}

/** Starts Python as a trainer would run: with the variables given, and nothing else of this process. */
export function startScript({ python, args, folder, env }: ScriptOptions): Script {
  const child = spawn(python, args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const orphaned = () => child.kill('SIGKILL');
  process.once('exit', orphaned);
  const ended = once(child, 'close').then(([code]) => {
    process.off('exit', orphaned);
    return code as number | null;
  });
  return { process: child, output: () => output, ended };
}

/** Its output, once it has ended; throws with that when it failed. */
export async function outputOf(script: Script, name: string): Promise<string> {
  const code = await script.ended;
  if (code !== 0) {
    throw new Error(`${name} ended with ${code}:\n${script.output()}`);
  }
  return script.output();
}

/** Resolves when a script has written a text; throws after a minute. */
export async function untilSays(script: Script, text: string): Promise<void> {
  for (let waited = 0; !script.output().includes(text); waited += 20) {
    if (waited > 60_000) {
      throw new Error(`It never wrote ${text}:\n${script.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
