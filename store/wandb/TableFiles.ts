import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes of one table's file. W&B's own limit of 200,000 rows lies beyond; a table so large is better logged in parts. */
export const TABLE_BYTES = 128 * 1024 * 1024;
/** A file whose history line never came is forgotten after a day. */
const FORGET_MS = 25 * 60 * 60_000;

/** Files of tables between their arrival and the history line that says what they are; on disk, so that nothing is lost. */
export class TableFiles {
  private constructor(private readonly folder: string) {}

  static async open(folder: string, now = Date.now()): Promise<TableFiles> {
    for (const name of await readdir(folder).catch(() => [])) {
      const file = join(folder, name);
      const { mtimeMs } = await stat(file);
      if (name.endsWith('.part') || now - mtimeMs > FORGET_MS) {
        await rm(file);
      }
    }
    return new TableFiles(folder);
  }

  #file(run: string, path: string): string {
    const name = createHash('sha256')
      .update(JSON.stringify([run, path]))
      .digest('hex');
    return join(this.folder, name);
  }

  /** Keeps what comes; durable when it resolves. False, and nothing kept, when it is larger than a table may be. */
  async receive(run: string, path: string, chunks: AsyncIterable<unknown>): Promise<boolean> {
    await mkdir(this.folder, { recursive: true });
    const part = join(this.folder, `${randomUUID()}.part`);
    const handle = await open(part, 'w');
    let size = 0;
    try {
      for await (const chunk of chunks) {
        size += (chunk as Buffer).length;
        if (size <= TABLE_BYTES) {
          await handle.writeFile(chunk as Buffer);
        }
      }
      await handle.sync();
    } catch (cause) {
      size = Number.POSITIVE_INFINITY;
      throw cause;
    } finally {
      await handle.close();
      await (size > TABLE_BYTES ? rm(part) : rename(part, this.#file(run, path)));
    }
    return size <= TABLE_BYTES;
  }

  /** Undefined where it has not come. */
  async read(run: string, path: string): Promise<Buffer | undefined> {
    return readFile(this.#file(run, path)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') {
        return undefined;
      }
      throw cause;
    });
  }

  async remove(run: string, path: string): Promise<void> {
    await rm(this.#file(run, path), { force: true });
  }
}
