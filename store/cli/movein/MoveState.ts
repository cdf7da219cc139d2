import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A record of how far each run of one source came into one store: a small file for each, in a folder of the user. It is
 * written before what it promises is sent again, and after what it says was taken.
 */
export class MoveState<State> {
  private readonly folder: string;

  constructor(folder: string, source: string, store: string) {
    this.folder = join(folder, `moved-${hash(`${source}\n${store}`)}`);
  }

  read(run: string): State | undefined {
    try {
      return JSON.parse(readFileSync(this.file(run), 'utf8')) as State;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT' || cause instanceof SyntaxError) {
        return undefined;
      }
      throw cause;
    }
  }

  write(run: string, state: State): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const file = this.file(run);
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
  }

  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private file(run: string): string {
    return join(this.folder, `${hash(run)}.json`);
  }
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24);
