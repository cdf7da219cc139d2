import { type Started, startProcess } from '../processes/startProcess';

export type Script = Pick<Started, 'process' | 'output' | 'ended'>;

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
  return startProcess(python, args, { cwd: folder, env: { PATH: process.env.PATH, HOME: folder, ...env } });
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
