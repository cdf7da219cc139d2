import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Question = { path: string } | { path: string; from: number } | { more: true };
type Answer = { print: string } | { texts: string[]; isOver: boolean } | { fault: string; code?: string };

/** Milliseconds for one answer: some rows, before which a group of them may have to be decoded. */
const PATIENCE_MS = 120_000;
/** Milliseconds after which a process that has nothing to do ends. */
const IDLE_MS = 10_000;

/** A parquet file that is open. */
export interface ParquetFile {
  /** Tells the whole file from others. */
  print: string;
  /** Rows after the first `from`, each as JSON. Throws what is wrong with the file. */
  rows(from: number): AsyncGenerator<string>;
}

/**
 * Reads parquet files, one at a time, in a process that begins when it is needed: what a file is made to take of memory or
 * time, the import goes on. See `parquetProcess.mjs`.
 */
export class ParquetProcess {
  private child: ChildProcess | undefined;
  private idle: NodeJS.Timeout | undefined;

  /** Throws when the file is not a whole one. */
  async open(path: string): Promise<ParquetFile> {
    const answer = await this.ask({ path });
    return { print: 'print' in answer ? answer.print : '', rows: (from) => this.rows(path, from) };
  }

  private async *rows(path: string, from: number): AsyncGenerator<string> {
    for (let question: Question = { path, from }; ; question = { more: true }) {
      const answer = await this.ask(question);
      if (!('texts' in answer)) {
        return;
      }
      yield* answer.texts;
      if (answer.isOver) {
        return;
      }
    }
  }

  close(): void {
    clearTimeout(this.idle);
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async ask(question: Question): Promise<Exclude<Answer, { fault: string }>> {
    clearTimeout(this.idle);
    this.child ??= fork(fileURLToPath(new URL('./parquetProcess.mjs', import.meta.url)), {
      // What is said when a heap is full is for nobody.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      env: {},
    });
    const { child } = this;
    child.ref();
    child.channel?.ref();
    const settled = new AbortController();
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error('It takes longer than two minutes to read on in it.')),
          PATIENCE_MS,
        );
        settled.signal.addEventListener('abort', () => clearTimeout(late));
        for (const [event, take] of [
          ['message', resolve],
          ['error', reject],
          [
            'exit',
            () => reject(new Error('It takes more memory than an import may: a gigabyte for one group of rows.')),
          ],
        ] as const) {
          child.once(event, take as (answer: unknown) => void);
          settled.signal.addEventListener('abort', () => child.off(event, take as (answer: unknown) => void));
        }
        child.send(question);
      });
      if ('fault' in answer) {
        throw Object.assign(new Error(answer.fault), answer.code !== undefined && { code: answer.code });
      }
      child.unref();
      child.channel?.unref();
      this.idle = setTimeout(() => this.close(), IDLE_MS).unref();
      return answer;
    } catch (error) {
      // The process may be in any state: the next call begins another one.
      this.close();
      throw error;
    } finally {
      settled.abort();
    }
  }
}
