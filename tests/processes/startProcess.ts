import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { MARK, markOf } from './marked.mjs';

/*
 * The one way in which tests start programs that run beside them. The runner ends its test processes by a signal, after
 * which no handler runs, so no test process can be trusted to end what it started. Therefore each has a keeper, a small
 * process that waits for its end and ends what is left; it knows the programs by their process groups and, on Linux, by a
 * mark in their environment, which whatever they start inherits. `endAll` makes a test fail that leaves something behind.
 */
export const ownMark = markOf(process.ppid, process.pid);

export interface Started {
  process: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** All that it wrote, as it came. */
  output(): string;
  /** Resolves when it has ended and all that it wrote is there: its exit code, or null when a signal ended it. */
  ended: Promise<number | null>;
  /** SIGTERM, and waits. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits. */
  kill(): Promise<void>;
}

export interface StartOptions {
  cwd?: string;
  /** The whole environment; this process's when left out. */
  env?: NodeJS.ProcessEnv;
  /** `pipe` for a program that ends when its standard input closes; by default it has none. */
  stdin?: 'pipe';
  /** Whose it is, where that is not this process's user. */
  uid?: number;
  gid?: number;
}

const running = new Map<number, Started & { command: string }>();
let keeper: Writable | undefined;

type WithOutput = ChildProcessByStdio<Writable | null, Readable, Readable>;

/** What was started here and has not ended. */
export const stillRunning = () => [...running.values()];

/** Starts a program, in a process group of its own. */
export function startProcess(program: string, args: readonly string[], options: StartOptions = {}): Started {
  const groups = callKeeper();
  const env = { ...(options.env ?? process.env), [MARK]: ownMark };
  const { stdin = 'ignore', ...rest } = options;
  const child = spawn(program, args, { ...rest, env, detached: true, stdio: [stdin, 'pipe', 'pipe'] }) as WithOutput;
  let [stdout, stderr, output] = ['', '', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    output += text;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const started: Started = {
    process: child,
    stdout: () => stdout,
    stderr: () => stderr,
    output: () => output,
    ended,
    async stop() {
      child.kill('SIGTERM');
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  const { pid } = child;
  if (pid !== undefined) {
    running.set(pid, { ...started, command: [program, ...args].join(' ') });
    groups.write(`+${pid}\n`);
    child.once('exit', () => {
      running.delete(pid);
      groups.write(`-${pid}\n`);
    });
  }
  return started;
}

/** Sees to it that a keeper waits for the end of this process; what has its mark ends then. */
export function callKeeper(): Writable {
  if (keeper === undefined) {
    const script = fileURLToPath(new URL('keeper.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, ownMark], {
      detached: true,
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Neither holds this process back when it has nothing more to do.
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    keeper = child.stdin;
  }
  return keeper;
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. */
export async function runProcess(program: string, args: readonly string[], options?: StartOptions): Promise<Ended> {
  const started = startProcess(program, args, options);
  const code = await started.ended;
  return { code, stdout: started.stdout(), stderr: started.stderr() };
}

/** Runs a program that is to succeed; gives what it wrote to stdout, and throws with all that it wrote when it fails. */
export async function runToSuccess(program: string, args: readonly string[], options?: StartOptions): Promise<string> {
  const started = startProcess(program, args, options);
  const code = await started.ended;
  if (code !== 0) {
    throw new Error(`${program} ${args[0] ?? ''} ended with ${code}:\n${started.output()}`);
  }
  return started.stdout();
}
