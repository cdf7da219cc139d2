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

/**
 * Sends lines in batches of one run each. A batch's id comes from its lines and their numbers, so that importing the
 * same file again adds nothing.
 */
export class ImportBatches {
  taken = 0;
  readonly runs = new Set<string>();
  #waiting: ImportLine[] = [];
  #bytes = 0;

  constructor(
    private readonly client: StoreClient,
    private readonly refuse: (line: number, reason: string) => void,
  ) {}

  async add(line: ImportLine): Promise<void> {
    const [first] = this.#waiting;
    const isFull = this.#waiting.length >= BATCH_ENTRIES || this.#bytes + line.bytes > BATCH_BYTES;
    if (first && (isFull || first.run !== line.run || first.project !== line.project)) {
      await this.flush();
    }
    this.#waiting.push(line);
    this.#bytes += line.bytes;
  }

  async flush(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    const [first] = lines;
    if (!first) {
      return;
    }
    if (!this.runs.has(first.run)) {
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
