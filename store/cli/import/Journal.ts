import { createHash } from 'node:crypto';
import {
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
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Cursor } from './Cursor';
import { type KeptBatch, KeptBatches } from './KeptBatches';
import { LockedError, takeLock } from './takeLock';

/** A batch's intent: where each of its files is afterwards. Null: the file goes by another name now. */
export interface Intent {
  to: Record<string, Cursor | null>;
  seen: string[];
  /** The batch's id, where something is to be sent. */
  batch?: string;
}

type Entry = { intent: Intent } | { run: string; createdAt: number };

const COMPACT_BYTES = 4 * 1024 * 1024;

/** Returns the folder of journals for when nobody names another. */
export function stateFolder(): string {
  return join(process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'rolloscope', 'import');
}

/**
 * A record of how far a source was imported into a store, in a file of its own. Before a batch is sent it is written
 * down, whole, in a file beside it, which is removed when the store has it: after a crash the very same batch is sent
 * again under the same id, which the store takes once, whatever became of the files that it was read from.
 */
export class Journal {
  readonly cursors = new Map<string, Cursor>();
  readonly seen = new Set<string>();
  /** Epoch milliseconds at which the runs that were logged to were created, by id: another time means another run. */
  readonly runs = new Map<string, number>();
  readonly batches: KeptBatches;
  private pending: Intent | undefined;
  private file: number | undefined;
  private size = 0;

  private constructor(
    private readonly path: string,
    private readonly lock: string,
  ) {
    this.batches = new KeptBatches(path);
  }

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

  /** The batch that was under way when a process was killed, if one was. Throws when it cannot be read. */
  kept(): KeptBatch | undefined {
    const id = this.pending?.batch;
    return id === undefined ? undefined : this.batches.read(id);
  }

  /** Writes an intent down. It is durable when this returns; its batch was written down before. */
  intend(intent: Intent): void {
    this.pending = intent;
    if (intent.batch !== undefined) {
      this.batches.makeDurable();
    }
    this.append({ intent }, true);
  }

  /** Notes that what was intended is in the store. */
  done(): void {
    if (this.pending?.batch !== undefined) {
      this.batches.remove(this.pending.batch);
    }
    this.settle();
    if (this.size > COMPACT_BYTES) {
      this.compact();
    }
  }

  rememberRun(run: string, createdAt: number): void {
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
    this.batches.removeOthers(undefined);
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
    if (id === undefined || !this.batches.has(id)) {
      this.settle();
    }
    this.batches.removeOthers(this.pending?.batch);
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
