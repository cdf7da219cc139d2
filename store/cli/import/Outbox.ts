import { createHash } from 'node:crypto';
import type { FileKind } from '../../formats/Format';
import type { Cursor } from './Cursor';
import type { Journal } from './Journal';
import type { RecordBatch } from './RecordBatch';
import type { Sender } from './Sender';

/** Sends what is read, batch by batch, so that the store takes each once whatever becomes of this process. */
export class Outbox {
  /** The batch that is collected to be sent next. */
  batch: RecordBatch;
  private sending: Promise<void> = Promise.resolve();

  constructor(
    private readonly journal: Journal,
    private readonly sender: Sender,
    private readonly newBatch: () => RecordBatch,
    private readonly onSent: () => void,
  ) {
    this.batch = newBatch();
  }

  /** Notes how far a file is taken with what was collected; null: it goes by another name now. */
  reached(file: string, cursor: Cursor | null): void {
    this.batch.intent.to[file] = cursor;
  }

  /** Resolves when all that was flushed is in the store. */
  async settled(): Promise<void> {
    await this.sending;
  }

  /** Sends the batch that was under way, as it was read then. */
  async resume(): Promise<void> {
    const kept = this.journal.kept();
    if (kept) {
      await this.sender.send(this.sender.prepare(kept));
      this.journal.done();
    }
  }

  /** False for a record that was taken before, of a kind that repeats its history. */
  isNew(kind: FileKind, source: Buffer | string): boolean {
    if (!kind.once) {
      return true;
    }
    const digest = createHash('sha1').update(source).digest('base64url').slice(0, 16);
    const { seen } = this.batch.intent;
    const isNew = !this.journal.seen.has(digest) && !seen.includes(digest);
    if (isNew) {
      seen.push(digest);
    }
    return isNew;
  }

  /** Sends what was collected, once what was sent before is in the store: one batch under way while the next is read. */
  async flush(): Promise<void> {
    const { batch, journal } = this;
    if (Object.keys(batch.intent.to).length === 0) {
      return;
    }
    this.batch = this.newBatch();
    const kept = { id: batch.takeId(), units: batch.units, hints: this.sender.hints };
    const prepared = this.sender.prepare(kept);
    if (kept.units.length > 0) {
      await journal.batches.keep(kept);
      batch.intent.batch = kept.id;
    }
    await this.sending;
    journal.intend(batch.intent);
    this.sending = this.sender.send(prepared).then(() => {
      journal.done();
      if (batch.units.length > 0) {
        this.onSent();
      }
    });
    // Whoever waits for it hears of a failure; until then it is nobody's.
    this.sending.catch(() => undefined);
  }
}
