import { AdapterSession } from '../adapters/AdapterSession';
import type { RunRecord } from '../engine/Engine';
import { STATE, type WandbRunState } from './WandbRunState';

/** Milliseconds that a client collects changes of a run's config before it sends them: 5 s, and some for the way. */
const SETTLE_MS = 6_000;

/** Artifacts whose tables may wait for their history lines. */
const MOST_ARTIFACTS = 1_000;
const folderOf = (file: string) => file.slice(0, file.lastIndexOf('/'));

/** A W&B run while its clients log: and what of it need not outlive the process. */
export class WandbSession extends AdapterSession<WandbRunState> {
  /** Hashes of recent console lines, by number: they tell one that was overwritten from one that came twice. */
  readonly consoleLines = new Map<number, number>();
  /** Console lines beyond those that are kept as they come; the last ones. */
  consoleTail: Array<{ number: number; text: string }> = [];
  /**
   * Milliseconds of the steady clock when its end was told; undefined where it goes on, or where that was told to an
   * earlier process.
   */
  endedAt: number | undefined;
  /** Artifacts of tables of which all files are there, or were not kept; the newest. */
  private readonly artifacts = new Set<string>();
  private settling: { done: Promise<void>; end(): void } | undefined;

  constructor(record: RunRecord, stored: ReadonlyMap<string, string>) {
    super(record, STATE, stored);
  }

  override get bytes(): number {
    const tail = this.consoleTail.reduce((sum, { text }) => sum + 2 * text.length + 100, 0);
    return super.bytes + 100 * this.consoleLines.size + 400 * this.artifacts.size + tail;
  }

  /** Notes that all files have come of the artifact that a file is of. */
  endArtifact(file: string): void {
    for (const one of this.artifacts) {
      if (this.artifacts.size < MOST_ARTIFACTS) {
        break;
      }
      this.artifacts.delete(one);
    }
    this.artifacts.add(folderOf(file));
  }

  hasArtifact(file: string): boolean {
    return this.artifacts.has(folderOf(file));
  }

  /** Notes that a client began; it tells its step metrics in a second call, some seconds later. */
  begin(): void {
    this.settle();
    let end = () => {};
    const done = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, SETTLE_MS);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.settling = { done, end };
  }

  /** Notes that the second call came. */
  settle(): void {
    this.settling?.end();
    this.settling = undefined;
  }

  /** Resolves when step metrics are known, or would have been told by now. */
  async settled(): Promise<void> {
    await this.settling?.done;
  }
}
