import { createHash, type Hash } from 'node:crypto';
import type { FileKind, Item, PlainOptions, TakeContext } from '../../formats/Format';
import type { Intent } from './Journal';
import type { Unit } from './KeptBatches';
import type { ReadRecord } from './ReadRecord';
import type { Summary } from './Summary';
import type { SeenFile } from './scanFolder';

/** A batch ends at so many bytes or records. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_RECORDS = 2_000;

/** The run and project of a source's records that do not say theirs. */
export interface Owner {
  run: string;
  project: string;
  plain: PlainOptions;
  /** Set for a run that is one of several below what was given. */
  folder?: { name?: string };
}

/** Records that are sent together, and where their files are afterwards. Its id comes from them and their places alone. */
export class RecordBatch {
  readonly units: Unit[] = [];
  readonly intent: Intent = { to: {}, seen: [] };
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;
  private records = 0;

  constructor(
    private readonly owner: Owner,
    private readonly summary: Summary,
  ) {}

  get isFull(): boolean {
    return this.bytes >= MAX_BYTES || this.records >= MAX_RECORDS;
  }

  /** Returns the id. It may be asked for once, when nothing more comes. */
  takeId(): string {
    return `import-${this.hash.digest('hex').slice(0, 40)}`;
  }

  /** `place` tells the record from those of the same file before it began anew. */
  add(
    origin: string,
    place: string,
    record: ReadRecord,
    kind: FileKind,
    context: Pick<TakeContext, 'place' | 'head' | 'added' | 'before'>,
    time?: number,
    owner = this.owner,
  ) {
    this.records++;
    this.bytes += record.bytes;
    this.hash.update(`${place}\0`).update(record.source);
    if (record.remark !== undefined) {
      this.summary.remark(origin, record.remark);
    }
    if (!record.value) {
      if (record.fault !== undefined) {
        this.summary.refuse(origin, record.fault);
      }
      return;
    }
    try {
      const leave = (name: string) => this.summary.leave(name);
      const remark = (text: string) => this.summary.remark(origin, text);
      const order = record.number - (kind.reads === 'csv' ? 1 : 0);
      const items = kind.take(record.value, { ...context, options: owner.plain, order, leave, remark });
      const bytes = Math.ceil(record.bytes / Math.max(1, items.length));
      for (const item of items) {
        this.addItem(item, origin, bytes, time, owner);
      }
    } catch (cause) {
      this.summary.refuse(origin, cause instanceof Error ? cause.message : String(cause));
    }
  }

  private addItem(item: Item, origin: string, bytes: number, time: number | undefined, owner: Owner): void {
    const { run, project, folder } = owner;
    const whose = { run, project, ...(folder && { folder }) };
    const when = time === undefined ? {} : { time };
    if (item.kind === 'entry') {
      this.units.push({ ...whose, run: item.run ?? run, project: item.project ?? project, origin, bytes, item });
    } else if (item.kind === 'rows') {
      // One row a unit, so that a row at fault is refused alone, and a line of a thousand rows fits.
      const each = Math.ceil(bytes / Math.max(1, item.rows.length));
      for (const row of item.rows) {
        this.units.push({ ...whose, origin, bytes: each, item: { ...when, ...item, rows: [row] } });
      }
    } else {
      this.units.push({ ...whose, origin, bytes, item: item.kind === 'metrics' ? { ...when, ...item } : item });
    }
  }
}

/** Returns a key that tells a record of a file from all others, for a batch's id. */
export const recordKey = (file: SeenFile, generation: number, { number }: ReadRecord) =>
  `${file.below}\0${generation}\0${number}`;
