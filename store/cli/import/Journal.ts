import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { RewardHints } from '../../formats/rewardFunctions';
import type { Unit } from './Sender';

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
  /** The batch's id, where something is to be sent. */
  batch?: string;
}

/** What was read of the files, to be sent as it is. */
export interface KeptBatch {
  id: string;
  units: readonly Unit[];
  hints: RewardHints;
}

type Entry = { intent: Intent } | { run: string; createdAt: number };

const COMPACT_BYTES = 4 * 1024 * 1024;

/** Where journals are when nobody says otherwise. */
export function stateFolder(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'rolloscope', 'import');
}

/**
 * How far a source was imported into a store, in a file of its own. Before a batch is sent it is written down, whole, in
 * a file beside it, which is removed when the store has it: after a crash the very same batch is sent again under the
 * same id, which the store takes once, whatever became of the files that it was read from.
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

  /** Writes a batch down that is intended next. Durable when it resolves. */
  async keep(batch: KeptBatch): Promise<void> {
    const file = await open(this.batchPath(batch.id), 'w', 0o600);
    try {
      await file.writeFile(serialize(batch));
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  /** The batch that was under way when a process was killed, if one was. Throws when it cannot be read. */
  kept(): KeptBatch | undefined {
    const id = this.pending?.batch;
    return id === undefined ? undefined : (deserialize(readFileSync(this.batchPath(id))) as KeptBatch);
  }

  /** Durable when it returns; its batch was written down before. */
  intend(intent: Intent): void {
    this.pending = intent;
    if (intent.batch !== undefined) {
      syncFolder(dirname(this.path));
    }
    this.append({ intent }, true);
  }

  /** What was intended is in the store. */
  done(): void {
    if (this.pending?.batch !== undefined) {
      rmSync(this.batchPath(this.pending.batch), { force: true });
    }
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
    this.clearBatches();
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
        // Each is written once the one before is done.
        this.settle();
        this.pending = entry.intent;
      } else {
        this.runs.set(entry.run, entry.createdAt);
      }
    }
    const id = this.pending?.batch;
    if (id === undefined || !existsSync(this.batchPath(id))) {
      this.settle();
    }
    this.clearBatches();
  }

  private batchPath(id: string): string {
    return `${this.path}.${id}.batch`;
  }

  /** Removes batches that were written down and never intended. */
  private clearBatches(): void {
    const folder = dirname(this.path);
    const pending = this.pending?.batch === undefined ? undefined : basename(this.batchPath(this.pending.batch));
    for (const name of readdirSync(folder)) {
      if (name.startsWith(`${basename(this.path)}.`) && name.endsWith('.batch') && name !== pending) {
        rmSync(join(folder, name), { force: true });
      }
    }
  }

  /** Writes what is known as one intent, beside the old file, and puts it in its place. */
  private compact(): void {
    if (this.file !== undefined) {
      closeSync(this.file);
      this.file = undefined;
    }
    const intent: Intent = { to: Object.fromEntries(this.cursors), seen: [...this.seen] };
    const entries: Entry[] = [
      ...[...this.runs].map(([run, createdAt]) => ({ run, createdAt })),
      { intent },
      ...(this.pending ? [{ intent: this.pending }] : []),
    ];
    writeFileSync(`${this.path}.new`, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
    this.size = 0;
  }
}

class LockedError extends Error {}

/** A file that was made in it is there after a crash of the machine, too. Not every system can do this of a folder. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') {
    return;
  }
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

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
