import { createHash } from 'node:crypto';
import { LIMITS, type LogEntry } from '@rolloscope/contract';
import { Refused, type StoreClient } from './StoreClient';

export interface ImportLine {
  run: string;
  project: string;
  number: number;
  bytes: number;
  entry: LogEntry;
  /** Of the line's bytes. */
  digest: string;
}

/** Entries and bytes of one log call: few enough that a slow link shows progress. */
const BATCH_ENTRIES = 1_000;
const BATCH_BYTES = LIMITS.bodyBytes / 8;
/** Bytes that wait over all runs, when a file has the lines of many mixed. */
const WAITING_BYTES = LIMITS.bodyBytes;

interface Batch {
  lines: ImportLine[];
  bytes: number;
}

/**
 * Sends lines in batches of one run each. Where a batch ends, and its id, come from the lines and their numbers alone,
 * so that importing the same file again adds nothing.
 */
export class ImportBatches {
  taken = 0;
  readonly runs = new Set<string>();
  readonly #waiting = new Map<string, Batch>();
  #bytes = 0;

  constructor(
    private readonly client: StoreClient,
    private readonly refuse: (line: number, reason: string) => void,
  ) {}

  async add(line: ImportLine): Promise<void> {
    const key = JSON.stringify([line.run, line.project]);
    const waiting = this.#waiting.get(key);
    if (waiting && (waiting.lines.length >= BATCH_ENTRIES || waiting.bytes + line.bytes > BATCH_BYTES)) {
      await this.#sendBatch(key, waiting);
    }
    if (this.#bytes + line.bytes > WAITING_BYTES) {
      await this.flush();
    }
    const batch = this.#waiting.get(key) ?? { lines: [], bytes: 0 };
    this.#waiting.set(key, batch);
    batch.lines.push(line);
    batch.bytes += line.bytes;
    this.#bytes += line.bytes;
  }

  /** Sends everything that waits. */
  async flush(): Promise<void> {
    for (const [key, batch] of [...this.#waiting]) {
      await this.#sendBatch(key, batch);
    }
  }

  async #sendBatch(key: string, { lines, bytes }: Batch): Promise<void> {
    this.#waiting.delete(key);
    this.#bytes -= bytes;
    const [first] = lines;
    if (first && !this.runs.has(first.run)) {
      await this.client.send('PUT', `/runs/${encodeURIComponent(first.run)}`, { project: first.project });
      this.runs.add(first.run);
    }
    await this.#send(lines);
  }

  /** A batch that is refused is halved until the lines at fault stand alone. */
  async #send(lines: ImportLine[]): Promise<void> {
    const [first] = lines;
    if (!first) {
      return;
    }
    const hash = createHash('sha256');
    for (const { number, digest } of lines) {
      hash.update(`${number}:${digest}\n`);
    }
    const body = { batchId: `import-${hash.digest('hex').slice(0, 40)}`, entries: lines.map(({ entry }) => entry) };
    try {
      await this.client.send('POST', `/runs/${encodeURIComponent(first.run)}/log`, body);
      this.taken += lines.length;
    } catch (cause) {
      if (!(cause instanceof Refused) || (cause.status !== 400 && cause.status !== 413)) {
        throw cause;
      }
      if (lines.length === 1) {
        this.refuse(first.number, cause.message.replace(/^entries\[0\]\.?\s*/, ''));
        return;
      }
      const middle = Math.ceil(lines.length / 2);
      await this.#send(lines.slice(0, middle));
      await this.#send(lines.slice(middle));
    }
  }
}
