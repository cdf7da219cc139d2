import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

/** How far a file was taken. */
export interface Cursor {
  /** Label of the file's kind. */
  kind: string;
  /** Device and inode. */
  id: string;
  /** Counts how often the file began anew. */
  generation: number;
  /** Bytes of a text, records of a document. */
  offset: number;
  /** Records. */
  number: number;
  /** Lines; as many as records where it is left out. */
  line?: number;
  /** Bytes of the file itself, where the text in it is packed or transcoded. */
  raw?: number;
  /** Something stands behind the offset that was no whole record. */
  hasRest?: true;
  /** What stands behind the offset is broken, and nothing more is read of the file. */
  isLast?: true;
  /** Of what stands before the offset, or of the whole document. */
  print: string;
  size: number;
  modified: number;
  /** What its format has to know of the records before the offset. */
  before?: string;
  /** The folder of its run, where that is not the one that was given. */
  folder?: string;
}

/** What a batch takes: where each of its files is afterwards. Null: the file goes by another name now. */
export interface Intent {
  to: Record<string, Cursor | null>;
  seen: string[];
}

type Entry = { intent: Intent } | { done: true } | { run: string; createdAt: number };

const COMPACT_BYTES = 4 * 1024 * 1024;

/** Where journals are when nobody says otherwise. */
export function stateFolder(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'rolloscope', 'import');
}

/**
 * How far a source was imported into a store, in a file of its own. What a batch takes is written down before it is
 * sent: after a crash the very same batch is sent again under the same id, which the store takes once.
 */
export class Journal {
  readonly cursors = new Map<string, Cursor>();
  readonly seen = new Set<string>();
  /** When the runs that were logged to were created: another time means another run. */
  readonly runs = new Map<string, number>();
  pending: Intent | undefined;
  private file: number | undefined;
  private size = 0;

  private constructor(
    private readonly path: string,
    private readonly lock: string,
  ) {}

  /** `key` tells this source and store from all others. Throws when another import of it is under way. */
  static open(folder: string, name: string, key: readonly string[]): Journal {
    const digest = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 16);
    const path = join(folder, `${name.replace(/[^\w.-]+/g, '_').slice(0, 60)}-${digest}.jsonl`);
    try {
      mkdirSync(folder, { recursive: true });
      const journal = new Journal(path, takeLock(`${path}.lock`));
      journal.load();
      journal.compact();
      return journal;
    } catch (cause) {
      if (cause instanceof LockedError) {
        throw cause;
      }
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `How far the import is cannot be kept in ${folder}: ${reason}. Give another folder with --state.`,
      );
    }
  }

  get isFresh(): boolean {
    return this.runs.size === 0 && this.cursors.size === 0;
  }

  /** Durable when it returns. */
  intend(intent: Intent): void {
    this.pending = intent;
    this.append({ intent }, true);
  }

  /** What was intended is in the store. */
  done(): void {
    this.append({ done: true }, false);
    this.settle();
    if (this.size > COMPACT_BYTES) {
      this.compact();
    }
  }

  noteRun(run: string, createdAt: number): void {
    if (this.runs.get(run) !== createdAt) {
      this.runs.set(run, createdAt);
      this.append({ run, createdAt }, false);
    }
  }

  /** Begins from nothing. */
  reset(): void {
    this.cursors.clear();
    this.seen.clear();
    this.runs.clear();
    this.pending = undefined;
    this.compact();
  }

  close(): void {
    if (this.file !== undefined) {
      closeSync(this.file);
    }
    this.file = undefined;
    rmSync(this.lock, { force: true });
  }

  private settle(): void {
    for (const [path, cursor] of Object.entries(this.pending?.to ?? {})) {
      if (cursor) {
        this.cursors.set(path, cursor);
      } else {
        this.cursors.delete(path);
      }
    }
    for (const digest of this.pending?.seen ?? []) {
      this.seen.add(digest);
    }
    this.pending = undefined;
  }

  private append(entry: Entry, isDurable: boolean): void {
    this.file ??= openSync(this.path, 'a', 0o600);
    this.size += writeSync(this.file, `${JSON.stringify(entry)}\n`);
    if (isDurable) {
      fdatasyncSync(this.file);
    }
  }

  private load(): void {
    if (!existsSync(this.path)) {
      return;
    }
    for (const line of readFileSync(this.path, 'utf8').split('\n')) {
      let entry: Entry;
      try {
        entry = JSON.parse(line) as Entry;
      } catch {
        // The last line of a process that was killed while it wrote: what it announces was not sent.
        continue;
      }
      if ('intent' in entry) {
        this.pending = entry.intent;
      } else if ('done' in entry) {
        this.settle();
      } else {
        this.runs.set(entry.run, entry.createdAt);
      }
    }
  }

  /** Writes what is known as one intent that is done, beside the old file, and puts it in its place. */
  private compact(): void {
    if (this.file !== undefined) {
      closeSync(this.file);
      this.file = undefined;
    }
    const intent: Intent = { to: Object.fromEntries(this.cursors), seen: [...this.seen] };
    const entries: Entry[] = [
      ...[...this.runs].map(([run, createdAt]) => ({ run, createdAt })),
      { intent },
      { done: true },
      ...(this.pending ? [{ intent: this.pending }] : []),
    ];
    writeFileSync(`${this.path}.new`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
    this.size = 0;
  }
}

class LockedError extends Error {}

/** Takes over a lock whose process is no more; throws for one that is. */
function takeLock(path: string): string {
  const own = `${hostname()} ${process.pid}`;
  for (let tried = 0; tried < 2; tried++) {
    try {
      appendFileSync(path, own, { flag: 'ax', mode: 0o600 });
      return path;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw cause;
      }
    }
    const [host, pid] = readFileSync(path, 'utf8').split(' ');
    if (host !== hostname()) {
      throw new LockedError(
        `An import of this folder is under way on ${host}, or was killed there: then remove ${path}.`,
      );
    }
    if (Number(pid) !== process.pid && isAlive(Number(pid))) {
      throw new LockedError(`An import of this folder is under way already (process ${pid}).`);
    }
    rmSync(path, { force: true });
  }
  throw new LockedError(`An import of this folder is under way already (${path}).`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
